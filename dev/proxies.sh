#!/bin/sh
# On Debian and Ubuntu, as root: installs the proxies that tests start in front of the services, and starts neither.
# Without them, those tests are left out.
set -eu

missing=
for name in nginx caddy; do command -v $name >/dev/null || missing="$missing $name"; done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "✗ Not tested, since this machine lacks:$missing" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # invoke-rc.d starts no daemon in runlevel 1
log=$(mktemp)
if { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
  rm -f "$log"
else
  cat "$log" >&2
  exit 1
fi
