#!/bin/sh
# Lists the targets of the Makefile, below the headings that it has for them (`##@ Run`).
set -eu
bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
awk -F ':.*## ' -v bold="$bold" -v plain="$plain" '
  /^##@ / { printf "\n%s%s%s\n", bold, substr($0, 5), plain }
  /^[a-z0-9-]+:.*## / { printf "  make %-15s%s\n", $1, $2 }
' "$(dirname "$0")/../Makefile"
echo
