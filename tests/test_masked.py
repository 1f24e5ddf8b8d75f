"""What people type is kept without secrets; what votes are bound to is kept as it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.masked import MaskedLedger, without_secrets
from bot.model import event as events
from bot.model.event import Event, Intended, Proposed
from bot.model.refusal import AskRefused
from bot.redact import KnownValues
from bot.store import SqliteLedger
from tests.support.incidents import MEI, intended, opened, proposed, voted, whole_incident

KNOWN = KnownValues.of(["hunter2-of-the-fleet"])
TYPED = "it was hunter2-of-the-fleet, now password=q9w8e7r6t5"


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (opened(), "words"),
        (voted(), "reason"),
        (events.Noted(by=MEI, person="mei", text=""), "text"),
        (events.Refused(by=MEI, person="mei", wanted="", why=""), "why"),
        (events.Refused(by=MEI, person="mei", wanted="", why=""), "wanted"),
        (events.RunFailed(run=1, why=""), "why"),
        (events.ApprovalClosed(approval="a1", how=events.Closing.CHANGED, why=""), "why"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_free_text_is_masked(event: Event, name: str) -> None:
    typed = replace(event, **{name: TYPED})

    kept = getattr(without_secrets(typed, KNOWN), name)

    assert kept == "it was [REDACTED:known], now password=[REDACTED:value]"


@pytest.mark.parametrize("event", [proposed(), intended()], ids=lambda event: event.kind)
def test_what_a_digest_covers_is_not_touched(event: Proposed | Intended) -> None:
    bound = replace(event, commands=(("set", "--password=q9w8e7r6t5"),))

    assert without_secrets(bound, KNOWN) == bound


def test_an_incident_without_secrets_stays_as_it_is() -> None:
    for event in whole_incident():
        assert without_secrets(event, KNOWN) == event


async def test_the_ledger_holds_what_was_masked(tmp_path: Path) -> None:
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        await MaskedLedger(ledger, KNOWN).append("inc-1", [replace(opened(), words=TYPED)], after_seq=0)

        (entry,) = await ledger.entries("inc-1")

    assert "hunter2" not in entry.body and "q9w8e7r6t5" not in entry.body


async def test_a_refusal_from_before_an_incident_is_masked_too(tmp_path: Path) -> None:
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        refused = AskRefused(by=MEI, person="mei", wanted=TYPED, why=TYPED)

        await MaskedLedger(ledger, KNOWN).refuse(refused)

        (one,) = await ledger.system.events(kinds=(AskRefused,))
    assert "hunter2" not in str(one.event) and "q9w8e7r6t5" not in str(one.event)
