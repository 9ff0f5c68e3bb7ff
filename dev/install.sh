#!/bin/sh
# dev/install.sh node|python|bench|clients|failover|orms…: brings node_modules, .venv and the venvs of the benchmark, of other
# projects' clients, of the failover tests and of other projects' ORMs up to date with their lock files, side by side.
# Nothing is printed when there is nothing to do. Otherwise each step has its line, and what takes long is seen to go on;
# when a tool fails, the end of what it said is printed.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
folder=.local
mkdir -p -m 700 $folder

fail() {
  printf '\n✗ %s\n\n' "$1" >&2
  exit 1
}

check_node() {
  command -v node >/dev/null 2>&1 || fail "Node is missing: install Node 20.19 or newer."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node $(node --version) is too old: install Node 20.19 or newer."
  command -v npm >/dev/null 2>&1 || fail "npm is missing: it comes with Node; Debian has it in the package npm."
}

check_python() {
  command -v "$PYTHON" >/dev/null 2>&1 || fail "$PYTHON is missing: install Python 3.11 or newer, or name it: make PYTHON=python3.12"
}

check() {
  case $1 in
    node) check_node ;;
    orms) check_node && check_python ;;
    *) check_python ;;
  esac
}

# Asked only before it is used: a .venv that is current was made by one that can.
check_venv() {
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$("$PYTHON" --version) is too old: install Python 3.11 or newer, or name it: make PYTHON=python3.12"
  "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null ||
    fail "$PYTHON has no venv module: on Debian and Ubuntu install the package python3-venv."
}

# The virtual environments beside the services' own. What the benchmark compares with must not get into that one, nor what
# other projects use to call these services: here it is without them, as there. failover has Patroni and a PostgreSQL with
# all of its tools, orms has tools in two languages.
requirements_of() {
  case $1 in
    python) echo backend-fastapi/requirements-dev.txt ;;
    bench) echo bench/requirements.txt ;;
    *) echo "tests/$1/requirements.txt" ;;
  esac
}

# What an installation depends on. By content: git gives files new times whenever it touches them.
digest_of() {
  if [ "$1" = node ]; then
    cat package-lock.json .npmrc
  else
    version_of "$PYTHON"
    pwd
    cat "$(requirements_of "$1")"
  fi
  case $1 in
    python) cat backend-fastapi/auth_sidecar/pyproject.toml ;;
    orms) cat tests/orms/package-lock.json tests/orms/.npmrc ;;
  esac
}

version_of() {
  "$1" -c 'import sys; print(sys.version, sys.base_prefix)'
}

install_node() {
  step "the packages of package-lock.json"
  npm ci --no-progress --loglevel=error
}

# Another Python needs another venv. The same one is only brought up to date: a backend may be running from it.
make_venv() {
  venv=$1
  shift
  step "$venv, a virtual environment"
  [ "$(version_of "$venv/bin/python" 2>/dev/null)" = "$(version_of "$PYTHON")" ] || "$PYTHON" -m venv --clear "$@" "$venv"
}

install_python() {
  make_venv .venv || return
  step "the packages of backend-fastapi/requirements-dev.txt"
  # uv first: it then installs in seconds what takes pip a minute.
  sed -n '/^uv==/,/[^\\]$/p' backend-fastapi/requirements-dev.txt >$folder/uv.txt
  [ "$(.venv/bin/uv --version 2>/dev/null | cut -d ' ' -f 2)" = "$(sed -n 's/^uv==\([^ ]*\).*/\1/p' $folder/uv.txt)" ] ||
    pip .venv --require-hashes -r $folder/uv.txt || return
  # The package's own dependencies are in the lock file, and so is what builds it.
  packages .venv --compile-bytecode --require-hashes -r backend-fastapi/requirements-dev.txt &&
    packages .venv --no-deps --no-build-isolation -e backend-fastapi/auth_sidecar
}

# npm is last: its folder has the stamp, and it deletes that first.
install_orms() {
  install_venv orms || return
  step "the packages of tests/orms/package-lock.json"
  (cd tests/orms && npm ci --no-progress --loglevel=error)
}

install_venv() {
  make_venv "$folder/$1-venv" --without-pip && step "the packages of $(requirements_of "$1")" &&
    packages "$folder/$1-venv" --require-hashes -r "$(requirements_of "$1")"
}

install_one() {
  case $1 in
    node | python | orms) "install_$1" ;;
    *) install_venv "$1" ;;
  esac
}

# pip knows settings that uv does not, such as a mirror of the index: it goes on where uv cannot.
packages() {
  into=$1
  shift
  UV_PYTHON_DOWNLOADS=never .venv/bin/uv pip install --quiet --python "$into/bin/python" "$@" && return
  [ "$1" != --compile-bytecode ] || shift
  pip "$into" "$@"
}

pip() {
  for_python=$1/bin/python
  shift
  .venv/bin/python -m pip --python "$for_python" --disable-pip-version-check --quiet install "$@"
}

stamp_of() {
  case $1 in
    node) echo node_modules/.installed ;;
    python) echo .venv/.installed ;;
    orms) echo tests/orms/node_modules/.installed ;;
    *) echo "$folder/$1-venv/.installed" ;;
  esac
}

is_current() {
  [ -f "$(stamp_of "$1")" ] && [ "$(cat "$(stamp_of "$1")")" = "$(digest_of "$1" | cksum)" ]
}

# What is being done now. The tool's own output goes into a log, so this goes past it.
step() {
  printf '%s\n' "$1" >"$running/$what"
  printf "$clear"'  … %-8s %s\n' "$what" "$1" >&3
}

# On a line of its own, whether or not one is spinning.
finish() {
  rm -f "$running/$1"
  printf "$clear"'  %s %-8s %s s\n' "$2" "$1" "$3" >&3
}

# What the tool says is kept for the case that it fails.
install() {
  what=$1
  begin=$(date +%s)
  log=$folder/install-$what.log
  if install_one "$what" >"$log" 2>&1; then
    digest_of "$what" | cksum >"$(stamp_of "$what")"
    finish "$what" ✓ $(($(date +%s) - begin))
  else
    finish "$what" ✗ $(($(date +%s) - begin))
    printf '\n✗ Installing for %s failed. It said, at the end of %s:\n\n' "$what" "$log" >&2
    tail -n 25 "$log" | sed 's/^/    /' >&2
    return 1
  fi
}

# Says that it goes on: on one line at a terminal, else with a line every ten seconds.
report() {
  begin=$(date +%s)
  while sleep "$interval" >/dev/null 2>&1 3>&-; do # a reader of the output does not wait for this sleep
    [ -d "$running" ] || return 0
    names=$(ls "$running" 2>/dev/null | tr '\n' ' ')
    seconds=$(($(date +%s) - begin))
    if [ -z "$names" ]; then
      continue
    elif [ -n "$spins" ]; then
      frame=${spins%"${spins#?}"} spins=${spins#?}${spins%"${spins#?}"}
      printf "$clear"'  %s %s%s s' "$frame" "$names" "$seconds" >&3
    else
      printf '  … %s%s s\n' "$names" "$seconds" >&3
    fi
  done
}

stop_reporting() {
  kill "$reporter" 2>/dev/null || :
  wait "$reporter" 2>/dev/null || :
  printf "$clear"
}

for what; do check "$what"; done

wanted=''
for what; do is_current "$what" || wanted="$wanted $what"; done
[ -n "$wanted" ] || exit 0
case $wanted in *python* | *bench* | *clients* | *failover* | *orms*) check_venv ;; esac

# Two at once would install over each other: the second waits and then finds everything done.
lock=$folder/install.lock
waits=''
until mkdir $lock 2>/dev/null; do
  [ -n "$waits" ] || echo "Waiting for another make to finish installing…"
  waits=yes
  holder=$(cat $lock/pid 2>/dev/null || echo "$$")
  kill -0 "$holder" 2>/dev/null || rm -rf $lock
  sleep 0.2
done
echo $$ >$lock/pid
trap 'rm -rf $lock' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

running=$lock/running
mkdir $running
exec 3>&1
if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then
  spins='|/-\' clear='\r\033[K' interval=0.2
else
  spins='' clear='' interval=10
fi
echo "Installing what the lock files name:"
report &
reporter=$!
trap 'stop_reporting; rm -rf $lock' EXIT
# One beside the script, the other in it: a shell lets Ctrl-C pass by what runs in the background. npm listens all the
# same, pip does not.
background=''
failed=0
for what in $wanted; do
  if is_current "$what"; then
    continue
  elif [ "$what" = node ]; then
    install node &
    background=$!
  else
    install "$what" || failed=1
  fi
done
[ -z "$background" ] || wait "$background" || failed=1
stop_reporting
echo
exit $failed
