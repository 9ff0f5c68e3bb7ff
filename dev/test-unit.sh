#!/bin/sh
# The tests that stand beside the code. All run, even if some fail; the PostgreSQL of TEST_DATABASE_ADMIN_URL is theirs.
cd "$(dirname "$0")/.." || exit 1
failed=0
for workspace in auth-server frontend dev; do
  printf '\n%s\n' "$workspace"
  node_modules/.bin/vitest run --root "$workspace" || failed=1
done
printf '\nbackend-fastapi\n'
(cd backend-fastapi && ../.venv/bin/python -m pytest) || failed=1
exit $failed
