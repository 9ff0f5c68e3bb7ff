/** Polls, with a deadline against what hangs: what is waited for may take long on a busy machine. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds = 15_000): Promise<void> {
  const deadline = Date.now() + milliseconds
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it never happened')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
