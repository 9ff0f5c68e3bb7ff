# For bash: `section COMMAND…` runs a command, shows what it prints, and adds up the tests that pytest and vitest count; a
# command that fails does not stop the script. `beside COMMAND…` begins one that runs beside the next sections, and
# `beside_ends` waits for all of those and shows them. `total` says what failed and why, prints the sum, and fails if anything has.
sections_log=$(mktemp)
failures=$(mktemp)
beside=()
trap 'rm -f "$sections_log" "$failures"' EXIT
passed=0
failed=0

section() {
  local begin=$SECONDS code=0
  printf '\n=== %s\n' "$*"
  "$@" 2>&1 | tee "$sections_log" || code=$?
  count "$sections_log" "$code" $((SECONDS - begin)) "$@"
}

beside() {
  local log
  log=$(mktemp)
  "$@" >"$log" 2>&1 &
  beside+=("$! $log $SECONDS $*")
}

beside_ends() {
  local one process log begin command code
  for one in "${beside[@]}"; do
    read -r process log begin command <<<"$one"
    code=0
    wait "$process" || code=$?
    printf '\n=== %s, beside the others\n' "$command"
    cat "$log"
    count "$log" "$code" $((SECONDS - begin)) "$command"
    rm "$log"
  done
  beside=()
}

count() { # LOG CODE SECONDS COMMAND…
  local log=$1 code=$2 seconds=$3 good bad
  shift 3
  good=$(counted passed "$log")
  bad=$(counted 'failed|errors?' "$log")
  # One without tests counts as one.
  if [ "$code" = 0 ] && [ "$good" = 0 ]; then good=1; fi
  if [ "$code" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  passed=$((passed + good))
  failed=$((failed + bad))
  [ "$code" = 0 ] || { printf '\n--- %s\n' "$*" && without_colours "$log" | reasons; } >>"$failures"
  printf '=== %s: %s after %s s\n' "$*" "$([ "$code" = 0 ] && echo passed || echo "FAILED with $code")" "$seconds"
}

without_colours() {
  sed 's/\x1b\[[0-9;]*m//g' "$1"
}

# Of each test that failed its name, as pytest and Vitest write it, and the lines below it; without such a line, the last ones.
reasons() {
  local log names='^ *(FAIL|FAILED|ERROR) '
  log=$(cat)
  if grep -qE "$names" <<<"$log"; then
    awk -v names="$names" '$0 ~ names { left = 15 } left-- > 0 && shown++ < 50' <<<"$log"
  else
    tail -15 <<<"$log"
  fi
}

counted() { # of "3 failed, 40 passed in 2s" and "Tests  3 failed | 40 passed (43)", the numbers before the word
  without_colours "$2" |
    grep -E '^ *(Tests +)?[0-9]+ (failed|passed|errors?)( |,|$)' |
    grep -oE "[0-9]+ ($1)" | awk '{ sum += $1 } END { print sum + 0 }' || true
}

total() {
  [ ! -s "$failures" ] || { printf '\n=== What failed\n' && cat "$failures"; }
  printf '\n%s passed, %s failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
}
