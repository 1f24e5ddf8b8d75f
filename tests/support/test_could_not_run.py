"""The closing lines of a test run."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_tests(folder: Path, source: str) -> tuple[int, list[str]]:
    """Exit status and lines of a pytest run of its own, with only our plugin."""
    (folder / "test_it.py").write_text(f"import pytest\n{source}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.support.could_not_run", "-p", "no:cacheprovider",
         "-rfE", "--rootdir", str(folder), "-c", os.devnull, str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout.splitlines()


def test_equal_reasons_are_one_line_before_the_closing_line(tmp_path: Path) -> None:
    source = (
        "@pytest.mark.parametrize('n', [1, 2])\ndef test_a(n):\n  pytest.skip('no sshd here')\n"
        "def test_b():\n  pytest.skip('no browser')\ndef test_c(): pass\n"
    )

    status, lines = run_tests(tmp_path, source)

    assert status == 0
    assert lines[-3:-1] == ["could not run 1 test: no browser", "could not run 2 tests: no sshd here"]
    assert "1 passed, 3 skipped" in lines[-1]


def test_a_file_that_is_skipped_whole_is_said_too(tmp_path: Path) -> None:
    source = "pytest.importorskip('no_such_module_502')\ndef test_a(): pass\ndef test_b(): pass\n"

    _, lines = run_tests(tmp_path, source)

    assert lines[-2].startswith("could not run 1 test: could not import 'no_such_module_502'")


def test_a_skip_without_a_reason_fails_the_run(tmp_path: Path) -> None:
    source = "@pytest.mark.skip\ndef test_a(): pass\ndef test_b(): pass\n"

    status, lines = run_tests(tmp_path, source)

    assert status == 1
    assert lines[-2].startswith("skipped without a reason: ")
    assert "1 passed, 1 skipped" in lines[-1]


def test_failures_are_listed_before_what_could_not_run(tmp_path: Path) -> None:
    source = "def test_a(): pytest.skip('no browser')\ndef test_b(): assert False\n"

    status, lines = run_tests(tmp_path, source)

    assert status == 1
    assert [line.split(" ")[0] for line in lines[-3:-1]] == ["FAILED", "could"]
