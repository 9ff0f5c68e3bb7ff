import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { brandOf } from '../../env-brand.ts'
import { KINDS, type MailKind } from '../kinds.ts'
import { LANGUAGES } from '../language.ts'
import { readOwnTemplates } from './own.ts'
import { parseTemplate, placeholdersIn } from './parse.ts'
import { allowedIn, requiredIn } from './placeholders.ts'
import { createRender } from './render.ts'
import { GERMAN } from './texts-de.ts'
import { ENGLISH } from './texts-en.ts'

const { value: brand } = brandOf(undefined)
if (!brand) throw new Error('the brand cannot be read')
const render = createRender({ brand, own: {} })

const VALUES = {
  brand: 'Acme',
  email: 'ada@example.com',
  newEmail: 'new@example.com',
  link: 'https://app.acme.org/page#token=a&email=b',
  validity: '1 hour',
  code: '012345',
  codeValidity: '10 minutes',
  when: 'today',
  title: 'Something was changed',
  change: 'Something of your account was changed.',
  device: 'Firefox on Linux',
  ipAddress: '203.0.113.7',
  devices: 'https://app.acme.org/account#devices',
  activity: 'https://app.acme.org/account#activity',
  signIn: 'https://app.acme.org/sign-in',
  forgotPassword: 'https://app.acme.org/forgot-password',
  support: 'mailto:help@acme.org',
}

const all = Object.keys(KINDS).flatMap((kind) => LANGUAGES.map((language) => [kind as MailKind, language] as const))

describe.each(all)('the mail %s in %s', (kind, language) => {
  const written = { en: ENGLISH, de: GERMAN }[language][kind]

  test('has a subject, and uses placeholders that it has', () => {
    expect(parseTemplate(written)).toBeDefined()
    expect(placeholdersIn(written).filter((name) => !allowedIn(kind).includes(name))).toEqual([])
    expect(placeholdersIn(written)).toEqual(expect.arrayContaining([...requiredIn(kind)]))
  })

  test('says the same as text and as HTML, and loads nothing', () => {
    const { subject, text, html } = render(kind, language, VALUES)
    expect(text).not.toMatch(/\{\{|undefined|\]\(/)
    expect(html).not.toMatch(/\{\{|undefined|<img|<link|<script|@import|url\(/)
    expect(html).toContain(`<html lang="${language}">`)
    expect(html).toContain(subject)
    if (requiredIn(kind).includes('link')) expect(text).toContain(VALUES.link)
    if (requiredIn(kind).includes('code'))
      expect([text, html]).toEqual([text, html].map(() => expect.stringContaining(VALUES.code)))
  })

  test('shows nothing that its reader did not choose', () => {
    expect(placeholdersIn(written)).not.toContain('name')
  })
})

test('a paragraph whose placeholder has no value is left out', () => {
  expect(render('email-changed', 'en', { ...VALUES, support: '' }).text).not.toMatch(/contact us/)
  expect(render('email-changed', 'en', VALUES).text).toMatch(/contact us right away: mailto:help@acme.org/)
})

test.each(LANGUAGES)(
  'a mail to sign in with says nothing of a link or a code that it does not have, in %s',
  (language) => {
    const onlyLink = render('sign-in', language, { ...VALUES, code: '', codeValidity: '' })
    const onlyCode = render('sign-in', language, { ...VALUES, link: '', validity: '' })
    expect(onlyLink.text + onlyLink.html).not.toMatch(/code|012345/i)
    expect(onlyCode.text).not.toMatch(/link/i)
    expect(onlyCode.html).not.toMatch(/class="button"|token/)
    expect(onlyCode.html).toMatch(/font-size:32px[^>]*>012345</)
  },
)

test('values are escaped in HTML, and a subject has one line', () => {
  const own = {
    'reset-password.en': {
      template: { subject: 'Hello {{brand}}', blocks: [{ kind: 'paragraph', text: '{{email}}' }] },
    },
  } as const
  const values = { ...VALUES, brand: 'A\r\nBcc: x@evil.example\u2028', email: '<b onclick="x">&\'' }
  const { subject, html } = createRender({ brand, own })('reset-password', 'en', values)
  expect(subject).toBe('Hello A Bcc: x@evil.example')
  expect(html).not.toContain('<b ')
  expect(html).toContain('&#60;b onclick=&#34;x&#34;&#62;&#38;&#39;')
})

describe('own templates', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  function folderWith(files: Record<string, string>): string {
    const folder = mkdtempSync(join(tmpdir(), 'mails-'))
    folders.push(folder)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    return folder
  }

  const GOOD = 'Subject: New password for {{brand}}\n\nHere:\n\n[Go on] {{link}}\n\nBye\nfor now'

  test('take the place of one text, and leave the other languages', () => {
    const { value: own, errors } = readOwnTemplates(folderWith({ 'reset-password.en.txt': GOOD }))
    expect(errors).toEqual([])
    const mine = createRender({ brand, own })('reset-password', 'en', VALUES)
    expect(mine).toMatchObject({ subject: 'New password for Acme' })
    expect(mine.text).toBe(`Here:\n\nGo on:\n${VALUES.link}\n\nBye for now\n`)
    expect(mine.html).toContain('New password for Acme')
    expect(createRender({ brand, own })('reset-password', 'de', VALUES).subject).toBe('Wählen Sie ein neues Passwort')
  })

  test('may be a whole document of HTML, with values escaped', () => {
    const html = '<!doctype html><title>{{subject}}</title><a href="{{link}}">go</a>{{brand}}'
    const { value: own, errors } = readOwnTemplates(folderWith({ 'reset-password.en.html': html }))
    expect(errors).toEqual([])
    const values = { ...VALUES, brand: '<Acme>' }
    expect(createRender({ brand, own })('reset-password', 'en', values).html).toBe(
      '<!doctype html><title>Choose a new password</title>' +
        '<a href="https://app.acme.org/page#token=a&#38;email=b">go</a>&#60;Acme&#62;',
    )
  })

  test.each([
    ['reset-pasword.en.txt', GOOD, /is no template/],
    ['reset-password.fr.txt', GOOD, /is no template/],
    ['reset-password.en.md', GOOD, /is no template/],
    ['reset-password.en.txt', GOOD.replace('Subject: ', ''), /must begin with a line "Subject: …"/],
    [
      'reset-password.en.txt',
      GOOD.replace('{{link}}', '{{url}}'),
      /the placeholder \{\{url\}\}.*\n.*lacks \{\{link\}\}/,
    ],
    ['reset-password.en.txt', `${GOOD}\n\n{{newEmail}}`, /the placeholder \{\{newEmail\}\}/],
    ['reset-password.en.html', '<p>no link</p>', /lacks \{\{link\}\}/],
    ['sign-in.en.txt', GOOD, /lacks \{\{code\}\}/],
  ])('%s is refused where it could not work', (name, content, expected) => {
    const { errors } = readOwnTemplates(folderWith({ [name]: content }))
    expect(errors.map((error) => `${name}: ${error}`).join('\n')).toMatch(expected)
    for (const error of errors) expect(error).toContain(name)
  })
})
