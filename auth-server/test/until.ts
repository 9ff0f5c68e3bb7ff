/** Polls, with a deadline. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds = 8000): Promise<void> {
  const deadline = Date.now() + milliseconds
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it never happened')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
