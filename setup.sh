#!/bin/sh
# Makes .venv: the packages of the lock and this project's own, or finds that it is as it should be. `make` calls it before all else;
# `./setup.sh dev` adds what tests and checks on style need. Whatever is in the way is said in one line, before anything long has run.
#
#   PYTHON=python3.12 ./setup.sh     chooses the Python; a .venv of another is made anew
set -u
cd -- "$(dirname -- "$0")" || exit 1
# pip takes the names of folders apart by the locale.
export LC_ALL=C.UTF-8
SUPPORTED="3.11 3.12 3.13" # as requires-python in pyproject.toml
READABLE="Python 3.11, 3.12 or 3.13"

stop() {
    echo "setup: $*" >&2
    exit 1
}

# 3.11 of that Python; fails when it does not run.
version_of() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

supported() {
    case " $SUPPORTED " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

# Sets python and version: those of PYTHON, else the first on PATH that will do.
choose_python() {
    if [ -n "${PYTHON:-}" ]; then
        python=$PYTHON
        version=$(version_of "$python") || stop "PYTHON=$python does not run. Name $READABLE, such as PYTHON=python3.12."
        supported "$version" || stop "$READABLE is needed, and $python is Python $version. Name another, such as PYTHON=python3.12."
        return
    fi
    for python in python3.11 python3.12 python3.13 python3 python; do
        version=$(version_of "$python") && supported "$version" && return
    done
    stop "$READABLE is needed, and none is on PATH. Install one, or name it: make report PYTHON=/where/it/is/python3.12"
}

# What is recorded when all is installed: where .venv lies (its programs hold that path), its Python, and the lock.
stamp_of() {
    printf '%s\n' "$(cd .venv && pwd -P)" "$1"
    shift
    cksum "$@"
}

# Why .venv cannot be used as it is; nothing when it can, or when there is none.
fault_of_venv() {
    [ -e .venv ] || [ -L .venv ] || return
    if [ ! -d .venv ]; then
        echo "is no folder"
    elif [ -e .venv/.unfinished ]; then
        echo "was left half made"
    elif [ ! -x .venv/bin/python ] || ! made_with=$(version_of .venv/bin/python); then
        echo "has no Python that runs"
    elif ! supported "$made_with"; then
        echo "is of Python $made_with"
    elif [ -n "${PYTHON:-}" ] && [ "$made_with" != "$version" ]; then
        echo "is of Python $made_with and not $version"
    elif ! .venv/bin/python -c 'import sys; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null; then
        echo "is no virtual environment"
    elif [ -s .venv/.locked ]; then
        [ "$(head -n 1 .venv/.locked)" = "$(cd .venv && pwd -P)" ] || echo "was made in another folder"
    else # made by hand or by an earlier Makefile: venv and uv wrote down for which folder
        grep -qF "$(cd .venv && pwd -P)" .venv/pyvenv.cfg .venv/bin/activate 2>/dev/null || echo "was made in another folder"
    fi
}

make_venv() {
    choose_python
    said=$("$python" -m venv .venv 2>&1) && return
    rm -rf .venv
    case "$said" in
        *ensurepip*) stop "$python has no venv with pip. Install it (Debian, Ubuntu: apt-get install python$version-venv), then try again." ;;
        *) stop "$python cannot make .venv: $(printf '%s' "$said" | tail -n 1)" ;;
    esac
}

# install WHAT ARGUMENTS: pip, with one line when it fails.
install() {
    what=$1
    shift
    .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check "$@" >.venv/setup.log 2>&1 && return
    if grep -q "NewConnectionError\|NameResolutionError\|ConnectTimeoutError\|ProxyError" .venv/setup.log; then
        reason="the package index cannot be reached; is there a network?"
    else
        reason=$(sed -n 's/^ *\(ERROR\|error\): *//p' .venv/setup.log | head -n 1)
    fi
    stop "pip cannot install $what: ${reason:-it was broken off}. All that it said: .venv/setup.log"
}

everything_there() {
    [ -x .venv/bin/python ] && [ -s .venv/.locked ] && [ ! -e .venv/.unfinished ] || return 1
    made_with=$(sed -n 2p .venv/.locked)
    [ "$(cat .venv/.locked)" = "$(stamp_of "$made_with" requirements.txt pyproject.toml)" ] || return 1
    [ "$wanted" != dev ] || [ "$(cat .venv/.locked-dev 2>/dev/null)" = "$(stamp_of "$made_with" requirements-dev.txt)" ]
}

wanted=${1:-}
[ -z "${PYTHON:-}" ] && everything_there && exit
[ -w . ] || stop "$(pwd -P) cannot be written: make it writable, or copy the project to where you may write."
# One at a time, where the file system has locks: the folder itself is what is locked.
exec 9<. && command -v flock >/dev/null && flock 9 2>/dev/null
[ -z "${PYTHON:-}" ] || choose_python
fault=$(fault_of_venv)
if [ -L .venv ] && [ -n "$fault" ]; then
    stop ".venv is a link to $(readlink .venv), which $fault. Delete the link and try again."
fi
if [ -n "$fault" ]; then
    [ -n "${PYTHON:-}" ] || choose_python # before anything is deleted
    echo "setup: .venv $fault; it is made anew." >&2
    rm -rf .venv
fi
[ -e .venv ] || make_venv
everything_there && exit # PYTHON named the one it has
[ ! -L .venv ] || stop ".venv is a link to $(readlink .venv), which has not the packages of this folder. Delete the link and try again."
[ -w .venv ] || stop ".venv cannot be written: make it writable, or delete it."
version=$(version_of .venv/bin/python)
.venv/bin/python -c 'import pip' 2>/dev/null || .venv/bin/python -m ensurepip >/dev/null 2>&1 ||
    stop ".venv has no pip, and its Python cannot give it one. Install python$version-venv, then try again."
rm -f .venv/.locked .venv/.locked-dev
: >.venv/.unfinished
echo "setup: installing the packages of requirements.txt into .venv (Python $version), a minute or two." >&2
install "the packages of requirements.txt" --require-hashes --no-deps -r requirements.txt
install "this project" --no-deps --no-build-isolation --editable .
stamp_of "$version" requirements.txt pyproject.toml >.venv/.locked
if [ "$wanted" = dev ]; then
    install "the packages of requirements-dev.txt" --require-hashes --no-deps -r requirements-dev.txt
    stamp_of "$version" requirements-dev.txt >.venv/.locked-dev
fi
rm -f .venv/.unfinished .venv/setup.log
