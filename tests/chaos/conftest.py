"""What the rounds need of the machine."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.campaign import NewLedger
from tests.support.postgres import APP, PostgresServer


@pytest.fixture
def new_ledger(request: pytest.FixtureRequest) -> Iterator[NewLedger]:
    """A ledger for each round: a file in its folder, or a database of its own."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield lambda: None
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    yield lambda: server.url(APP, server.ledger())


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print at once, past pytest: a long run is watched."""

    def past_pytest(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", flush=True)

    return past_pytest


@pytest.fixture
def lanes() -> int:
    """Rounds at the same time: they mostly wait."""
    return int(os.environ.get("RUNBOOK_BOT_CHAOS_LANES", "4"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
