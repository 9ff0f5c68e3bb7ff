import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSite } from './files.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const read = () => readSite(folder, (built) => built)

test('a folder without index.html is no build of the pages', () => {
  expect(read).toThrow('PAGES_FOLDER has no index.html')
})

test('a folder that is not there says so', () => {
  expect(() => readSite(join(folder, 'none'), (built) => built)).toThrow('PAGES_FOLDER cannot be read (ENOENT)')
})

test('a folder that is far too large is not read into memory', () => {
  writeFileSync(join(folder, 'index.html'), '')
  writeFileSync(join(folder, 'film.mp4'), '')
  truncateSync(join(folder, 'film.mp4'), 2 ** 40)

  expect(read).toThrow('PAGES_FOLDER is too large')
})

test('a folder with very many files is not read', () => {
  writeFileSync(join(folder, 'index.html'), '')
  for (let number = 0; number < 1001; number++) writeFileSync(join(folder, `${number}.txt`), '')

  expect(read).toThrow('PAGES_FOLDER is too large')
})
