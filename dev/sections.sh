# For bash: `section COMMAND…` runs a command, shows what it prints, and adds up the tests that pytest and vitest count; a
# command that fails does not stop the script. `total` prints the sum, and fails if anything has.
# `beside COMMAND… &` starts a command beside the sections that follow; `section joined COMMAND…` waits for it.
sections_log=$(mktemp)
beside_log=$sections_log.beside
trap 'rm -f "$sections_log" "$beside_log" "$beside_log.code"' EXIT
passed=0
failed=0

section() {
  local begin=$SECONDS code=0 good bad
  printf '\n=== %s\n' "$*"
  "$@" 2>&1 | tee "$sections_log" || code=$?
  good=$(counted passed)
  bad=$(counted 'failed|errors?')
  # One without tests counts as one.
  if [ "$code" = 0 ] && [ "$good" = 0 ]; then good=1; fi
  if [ "$code" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  passed=$((passed + good))
  failed=$((failed + bad))
  printf '=== %s: %s after %s s\n' "$*" "$([ "$code" = 0 ] && echo passed || echo "FAILED with $code")" $((SECONDS - begin))
}

beside() {
  { "$@" >"$beside_log" 2>&1 && echo 0 || echo $?; } >"$beside_log.code.part"
  mv "$beside_log.code.part" "$beside_log.code"
}

joined() { # a section runs in a subshell, which cannot wait for a sibling
  local code
  until [ -f "$beside_log.code" ]; do sleep 1; done
  cat "$beside_log"
  code=$(cat "$beside_log.code")
  rm "$beside_log.code"
  return "$code"
}

counted() { # of "3 failed, 40 passed in 2s" and "Tests  3 failed | 40 passed (43)", the numbers before the word
  sed 's/\x1b\[[0-9;]*m//g' "$sections_log" |
    grep -E '^ *(Tests +)?[0-9]+ (failed|passed|errors?)( |,|$)' |
    grep -oE "[0-9]+ ($1)" | awk '{ sum += $1 } END { print sum + 0 }' || true
}

total() {
  printf '\n%s passed, %s failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
}
