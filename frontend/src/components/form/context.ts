import { createContext, use } from 'react'
import type { Issue } from './error-details.ts'

/** What is wrong in the form around a field. */
export const FormContext = createContext<Issue[]>([])

export function useIssue(field: string): Issue | undefined {
  return use(FormContext).find((issue) => issue.field === field)
}
