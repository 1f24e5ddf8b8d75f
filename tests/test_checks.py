"""The project's own checks, as tests: the closing line of a run counts them too."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def run(*argv: str, timeout_s: float = 300) -> tuple[int, str]:
    """Exit status and everything a command of the project's folder said."""
    done = subprocess.run(
        argv, cwd=ROOT, text=True, timeout=timeout_s, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.parametrize("check", ["lint-ruff", "lint-format", "lint-types", "lint-layers"])
def test_check_is_clean(check: str) -> None:
    status, said = run("make", "--no-print-directory", check, f"BIN={BIN}")

    assert status == 0, said


def test_no_locked_version_has_a_known_vulnerability() -> None:
    if not (BIN / "pip-audit").exists():
        pytest.skip("pip-audit is not in this environment: make test installs it")
    if missing := _no_database():
        pytest.skip(f"the locked versions were not audited, no vulnerability database: {missing}")

    status, said = run(
        str(BIN / "pip-audit"), "--strict", "--disable-pip", "--require-hashes", "--progress-spinner", "off",
        "--timeout", "10", "-r", "requirements-dev.lock",
    )  # fmt: skip

    assert status == 0, said


def _no_database() -> str | None:
    """Why pip-audit would have nothing to look things up in; None when it has."""
    name, version = (ROOT / "requirements.lock").read_text().split()[0].split("==")
    try:
        # A mirror may serve the packages without what pip-audit asks for: the record of one version.
        with urllib.request.urlopen(f"https://pypi.org/pypi/{name}/{version}/json", timeout=5) as answer:
            return None if "vulnerabilities" in json.load(answer) else "pypi.org gives none"
    except (OSError, ValueError) as error:
        return f"pypi.org: {error}"
