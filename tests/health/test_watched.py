"""The counted ledger is the same ledger, and counts only what was committed."""

import inspect
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import Conflict
from bot.health.labels import Known
from bot.health.metrics import Metrics
from bot.health.watched import WatchedLedger
from bot.ports import Ledger
from bot.store import SqliteLedger
from tests.health.test_metrics import read
from tests.support.incidents import chained, opened, whole_incident
from tests.support.office import CATALOG


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    made = await SqliteLedger.open(tmp_path / "ledger.db")
    async with made:
        yield made


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(Known.of(CATALOG))


async def test_a_whole_incident_goes_through_and_is_counted(ledger: Ledger, metrics: Metrics) -> None:
    watched = WatchedLedger(ledger, metrics)

    written = await watched.append("inc-1", whole_incident())

    assert [entry.event for entry in await watched.entries("inc-1")] == [one.event for one in written]
    assert [entry.event for entry in written] == [entry.event for entry in chained(whole_incident())]
    assert await watched.incidents() == ("inc-1",)
    assert (await watched.changed_since(0))[1] == ("inc-1",)
    assert await watched.incident_of("a1") == "inc-1"
    clocks = [await ledger.now(), await watched.now(), await ledger.now()]
    assert clocks == sorted(clocks)
    seen = read(metrics)
    assert seen["runbook_bot_incidents_total{runbook=502}"] == 1
    assert seen["runbook_bot_runs_total{cause=healthy}{outcome=healthy}"] == 1
    assert seen["runbook_bot_runs_total{cause=upstream_down}{outcome=trouble}"] == 1
    assert seen["runbook_bot_actions_total{outcome=done}"] == 1
    assert seen["runbook_bot_ledger_append_seconds_count"] == 1


async def test_what_was_not_committed_is_not_counted(ledger: Ledger, metrics: Metrics) -> None:
    watched = WatchedLedger(ledger, metrics)
    await watched.append("inc-1", [opened()])

    with pytest.raises(Conflict):
        await watched.append("inc-1", whole_incident()[1:], after_seq=0)

    seen = read(metrics)
    assert seen["runbook_bot_ledger_refusals_total{error=Conflict}"] == 1
    assert not [name for name in seen if "actions_total" in name]
    assert seen["runbook_bot_ledger_append_seconds_count"] == 1


async def test_evidence_is_kept_and_given_back(ledger: Ledger, metrics: Metrics) -> None:
    watched = WatchedLedger(ledger, metrics)

    digest = await watched.keep("a line")
    await watched.append("inc-1", [opened()])

    assert await watched.evidence(digest) == "a line"


def test_nothing_of_the_port_is_missing() -> None:
    for name, method in inspect.getmembers(Ledger, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.signature(getattr(WatchedLedger, name)) == inspect.signature(method), name
