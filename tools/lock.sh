#!/bin/sh
# Resolves pyproject.toml for every Python >= 3.11 and every platform, and writes both lock files.
# An index other than PyPI: UV_DEFAULT_INDEX=URL make lock. Its name is not written into the locks.
set -eu
cd "$(dirname "$0")/.."
uv=${BIN:-.venv/bin}/uv
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-header --no-annotate --strip-extras "$@" pyproject.toml
}
compile --group build --upgrade --output-file requirements.lock >/dev/null
compile --extra dev --group build --group lock --group audit --constraint requirements.lock --upgrade \
    --output-file requirements-dev.lock >/dev/null
