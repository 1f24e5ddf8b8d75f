#!/bin/sh
# environment.sh LOCK - makes .venv (once) and installs LOCK, hashes checked, and the project into it.
set -eu
cd "$(dirname "$0")/.."
lock=$1
python=${PYTHON:-python3}

die() { printf 'runbook-bot: %s\n' "$*" >&2; exit 1; }

command -v "$python" >/dev/null || die "no $python; install Python 3.11 or newer, or name one: make demo PYTHON=python3.12"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "$("$python" --version 2>&1) is too old; 3.11 or newer is needed, name one: make demo PYTHON=python3.12"

# Debian splits venv off from Python; the package's name carries the version for which it is missing.
has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }
if ! has_venv; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "installing python3-venv …"
        apt-get -o DPkg::Lock::Timeout=300 update -qq
        DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends python3-venv >/dev/null
    fi
    has_venv || die "$python has no venv module; mend it with: sudo apt-get install python3-venv"
fi

# A half-made environment, or one of another Python, is made anew.
wanted=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
have=$(.venv/bin/python -c 'import pip, sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none)
if [ "$wanted" != "$have" ]; then
    echo "making .venv with $("$python" --version 2>&1) …"
    "$python" -m venv --clear .venv
fi

# Wheels only: an sdist would run its own build code, with tools that no hash covers.
echo "installing $lock …"
pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"; }
pip install --quiet --require-hashes --only-binary :all: -r "$lock" ||
    die "the packages of $lock could not be installed; the lines above say which (no network? try again)"
# The build backend warns at length about what an editable install is; only a failure is worth reading.
pip install --quiet --no-deps --no-build-isolation --editable . >.venv/install.log 2>&1 || {
    cat .venv/install.log >&2
    die "the project itself could not be installed; the lines above say why"
}
