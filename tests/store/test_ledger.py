"""What `bot.ports.Ledger` promises, on each real database."""

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from bot.audit import Result, verify_ledger
from bot.errors import Conflict, HostBusy, LedgerUnavailable
from bot.model.event import Hold, Noted
from bot.model.incident import fold
from bot.model.ruling import Question, Reason, Ruling, Stage
from bot.ports import Ledger
from bot.store import SqliteLedger, SqlLedger
from bot.store.postgres import PostgresLedger
from tests.store.stores import Store
from tests.support.incidents import MEI, T0, opened, proposed, voted, whole_incident

HOLD = Hold(host="web-01", target="shop.service")
QUESTION = Question(
    stage=Stage.VOTE,
    action="restart_unit",
    host="web-01",
    target="shop.service",
    at=T0,
    policy="p",
    rules=(),
    terms=None,
    requester="olu",
)


def note(text: str = "x") -> Noted:
    return Noted(by=MEI, person="mei", text=text)


async def test_is_a_ledger(ledger: SqlLedger) -> None:
    port: Ledger = ledger

    assert await port.incidents() == ()


async def test_what_is_appended_is_read_back_in_order(ledger: SqlLedger) -> None:
    events = whole_incident()

    written = await ledger.append("INC-1", events, after_seq=0)

    assert await ledger.entries("INC-1") == written
    assert tuple(entry.event for entry in written) == events
    assert [entry.seq for entry in written] == list(range(1, len(events) + 1))
    assert await ledger.entries("INC-1", after_seq=10) == written[10:]
    assert await ledger.entries("INC-2") == ()
    assert fold(written).head == written[-1].hash


async def test_entries_carry_the_databases_time(ledger: SqlLedger) -> None:
    began = datetime.now(UTC)
    before = await ledger.now()
    (entry,) = await ledger.append("INC-1", [opened()])
    after = await ledger.now()

    assert before <= entry.at <= after
    assert entry.at.tzinfo == UTC
    # The database is on this machine, and may cut its clock to the millisecond.
    assert began - timedelta(seconds=5) < before and after < datetime.now(UTC) + timedelta(seconds=5)


async def test_a_decision_on_an_old_state_is_a_conflict_and_writes_nothing(ledger: SqlLedger) -> None:
    await ledger.append("INC-1", [opened(), note()])

    with pytest.raises(Conflict, match="went on to #2 since #1"):
        await ledger.append("INC-1", [note()], after_seq=1)
    with pytest.raises(Conflict):
        await ledger.append("INC-1", [opened()], after_seq=0)

    assert len(await ledger.entries("INC-1")) == 2


@pytest.mark.parametrize(("age_s", "is_written"), [(10, True), (40, False)])
async def test_a_decision_that_waited_too_long_is_to_be_made_again(
    ledger: SqlLedger, age_s: int, *, is_written: bool
) -> None:
    await ledger.append("INC-1", [opened()])
    asked = replace(QUESTION, at=await ledger.now() - timedelta(seconds=age_s))
    ruling = Ruling(question=asked, is_allowed=True, reason=Reason.ALLOWED, says="one yes is enough")

    with nullcontext() if is_written else pytest.raises(Conflict, match="decide again"):
        await ledger.append("INC-1", [replace(voted(), ruling=ruling)], after_seq=1)

    assert len(await ledger.entries("INC-1")) == 1 + is_written


async def test_of_many_that_decide_at_once_one_wins(ledger: SqlLedger) -> None:
    await ledger.append("INC-1", [opened()])

    tries = [ledger.append("INC-1", [note(str(n))], after_seq=1) for n in range(20)]
    results = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(result, Conflict) for result in results) == 19
    assert len(await ledger.entries("INC-1")) == 2


async def test_an_empty_ledger_is_whole(ledger: SqlLedger) -> None:
    report = await verify_ledger(ledger)

    assert (report.result, report.entries, report.heads) == (Result.OK, 0, ())


async def test_two_hundred_appends_at_once_make_one_sound_chain(ledger: SqlLedger) -> None:
    await ledger.append("INC-1", [opened()])

    await asyncio.gather(*(ledger.append("INC-1", [note(str(n))]) for n in range(200)))

    texts = {entry.event.text for entry in await ledger.entries("INC-1") if isinstance(entry.event, Noted)}
    assert texts == {str(n) for n in range(200)}
    assert (await verify_ledger(ledger)).result is Result.OK


async def test_a_hold_keeps_another_incident_out_and_names_who_has_it(ledger: SqlLedger) -> None:
    await ledger.append("INC-1", [opened()], take=HOLD)

    with pytest.raises(HostBusy, match=r"incident INC-1 is acting on shop\.service of web-01"):
        await ledger.append("INC-2", [opened()], take=HOLD)

    assert await ledger.entries("INC-2") == ()
    await ledger.append("INC-2", [opened()], take=Hold(host="web-01", target="nginx.service"))
    await ledger.append("INC-1", [note()], take=HOLD)


async def test_a_hold_is_given_back_only_by_who_has_it(ledger: SqlLedger) -> None:
    await ledger.append("INC-1", [opened()], take=HOLD)

    await ledger.append("INC-2", [opened()], give=HOLD)
    assert await ledger.holder(HOLD) == "INC-1"

    await ledger.append("INC-1", [note()], give=HOLD)
    assert await ledger.holder(HOLD) is None


async def test_of_many_that_take_at_once_one_gets_the_hold(ledger: SqlLedger) -> None:
    takes = [ledger.append(f"INC-{n}", [opened()], take=HOLD) for n in range(20)]

    results = await asyncio.gather(*takes, return_exceptions=True)

    assert sum(isinstance(result, HostBusy) for result in results) == 19


async def test_lists_incidents_by_their_last_entry(ledger: SqlLedger) -> None:
    for name in ("INC-1", "INC-2", "INC-3"):
        await ledger.append(name, [opened()])
    await ledger.append("INC-1", [note()])

    assert await ledger.incidents() == ("INC-1", "INC-3", "INC-2")
    assert await ledger.incidents(limit=1) == ("INC-1",)


async def test_tells_what_changed_since_a_mark(ledger: SqlLedger) -> None:
    await ledger.append("INC-1", [opened()])
    mark, changed = await ledger.changed_since(0)
    assert changed == ("INC-1",)
    assert await ledger.changed_since(mark) == (mark, ())

    await ledger.append("INC-2", [opened()])
    await ledger.append("INC-1", [note()])

    assert (await ledger.changed_since(mark))[1] == ("INC-2", "INC-1")


async def test_finds_the_incident_of_an_approval(ledger: SqlLedger) -> None:
    await ledger.append("INC-1", [opened(), proposed("a1")])

    assert await ledger.incident_of("a1") == "INC-1"
    assert await ledger.incident_of("a2") is None
    with pytest.raises(Conflict, match="'a1' belongs to incident INC-1"):
        await ledger.append("INC-2", [opened(), proposed("a1")])


@pytest.mark.parametrize("name", ["", "system", "-x", "a b", "x" * 129, "a\n"])
async def test_refuses_names_that_no_incident_may_have(ledger: SqlLedger, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be an incident's id"):
        await ledger.append(name, [opened()])


async def test_evidence_lies_beside_the_chain_and_can_be_erased(ledger: SqlLedger) -> None:
    digest = await ledger.keep("a secret\x00 line \u2028")
    assert digest != await ledger.keep("a secret\x00 line \u2028")
    await ledger.append("INC-1", [opened()])

    assert await ledger.evidence(digest) == "a secret\x00 line \u2028"
    assert len(await ledger.salt(digest) or "") == 64
    await ledger.erase(digest)
    assert await ledger.evidence(digest) is None
    assert await ledger.salt(digest) is None
    assert (await verify_ledger(ledger)).result is Result.OK


async def test_evidence_is_committed_with_the_next_append(store: Store, ledger: SqlLedger) -> None:
    digest = await ledger.keep("text")
    count = f"SELECT count(*) FROM evidence WHERE digest = '{digest}'"
    assert store.select(count) == [(0,)]
    assert await ledger.evidence(digest) == "text"

    await ledger.append("INC-1", [opened()])

    assert store.select(count) == [(1,)]


async def test_much_evidence_does_not_wait_for_an_append(ledger: SqlLedger, store: Store) -> None:
    for _ in range(9):
        await ledger.keep("x" * 1_000_000)

    assert store.select("SELECT count(*) FROM evidence") == [(9,)]


async def test_text_of_any_kind_is_kept_as_it_was(store: Store, ledger: SqlLedger) -> None:
    hostile = "'; DROP TABLE entry; -- \\' \\\\ $function$ %s %(x)s {NULL,\"} \0\x1b\u2028 𝄞"
    notes = [note(text) for text in (hostile, "\\", "NULL", "")]

    written = await ledger.append("INC-1", notes)

    assert [entry.event for entry in written] == notes
    assert await ledger.entries("INC-1") == written
    assert store.select("SELECT count(*) FROM entry WHERE chain = 'INC-1'") == [(4,)]


async def test_evidence_and_entries_outlive_the_process(store: Store) -> None:
    async with await store.open() as first:
        digest = await first.keep("text")
        written = await first.append("INC-1", [opened()])
        late = await first.keep("never referred to")

    async with await store.open() as second:
        assert await second.entries("INC-1") == written
        assert (await second.evidence(digest), await second.evidence(late)) == ("text", "never referred to")


async def test_a_lost_commit_reply_is_looked_up_before_it_is_called_a_failure(
    store: Store, ledger: SqliteLedger | PostgresLedger
) -> None:
    def commit_and_lose_the_reply(connection: Connection) -> None:
        connection.exec_driver_sql("COMMIT")
        raise OperationalError("COMMIT", {}, store.broken)

    engine = ledger.database.writer.sync_engine
    event.listen(engine, "commit", commit_and_lose_the_reply, once=True)
    (entry,) = await ledger.append("INC-1", [opened()])

    assert await ledger.entries("INC-1") == (entry,)


# PostgreSQL commits with its last statement: test_postgres_away cuts that on the wire.
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_a_commit_that_did_not_happen_is_a_failure(
    store: Store, ledger: SqliteLedger | PostgresLedger
) -> None:
    def fail(connection: Connection) -> None:
        raise OperationalError("COMMIT", {}, store.broken)

    engine = ledger.database.writer.sync_engine
    event.listen(engine, "commit", fail)
    with pytest.raises(LedgerUnavailable):
        await ledger.append("INC-1", [opened()])
    event.remove(engine, "commit", fail)

    assert await ledger.entries("INC-1") == ()
    assert len(await ledger.append("INC-1", [opened()], after_seq=0)) == 1


async def test_an_append_that_is_cancelled_leaves_a_ledger_that_works(ledger: SqlLedger) -> None:
    for n in range(10):
        task = asyncio.create_task(ledger.append("INC-1", [note(str(n))]))
        for _ in range(n * 3):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert len(await ledger.append("INC-2", [opened()])) == 1
    assert (await verify_ledger(ledger)).result is Result.OK
