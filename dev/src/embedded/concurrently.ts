/**
 * Lets the tasks run side by side and returns when all have ended. The first that fails aborts the signal that the
 * others were given, and its error is the one that is thrown.
 */
export async function concurrently(
  outer: AbortSignal,
  begin: (signal: AbortSignal) => Promise<unknown>[],
): Promise<void> {
  const controller = new AbortController()
  const signal = AbortSignal.any([outer, controller.signal])
  const failures: unknown[] = []
  const tasks = begin(signal).map((task) =>
    task.catch((error: unknown) => {
      failures.push(error)
      controller.abort(error)
    }),
  )
  await Promise.all(tasks)
  outer.throwIfAborted()
  if (failures.length > 0) throw failures[0]
}
