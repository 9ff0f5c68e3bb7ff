import { InvalidForm } from '../src/components/form/error-details.ts'

export function formOf(fields: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

/** What an InvalidForm says, by field; empty if nothing is wrong. */
export async function issuesOf(read: () => unknown): Promise<(readonly [string | null, string])[]> {
  try {
    await read()
    return []
  } catch (error) {
    if (!(error instanceof InvalidForm)) throw error
    return error.issues.map(({ field, text }) => [field, text.en])
  }
}
