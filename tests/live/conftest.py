"""Real hosts are broken by one test at a time, whichever process it runs in."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

#: Waiting for another file's turn counts, too.
_LIMIT_S = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(_LIMIT_S))


@pytest.fixture(scope="module", autouse=True)
def turn() -> Iterator[None]:
    """This file's turn with the hosts of the fleet file."""
    fleet = os.environ.get("RUNBOOK_BOT_TEST_FLEET")
    if not fleet:
        yield
        return
    with Path(fleet).open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
