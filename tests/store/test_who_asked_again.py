"""Who asked again is in the ledger, so every process knows it, on both databases."""

import asyncio

import pytest

from bot.errors import AskError, NotAllowed
from bot.model.event import Intended
from bot.store import SqlLedger
from bot.work import rechecking
from tests.support.office import Office
from tests.support.replay import ReplayShell


async def test_one_process_is_asked_again_another_looks_and_a_third_counts(
    ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rechecking, "READY_EVERY_S", 0.0)
    asked, looking, counting = (Office(ledger=ledger, shell=ReplayShell("bad_release")) for _ in range(3))
    incident = await looking.ask("ann")

    await asked.desk().again(asked.actor("bob"), incident)
    await looking.worker().carry_on(incident)
    card = (await counting.state(incident)).approvals[-1]
    for office in (asked, looking, counting):
        with pytest.raises(NotAllowed, match="your request, not ann's"):
            await office.desk().vote(office.actor("bob"), card.id, is_yes=True)
    votes = [office.desk().vote(office.actor("ann"), card.id, is_yes=True) for office in (asked, counting)]
    answers = await asyncio.gather(*votes, return_exceptions=True)
    await looking.worker().carry_on(incident)

    assert sum(isinstance(one, AskError) for one in answers) == 1
    events = [entry.event for entry in await ledger.entries(incident)]
    assert sum(isinstance(event, Intended) for event in events) == len(looking.shell.ran) == 1
