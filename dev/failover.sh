#!/bin/sh
# On Debian and Ubuntu, as root: installs etcd, HAProxy and PgBouncer for the failover tests, and starts none of them.
# Fails where they cannot be had: those tests cannot run then.
set -eu
PATH=$PATH:/usr/sbin:/sbin

packages=
command -v etcd >/dev/null || packages="$packages etcd-server"
for name in haproxy pgbouncer; do command -v $name >/dev/null || packages="$packages $name"; done
[ -n "$packages" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "✗ The failover tests need:$packages (Debian: apt-get install$packages)" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # invoke-rc.d starts no daemon in runlevel 1
log=$(mktemp)
# shellcheck disable=SC2086 # a list of words
if { apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; } >"$log" 2>&1; then
  rm -f "$log"
else
  cat "$log" >&2
  exit 1
fi
