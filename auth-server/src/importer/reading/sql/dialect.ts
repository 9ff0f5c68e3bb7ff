import type { Dialect } from './tokens.ts'

/** What only a dump of PostgreSQL has, or of SQLite without its first lines. Quotes around a name are in no dump of MySQL either, but for its mode ANSI_QUOTES. */
const STANDARD =
  /^(?:-- PostgreSQL database|\\(?:un)?restrict\b|\\connect\b|SELECT pg_catalog\.|COPY\s|SET (?:statement_timeout|lock_timeout|client_encoding|standard_conforming_strings|search_path|row_security|default_tablespace)\b|(?:CREATE|INSERT|ALTER|DROP)\b[^'"`;(]*")/i
/** Of sqlite3's `.dump`. */
const SQLITE = /^(?:PRAGMA\b|BEGIN TRANSACTION;)/i
/** Comments of the programs that dump MySQL, its conditional comments, and a backtick where a statement has names. */
const MYSQL =
  /^(?:\/\*M?!|-- (?:MySQL|MariaDB|phpMyAdmin|HeidiSQL)\b|-- Adminer .*MySQL|(?:INSERT|REPLACE)\b[^'"`;]*`|(?:CREATE|ALTER|DROP|LOCK|USE|TRUNCATE)\b[^'"`;(]*`)/i

/** No letter can stand behind the end of a string. */
const ESCAPED = /\\'[\p{L}\d]/u
const ESCAPED_HERE = /\bE'/i

/** Whether a line of rows has a quote that only MySQL writes so: some programs leave out the backticks, such as DataGrip. */
export const isEscaped = (line: string) => ESCAPED.test(line) && !ESCAPED_HERE.test(line)

/** The dialect that a line between two statements shows. undefined: it could be of any. */
export function dialectOf(line: string): Dialect | undefined {
  if (SQLITE.test(line)) return 'sqlite'
  if (STANDARD.test(line)) return 'postgres'
  return MYSQL.test(line) ? 'mysql' : undefined
}
