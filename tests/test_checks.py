"""The project's own checks, as tests: the closing line of a run counts them too."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

#: What mypy takes without its cache, on a machine that runs other tests beside it.
pytestmark = pytest.mark.timeout(900)

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
#: How a lock is audited: a package without a record fails it, as do versions without hashes.
AUDIT = (
    "--strict", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "10",
)  # fmt: skip


def run(*argv: str, timeout_s: float = 800) -> tuple[int, str]:
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

    status, said = run(str(BIN / "pip-audit"), *AUDIT, "-r", "requirements-dev.lock")

    # With --strict a package without a record ends the audit. A finding is told as a table of IDs under this
    # line; a service that is away is called one of vulnerabilities, too.
    if status != 0 and not re.search(r"^Found \d+ known vulnerabilit", said, re.M):
        pytest.skip(
            f"the locked versions were not audited, no vulnerability database: {said.splitlines()[-1][:120]}"
        )
    assert status == 0, said
