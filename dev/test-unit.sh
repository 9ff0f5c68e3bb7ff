#!/usr/bin/env bash
# The tests that stand beside the code. All run, even if some fail; the PostgreSQL of TEST_DATABASE_ADMIN_URL is theirs.
cd "$(dirname "$0")/.." || exit 1
log=$(mktemp)
trap 'rm -f "$log"' EXIT

backend() {
  printf '\nbackend-fastapi\n'
  (cd backend-fastapi && exec ../.venv/bin/python -m pytest)
}

vitest() {
  printf '\n%s\n' "$*"
  node_modules/.bin/vitest run --root "$@"
}

others() {
  failed=0
  backend || failed=1
  vitest frontend || failed=1
  vitest dev || failed=1
  vitest auth-server src/database || failed=1
  exit $failed
}

(cd auth-server && node build.mjs) || exit 1
export PROGRAM_IS_BUILT=1

# Two at a time, for about as long; what the second says is shown when the first is done. A process group, to be stopped
# as one.
set -m
others >"$log" 2>&1 &
others=$!
set +m
trap 'kill -INT -- -$others; wait $others; exit 130' INT TERM
failed=0
vitest auth-server --exclude 'src/database/**' || failed=1
wait $others || failed=1
cat "$log"
exit $failed
