#!/usr/bin/env bash
# The tests that stand beside the code. All run, even if some fail; the PostgreSQL of TEST_DATABASE_ADMIN_URL is theirs.
cd "$(dirname "$0")/.." || exit 1
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

backend() {
  printf '\nbackend-fastapi\n'
  (cd backend-fastapi && exec ../.venv/bin/python -m pytest)
}

vitest() {
  printf '\n%s\n' "$*"
  node_modules/.bin/vitest run --root "$@"
}

python_pages_and_dev() {
  failed=0
  backend || failed=1
  vitest frontend || failed=1
  vitest dev || failed=1
  return $failed
}

(cd auth-server && node build.mjs) || exit 1
export PROGRAM_IS_BUILT=1

# Of the auth server, so much that the three lanes take about as long as each other.
second_lane=(src/auth/ src/passwords/ src/connected/ src/doctor/)
not_in_the_first=("${second_lane[@]/%/**}")

# Three at a time: much of it waits for PostgreSQL and for processes. What two of them say is shown when they are done.
# Process groups, to be stopped as one.
set -m
python_pages_and_dev >"$logs/1" 2>&1 &
one=$!
vitest auth-server "${second_lane[@]}" >"$logs/2" 2>&1 &
other=$!
set +m
trap 'kill -INT -- -$one -$other; wait $one $other; exit 130' INT TERM
failed=0
vitest auth-server "${not_in_the_first[@]/#/--exclude=}" || failed=1
wait $one || failed=1
wait $other || failed=1
cat "$logs/1" "$logs/2"
exit $failed
