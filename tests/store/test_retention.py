"""Old evidence is erased, for good, and the ledger says who did it; on both databases."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.audit import Result, verify_ledger
from bot.store import SqlLedger
from bot.store.retention import OldTexts
from bot.store.system import EvidenceErased
from tests.store.stores import SqliteStore
from tests.support.incidents import broken, opened, ran

SECRET = "a customer's name " * 400
LATER = timedelta(days=1)


async def fill(ledger: SqlLedger, incident: str, text: str = SECRET) -> str:
    digest = await ledger.keep(text)
    await ledger.append(incident, [opened(), *ran(1, broken(), evidence=digest)])
    return digest


async def forget(ledger: SqlLedger, before: datetime) -> tuple[OldTexts, ...]:
    found = await ledger.retention.older(ledger.records(), before)
    for old in found:
        await ledger.retention.forget(old, before=before, person="mei", reason="90 days")
    return found


async def test_texts_of_before_a_time_are_erased_and_the_chain_stays_whole(ledger: SqlLedger) -> None:
    first, second = await fill(ledger, "INC-1"), await fill(ledger, "INC-2")
    before = await ledger.now() + LATER

    found = await forget(ledger, before)

    assert [(old.incident, old.digests, old.size_bytes) for old in found] == [
        ("INC-1", (first,), len(SECRET)),
        ("INC-2", (second,), len(SECRET)),
    ]
    assert [await ledger.evidence(one) for one in (first, second)] == [None, None]
    assert [await ledger.salt(one) for one in (first, second)] == [None, None]
    assert (await verify_ledger(ledger)).result is Result.OK


async def test_who_did_it_and_why_stands_in_the_system_chain(ledger: SqlLedger) -> None:
    await fill(ledger, "INC-1")
    before = await ledger.now() + LATER

    await forget(ledger, before)

    (placed,) = await ledger.system.events(kinds=(EvidenceErased,))
    assert placed.event == EvidenceErased(
        incident="INC-1", texts=1, before=before, person="mei", reason="90 days"
    )


async def test_what_is_younger_stays_and_nothing_is_erased_twice(ledger: SqlLedger) -> None:
    digest = await fill(ledger, "INC-1")
    now = await ledger.now()

    assert await forget(ledger, now - LATER) == ()
    assert await ledger.evidence(digest) == SECRET

    assert len(await forget(ledger, now + LATER)) == 1
    assert await forget(ledger, now + LATER) == ()


async def test_many_texts_of_one_incident_go_page_by_page(
    ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.retention._PAGE", 2)
    digests = [await ledger.keep(f"text {n}") for n in range(5)]
    runs = [event for n, one in enumerate(digests, start=1) for event in ran(n, broken(), evidence=one)]
    await ledger.append("INC-1", [opened(), *runs])

    (old,) = await forget(ledger, await ledger.now() + LATER)

    assert sorted(old.digests) == sorted(digests)
    assert [await ledger.evidence(one) for one in digests] == [None] * 5
    told = await ledger.system.events(kinds=(EvidenceErased,))
    assert [getattr(one.event, "texts", 0) for one in told] == [2, 2, 1]


async def test_nothing_of_an_erased_text_is_left_in_the_file(path: Path) -> None:
    store = SqliteStore(path)
    async with await store.open() as ledger:
        await fill(ledger, "INC-1")
        assert SECRET[:17].encode() in store.path.read_bytes()

        await forget(ledger, datetime.now(UTC) + LATER)

    assert SECRET[:17].encode() not in store.path.read_bytes()
