#!/bin/sh
# The tests that stand beside the code. All run, even if some fail; the PostgreSQL of TEST_DATABASE_ADMIN_URL is theirs.
cd "$(dirname "$0")/.." || exit 1
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Beside the others: it mostly waits for its database. Shown once they are done.
(cd backend-fastapi && exec ../.venv/bin/python -m pytest) >"$log" 2>&1 &
backend=$!
trap 'kill -INT $backend; wait $backend; exit 130' INT TERM
for workspace in auth-server frontend dev; do
  printf '\n%s\n' "$workspace"
  node_modules/.bin/vitest run --root "$workspace" || failed=1
done
wait $backend || failed=1
printf '\nbackend-fastapi\n'
cat "$log"
exit $failed
