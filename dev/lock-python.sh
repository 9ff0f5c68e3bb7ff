#!/bin/sh
# dev/lock-python.sh ROOT: compiles the hashed requirements below ROOT from this repository's pyproject files, and from
# requirements.in in bench/, tests/clients/, tests/failover/ and tests/orms/. What the files there pin already stays, unless it no longer fits.
# See docs/decisions/0003-python-lock-is-a-hashed-requirements-file.md.
set -eu
target=$(cd "$1" && pwd)
cd "$(dirname "$0")/../backend-fastapi"

compile() {
  output=$1
  shift
  ../.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --output-file "$target/$output" "$@" >/dev/null
}

# The benchmark compares services on the backend's own versions, except for SQLAlchemy: fastapi-users wants an older one.
shared_pins() {
  sed -n 's/^\([a-z0-9-]*==[^ ]*\).*/\1/p' "$target/backend-fastapi/requirements-dev.txt" | grep -v '^sqlalchemy=='
}

compile backend-fastapi/requirements.txt pyproject.toml auth_sidecar/pyproject.toml
compile backend-fastapi/requirements-dev.txt --group dev pyproject.toml auth_sidecar/pyproject.toml
pins=$(mktemp)
trap 'rm -f "$pins"' EXIT
shared_pins >"$pins"
compile bench/requirements.txt --constraint "$pins" ../bench/requirements.in auth_sidecar/pyproject.toml
compile tests/clients/requirements.txt --constraint "$pins" ../tests/clients/requirements.in
compile tests/failover/requirements.txt ../tests/failover/requirements.in
compile tests/orms/requirements.txt --constraint "$pins" ../tests/orms/requirements.in
