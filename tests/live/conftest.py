"""Real hosts are broken by one test at a time, whichever process it runs in, and left well."""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.field import further, standing
from tests.support.field.looking import Eye, eye
from tests.support.lab import HOST, Lab

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


#: Hosts that were put right before the first test; each leaves them well.
_HEALED: set[str] = set()


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """The way to break the host, which is well before and after."""
    lab = Lab.given()
    assert lab is not None, "guarded by the marker"
    if HOST not in _HEALED:
        await _well(lab)
        _HEALED.add(HOST)
    yield lab
    await _well(lab)


async def _well(lab: Lab) -> None:
    await lab.shell(HOST, f"{further.TAKE_BACK}\n{standing.TAKE_BACK}")
    await lab.heal(HOST)
    # Workers that a reload leaves to end by themselves would go on writing of what was before.
    await lab.shell(HOST, "systemctl restart nginx; for log in /var/log/nginx/*.log; do : >$log; done")


@pytest.fixture
async def sight(tmp_path: Path, lab: Lab) -> AsyncIterator[Eye]:
    """A look at the hosts, which begins without memory."""
    async with eye(tmp_path) as sight:
        yield sight
