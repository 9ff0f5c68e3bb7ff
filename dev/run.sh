#!/bin/sh
# dev/run.sh COMMAND…: runs dev/src/main.ts. Bundled into one file first, if a source has changed: loading the sources
# one by one through tsx takes Node a second or more, for every make.
set -eu
dev=$(CDPATH="" cd "$(dirname "$0")" && pwd)
main=$dev/dist/main.js

changed() { # a folder is newer when a file was added or removed
  [ ! -f "$main" ] || [ -n "$(find "$dev/src" "$dev/../auth-server/src/doctor/spelling.ts" "$dev/../frontend/env.ts" "$dev/../brand/src" \( -name '*.[jt]s' -o -type d \) -newer "$main" | head -n 1)" ]
}

bundle() { # into a new folder, then moved: another make may be starting from the old files
  new=$dev/dist/new.$$
  "$1" "$dev/src/main.ts" "$dev/src/mail/main.ts" "$dev/src/provider/main.ts" --outbase="$dev/src" --outdir="$new" --log-level=warning \
    --bundle --packages=external --platform=node --target=node20 --format=esm
  mkdir -p "$dev/dist/mail/browser" "$dev/dist/provider"
  cp "$dev/src/mail/browser/inbox.js" "$dev/dist/mail/browser/inbox.js"
  mv "$new/mail/main.js" "$dev/dist/mail/main.js"
  mv "$new/provider/main.js" "$dev/dist/provider/main.js"
  mv "$new/main.js" "$main"
  rm -r "$new"
}

# The program itself: esbuild's own command starts a Node only to start it.
if changed; then bundle "$(ls "$dev"/../node_modules/@esbuild/*/bin/esbuild | head -n 1)"; fi
exec node "$main" "$@"
