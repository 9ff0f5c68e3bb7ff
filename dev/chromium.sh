#!/bin/sh
# Prints the path of the browser for the browser tests. On Debian and Ubuntu, as root, installs one where there is none.
set -eu

find_chromium() {
  for name in "${CHROMIUM_PATH:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
    [ -n "$name" ] && command -v "$name" 2>/dev/null && return
  done
  return 1
}

find_chromium && exit
if [ -n "${CHROMIUM_PATH:-}" ]; then
  echo "✗ CHROMIUM_PATH=$CHROMIUM_PATH is no program." >&2
  exit 1
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the browser tests" >&2
  log=$(mktemp)
  if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >"$log" 2>&1; then
    rm -f "$log"
    find_chromium && exit
  fi
  cat "$log" >&2
fi
echo "✗ The browser tests need Chromium: install the package chromium (Debian: apt-get install chromium), or name one: CHROMIUM_PATH=/path/to/chrome" >&2
exit 1
