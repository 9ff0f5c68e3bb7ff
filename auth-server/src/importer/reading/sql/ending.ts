/** What the programs write at the beginning and at the end of a dump. A file that has only the first was cut off. */
const PAIRS: [begin: RegExp, end: RegExp, what: string][] = [
  [/^\\restrict /, /^\\unrestrict /, 'before its \\unrestrict line'],
  [/^-- PostgreSQL database dump$/, /^-- PostgreSQL database dump complete$/, 'before its last line'],
  [/^-- (?:MySQL|MariaDB) dump /, /^-- Dump completed/, 'before its last line'],
  [/^\/\*!40111 SET @OLD_SQL_NOTES=/, /^\/\*!40111 SET SQL_NOTES=@OLD_SQL_NOTES/, 'before its last lines'],
  [/^LOCK TABLES /, /^UNLOCK TABLES/, 'before UNLOCK TABLES'],
  [/^BEGIN TRANSACTION;$/, /^COMMIT;$/, 'before COMMIT'],
]
const FIRST = /^(?:\\(?:un)?restrict |-- |\/\*!40111|LOCK|UNLOCK|BEGIN|COMMIT)/

/** Follows the lines of a dump, and says after the last one what is missing. */
export function createEnding() {
  const begun = new Set<string>()
  return {
    see(line: string): void {
      if (line.length > 200 || !FIRST.test(line)) return
      for (const [begin, end, what] of PAIRS) {
        if (begin.test(line)) begun.add(what)
        else if (end.test(line)) begun.delete(what)
      }
    },
    missing: (): string | undefined => [...begun][0],
  }
}
