import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createTerminal } from './terminal.ts'

function printed(isColoured: boolean, act: (terminal: ReturnType<typeof createTerminal>) => void): string {
  const stream = new PassThrough({ encoding: 'utf8' })
  act(createTerminal(stream, isColoured))
  return String(stream.read() ?? '')
}

test('a title stands once, above what happens below it', () => {
  const text = printed(false, ({ under }) => {
    const progress = under('Starting')
    progress.note('a note')
    progress.done('backend', 'started', 1234)
  })

  expect(text).toBe('\nStarting\n  a note\n  ✓ backend      started     1.2 s\n')
})

test('a title without anything below it is not printed', () => {
  expect(printed(false, ({ under }) => void under('Starting'))).toBe('')
})

test('a long note is wrapped between its words, at 80 columns', () => {
  const text = printed(false, ({ progress }) => progress.note(`${'word '.repeat(40)}${'x'.repeat(90)} end`))
  const lines = text.trimEnd().split('\n')

  expect(lines.filter((line) => !line.includes('x')).every((line) => line.length <= 80)).toBe(true)
  expect(lines).toContain(`  ${'x'.repeat(90)}`)
  expect(lines.map((line) => line.trim()).join(' ')).toBe(`${'word '.repeat(40)}${'x'.repeat(90)} end`)
})

test('there is no colour where none is wanted', () => {
  const act = ({ under, paint, say }: ReturnType<typeof createTerminal>) => {
    under('Starting').done('backend', 'started', 1)
    say(paint.red('red'))
  }

  expect(printed(false, act)).not.toContain('\u001b')
  expect(printed(true, act)).toContain('\u001b[1mStarting\u001b[22m')
})
