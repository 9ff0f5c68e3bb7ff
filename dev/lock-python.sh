#!/bin/sh
# dev/lock-python.sh FOLDER: compiles the hashed requirements from the pyproject files into FOLDER. What the files there
# pin already stays, unless it no longer fits. See docs/decisions/0003-python-lock-is-a-hashed-requirements-file.md.
set -eu
target=$(cd "$1" && pwd)
cd "$(dirname "$0")/../backend-fastapi"

compile() {
  output=$1
  shift
  ../.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --output-file "$target/$output" "$@" pyproject.toml auth_sidecar/pyproject.toml >/dev/null
}

compile requirements.txt
compile requirements-dev.txt --group dev
