import { compare } from '../database/schema/compare.ts'
import { type Comparison, quoted } from '../database/schema/ddl.ts'
import { statement } from '../database/schema/report.ts'
import { HEADER } from './model.ts'

/** What `migrate` would run on an empty database. */
export function asSql(comparison: Comparison): string {
  const statements = compare(comparison).flatMap((finding) => (finding.kind === 'repair' ? finding.sql : []))
  const schema = `CREATE SCHEMA IF NOT EXISTS ${quoted(comparison.schema)}`
  return [...HEADER.map((line) => `-- ${line}`), '', statement(schema), ...statements.map(statement), ''].join('\n')
}
