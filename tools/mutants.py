"""How much of the policy its tests hold: every branch taken, and of all small changes those that one notices.

Fails below 100 % of the branches or 95 % of the changes. What no test noticed is listed with its change.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEAST_PERCENT = 95.0
#: Where mutmut writes; in no commit.
MADE = ROOT / "mutants"
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]


def main() -> int:
    """Exit status."""
    branches = take_branches()
    killed, total = count_mutants()
    percent = 100 * killed / total
    print(f"policy: {total} small changes, {killed} noticed, {percent:.1f} % (at least {LEAST_PERCENT:g} %)")
    return 0 if branches and percent >= LEAST_PERCENT else 1


def take_branches() -> bool:
    """Whether the same tests take every branch."""
    tests = CONFIG["pytest_add_cli_args_test_selection"]
    run("coverage", "run", "--branch", "--source=bot/policy", "-m", "pytest", "-q", *tests)
    return run("coverage", "report", "--show-missing", "--fail-under=100") == 0


def count_mutants() -> tuple[int, int]:
    """Noticed changes and all of them."""
    shutil.rmtree(MADE, ignore_errors=True)  # what it found before, of whichever tests
    run("mutmut", "run", "--max-children", str(os.cpu_count() or 1))
    run("mutmut", "export-cicd-stats")
    told = json.loads((MADE / "mutmut-cicd-stats.json").read_text())
    show_unnoticed()
    # A change that makes a test hang is noticed by its time limit.
    return told["killed"] + told["timeout"], told["total"]


def show_unnoticed() -> None:
    """Print each change that no test noticed."""
    for line in output("mutmut", "results").splitlines():
        name, is_one, _ = line.strip().partition(":")
        if is_one:
            print(output("mutmut", "show", name))


def run(module: str, *argv: str) -> int:
    """Exit status of a module of this environment, run in the project's folder."""
    return subprocess.run([sys.executable, "-m", module, *argv], cwd=ROOT, check=False).returncode


def output(module: str, *argv: str) -> str:
    """What it prints."""
    return subprocess.run(
        [sys.executable, "-m", module, *argv], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
