#!/bin/sh
# tests/in-two-stacks.sh COMMAND…: every test of this folder, in two stacks side by side. COMMAND runs another beside a
# stack of its own. The tests in which a stack fails mostly wait; the others need the processor.
cd "$(dirname "$0")/.." || exit 1
breaking='configuration faults staleness'
chosen=''
left_out=''
for folder in $breaking; do
  chosen="$chosen tests/$folder"
  left_out="$left_out --ignore=tests/$folder"
done
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # lists of words
"$@" .venv/bin/python -m pytest tests $left_out >"$log" 2>&1 &
others=$!
trap 'kill -INT $others; wait $others; exit 130' INT TERM
# shellcheck disable=SC2086 # a list of words
"$@" .venv/bin/python -m pytest $chosen || failed=1
wait $others || failed=1
cat "$log"
exit $failed
