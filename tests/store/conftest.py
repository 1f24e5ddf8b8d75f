"""A ledger in a fresh directory."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import SqliteLedger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
async def ledger(path: Path) -> AsyncIterator[SqliteLedger]:
    async with await SqliteLedger.open(path) as opened:
        yield opened
