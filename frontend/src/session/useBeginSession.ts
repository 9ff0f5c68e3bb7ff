import { NoCookie } from '../components/form/failure.ts'
import { useServices } from '../services.ts'

/** Signs in by the given act, and makes sure that the browser has kept the cookie: some block it without a word. */
export function useBeginSession() {
  const { session } = useServices()
  return async (act: Promise<unknown>): Promise<void> => {
    await act
    const found = await session.begin()
    if (found.kind === 'nobody' || found.kind === 'ended') throw new NoCookie()
  }
}
