import { expect, test } from 'vitest'
import { parseEnvLines } from './env-lines.ts'

test.each([
  ['a byte order mark', '\uFEFFA=1\nB=2', { A: '1', B: '2' }],
  ['the line ends of Windows', 'A=1\r\nB=\r\nC=3\r\n', { A: '1', B: '', C: '3' }],
  ['export', 'export A=1\nexport  B = 2\n', { A: '1', B: '2' }],
  ['spaces around', '  A = 1  \n\tB=2\t', { A: '1', B: '2' }],
  ['quotes', 'A="x y"\nB=\'# no comment\'\nC=`"` # why', { A: 'x y', B: '# no comment', C: '"' }],
  ['comments', '# A=0\nA=1 # said why\nB=#\nC=a#b', { A: '1', B: '', C: 'a#b' }],
  ['the later of two lines', 'A=1\nA=2', { A: '2' }],
  ['= in a value', 'A=postgres://u:p@h/d?sslmode=require', { A: 'postgres://u:p@h/d?sslmode=require' }],
])('%s: read as meant', (_what, text, values) => {
  expect(parseEnvLines(text)).toEqual({ values, faults: [] })
})

test.each([
  ['no assignment', 'just words\nA=1', 'line 1 is not NAME=value'],
  ['YAML', 'A=1\nSECRET: canary', 'line 2 is not NAME=value'],
  ['a name with a dash', 'A=1\n\nMY-NAME=canary', 'line 3 is not NAME=value'],
  ['quotes left open', 'B="canary\nA=1', 'line 1 sets B to a value whose quotes do not end'],
  ['text after the quotes', 'A=1\nB="canary"y', 'line 2 sets B'],
])('%s: the line is named, not its value, and no other line is lost', (_what, text, fault) => {
  const read = parseEnvLines(text)

  expect(read.faults).toEqual([expect.stringContaining(fault)])
  expect(read.faults.join()).not.toContain('canary')
  expect(read.values.A).toBe('1')
})

test('UTF-16 is named, not read as rubbish', () => {
  expect(parseEnvLines(Buffer.from('A=1\n', 'utf16le').toString('utf8')).faults).toEqual([
    'is not UTF-8 text: save it as UTF-8',
  ])
})
