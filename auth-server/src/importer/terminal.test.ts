import { expect, test } from 'vitest'
import { startProgress } from './progress.ts'
import { createTerminal } from './terminal.ts'

function recorded(isTTY: boolean, hasColors = isTTY) {
  const parts: string[] = []
  const write = (part: string | Uint8Array) => parts.push(String(part)) > 0
  const terminal = createTerminal({ write, isTTY, hasColors: () => hasColors }, { isTTY })
  return { terminal, text: () => parts.join('') }
}

test('only a terminal gets colours, and only one that has them', () => {
  for (const [isTTY, hasColors] of [
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    expect(recorded(isTTY, hasColors).terminal.paint.red('x')).toBe('x')
  }
  expect(recorded(true).terminal.paint.red('x')).toBe('\u001b[31mx\u001b[39m')
})

test('only a terminal is asked', () => {
  expect([recorded(true).terminal.isInteractive, recorded(false).terminal.isInteractive]).toEqual([true, false])
})

test('a pipe gets no progress that replaces itself', () => {
  const { terminal, text } = recorded(false)
  const report = startProgress(terminal, 'Reading')
  for (let done = 1; done <= 1000; done++) report(done, done / 1000)
  terminal.say('end')

  expect(text()).toBe('end\n')
})

test('a line of progress fits into 80 columns', async () => {
  const { terminal, text } = recorded(true, false)
  const report = startProgress(terminal, 'Checking')
  const deadline = Date.now() + 2000
  while (text() === '' && Date.now() < deadline) {
    report(999_999, 0.0015)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }

  expect(text().replace('\r\u001b[2K', '')).toMatch(/^ {2}Checking {2}░{16} +0 % {2}999,999 {2}\S+ rows\/s {2}.+ left$/)
  expect(text().replace('\r\u001b[2K', '').length).toBeLessThanOrEqual(80)
})
