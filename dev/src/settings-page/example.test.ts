import { expect, test } from 'vitest'
import { parseExample } from './example.ts'

const text = `# About the file.

# ---- Limits. Of every service. ------
# About the group.

# How many.
MAX=1
MIN=
# How long,
# in seconds.
TIMEOUT=5

# ---- Names from elsewhere ------
# REDIS_URL: not used.
`

test('a setting has the comment above it, or above its neighbour; what has an empty line below is about the group', () => {
  expect(parseExample(text)).toEqual([
    {
      title: 'Limits',
      introduction: ['Of every service.', 'About the group.'],
      settings: [
        { name: 'MAX', value: '1', meaning: 'How many.' },
        { name: 'MIN', value: '', meaning: 'How many.' },
        { name: 'TIMEOUT', value: '5', meaning: 'How long, in seconds.' },
      ],
    },
    { title: 'Names from elsewhere', introduction: ['REDIS_URL: not used.'], settings: [] },
  ])
})

test('a setting without a comment is refused', () => {
  expect(() => parseExample('# ---- Limits ----\n# How many.\nA=1\n\nB=2\n')).toThrow('what B means')
})
