/**
 * The statement in a form in which PostgreSQL itself makes its rows into JSON, so that both modes print them alike.
 * A statement that gives no rows stays as it is.
 */
export function asJsonRows(statement: string): { text: string; givesRows: boolean } {
  const text = statement.trim().replace(/;\s*$/, '')
  const isQuery = /^(select|with|values|table)\b/i.test(text)
  if (!isQuery && !/\breturning\b/i.test(text)) return { text, givesRows: false }
  return {
    text: `WITH rows AS (${text}) SELECT coalesce(json_agg(rows), '[]')::text AS json FROM rows`,
    givesRows: true,
  }
}
