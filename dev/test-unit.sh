#!/bin/sh
# The tests that stand beside the code. All run, even if some fail; the PostgreSQL of TEST_DATABASE_ADMIN_URL is theirs.
cd "$(dirname "$0")/.." || exit 1
failed=0
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

vitest() {
  for workspace; do
    printf '\n%s\n' "$workspace"
    node_modules/.bin/vitest run --root "$workspace" || failed=1
  done
  return $failed
}

# Beside the first: they mostly wait, for their database and for processes. Shown once they are done.
(cd backend-fastapi && exec ../.venv/bin/python -m pytest) >"$logs/backend" 2>&1 &
backend=$!
vitest frontend dev >"$logs/others" 2>&1 &
others=$!
trap 'kill -INT $backend $others; wait; exit 130' INT TERM
vitest auth-server
wait $others || failed=1
cat "$logs/others"
wait $backend || failed=1
printf '\nbackend-fastapi\n'
cat "$logs/backend"
exit $failed
