#!/bin/sh
# tests/in-stacks.sh COMMAND…: every test of this folder, in three stacks side by side. COMMAND runs another beside a
# stack of its own. The tests in which a stack fails, and those of whole programs, mostly wait; the others need the processor.
# What needs no stack is where it makes the three take about as long as each other.
cd "$(dirname "$0")/.." || exit 1
without_a_stack='tests/orms tests/session_model'
breaking="tests/faults tests/staleness $without_a_stack"
programs='tests/clients tests/documents tests/mail tests/providers tests/replicas tests/repository'
others='--ignore=tests/failover --ignore=tests/wheel' # make test-failover, make test-wheel
for folder in $breaking $programs; do others="$others --ignore=$folder"; done
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# shellcheck disable=SC2086 # lists of words
"$@" .venv/bin/python -m pytest $breaking >"$logs/breaking" 2>&1 &
first=$!
# No outage is tested in the others, and a check that takes a second on a busy machine must not be taken for one.
export SIDECAR_TIMEOUT_SECONDS=5
# shellcheck disable=SC2086
"$@" .venv/bin/python -m pytest $programs >"$logs/programs" 2>&1 &
second=$!
trap 'kill -INT $first $second; wait $first $second; exit 130' INT TERM
failed=0
# shellcheck disable=SC2086
"$@" .venv/bin/python -m pytest tests $others || failed=1
wait $first || failed=1
wait $second || failed=1
cat "$logs/programs" "$logs/breaking"
exit $failed
