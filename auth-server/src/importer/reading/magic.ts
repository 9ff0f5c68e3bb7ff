/** What people hand over instead of text, by its first bytes, and what to do about it. */
const MAGICS: [bytes: readonly number[] | string, what: string][] = [
  ['PGDMP', 'is a dump in the custom format of pg_dump. Convert it: pg_restore --no-owner -f dump.sql FILE'],
  ['toc.dat\0', 'is a dump in the tar format of pg_dump. Convert it: pg_restore --no-owner -f dump.sql FILE'],
  ['SQLite format 3\0', 'is a SQLite database. Dump it: sqlite3 FILE .dump > dump.sql'],
  ['PK\x03\x04', 'is a zip archive or a spreadsheet. Unpack it, or save the sheet as CSV'],
  ['BZh', 'is packed by bzip2. Unpack it first: bunzip2 FILE'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'is packed by xz. Unpack it first: unxz FILE'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'is packed by zstd. Unpack it first: unzstd FILE'],
  [
    [0xff, 0xfe],
    'is UTF-16, which > of PowerShell writes, and spreadsheets as “Unicode text”. Let the program write the file (pg_dump -f dump.sql), or save it as “CSV UTF-8”',
  ],
  [[0xfe, 0xff], 'is UTF-16. Save it as UTF-8'],
]

/** Why these bytes begin no text that can be read. undefined: nothing speaks against it. */
export function whatElse(bytes: Buffer): string | undefined {
  return MAGICS.find(([magic]) => beginsWith(bytes, magic))?.[1]
}

const GZIP = [0x1f, 0x8b]

export const isGzip = (bytes: Buffer): boolean => beginsWith(bytes, GZIP)

function beginsWith(bytes: Buffer, magic: readonly number[] | string): boolean {
  const wanted = typeof magic === 'string' ? Buffer.from(magic, 'latin1') : Buffer.from(magic)
  return bytes.subarray(0, wanted.length).equals(wanted)
}
