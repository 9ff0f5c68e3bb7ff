import { Component, type ReactNode } from 'react'
import { Broken } from './Broken.tsx'

interface State {
  hasFailed: boolean
}

/** Shows that the page has failed, where React would leave it blank. Only a class can be a boundary. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { hasFailed: false }

  static getDerivedStateFromError(): State {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <Broken /> : this.props.children
  }
}
