/**
 * PostgreSQL's log without mail addresses. By default it shows the row that broke a rule (DETAIL), the statement
 * (STATEMENT) and its parameters. The same stands in docker-compose.yaml. What a message itself quotes ("invalid input
 * syntax for type …: "…"") remains: the services never let the server cast what a user wrote.
 */
export const discreetLog = {
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_statement: 'none',
  log_min_duration_statement: '-1',
}
