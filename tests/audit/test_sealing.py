"""Checkpoints on both databases: when they are written, what they say, who signed them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.audit import Kind, Report, Result, verify_ledger
from bot.audit.checkpoint import read
from bot.audit.keys import KeyFile, SigningKey, fresh_key
from bot.audit.lines import AnchorLine, read_lines
from bot.audit.report import Head
from bot.audit.sealed import SealedLedger
from bot.audit.sealing import Sealer, rotate
from bot.audit.sink import NoSink
from bot.errors import LedgerUnavailable
from bot.model.event import Noted
from bot.store import SqliteLedger, SqlLedger
from bot.store.codec import decode
from bot.store.postgres import PostgresLedger
from bot.store.system import SYSTEM, CheckpointWritten, KeyAdded
from tests.store.stores import PostgresStore
from tests.support.incidents import MEI, broken, opened, ran, voted
from tests.support.records import RecordedLedger, linked
from tests.support.sealed import MemoryChains, MemorySink, memory_sealer

NOTE = Noted(by=MEI, person="mei", text="x")
LOOKED = (opened(), *ran(1, broken()))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlLedger]:
    if request.param == "sqlite":
        async with await SqliteLedger.open(tmp_path / "ledger.db") as opened_ledger:
            yield opened_ledger
        return
    server = request.getfixturevalue("postgres_server")
    place = PostgresStore(server, server.ledger())
    async with await PostgresLedger.open(place.where) as postgres:
        yield postgres
    server.drop(place.name)


async def checkpoints(store: SqlLedger) -> list[CheckpointWritten]:
    found = await store.system.events(kinds=(CheckpointWritten,))
    return [one.event for one in found if isinstance(one.event, CheckpointWritten)]


class Counted(SealedLedger):
    """Tells how often it was sealed."""

    def __init__(self, store: SqlLedger) -> None:
        super().__init__(store, store, key=lambda: None, sink=NoSink())
        self._seals = 0
        self._moved = asyncio.Condition()

    async def seal(self) -> None:
        await super().seal()
        async with self._moved:
            self._seals += 1
            self._moved.notify_all()

    async def until_sealed(self, times: int) -> None:
        async with asyncio.timeout(60), self._moved:
            await self._moved.wait_for(lambda: self._seals >= times)


async def test_a_checkpoint_names_what_grew_since_the_one_before(store: SqlLedger) -> None:
    sink = MemorySink()
    sealed = SealedLedger(store, store, key=lambda: None, sink=sink)
    await sealed.append("INC-1", LOOKED)
    await sealed.append("INC-2", [opened("web-02")])
    await sealed.seal()
    (last,) = await sealed.append("INC-2", [NOTE])

    await sealed.seal()
    await sealed.seal()

    first, second = [read(one.text) for one in await checkpoints(store)]
    assert [(one.chain, one.seq) for one in first.heads] == [("INC-1", 4), ("INC-2", 1), (SYSTEM, 2)]
    assert (first.n, first.total, second.n, second.total) == (1, 7, 2, 9)
    assert Head(chain="INC-2", seq=2, hash=last.hash) in second.heads
    assert "INC-1" not in {one.chain for one in second.heads}
    places = [(line.seq, line.hash) for line in read_lines(sink.lines) if isinstance(line, AnchorLine)]
    kept = await store.system.hashes([(SYSTEM, seq) for seq, _ in places])
    assert [kept[SYSTEM, seq] for seq, _ in places] == [digest for _, digest in places]
    assert len(places) == 2
    report = await verify_ledger(store, lines=read_lines(sink.lines))
    assert report.result is Result.OK
    assert report.warnings == ("the checkpoints are not signed; set RUNBOOK_BOT_CHECKPOINT_KEY",)


async def test_a_large_old_ledger_is_covered_in_several(
    store: SqlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.system_chain._MAX_ROWS", 5)
    for n in range(4):
        await store.append(f"INC-{n}", [opened(), NOTE])
    key, sink = fresh_key(), MemorySink()
    sealer = Sealer(store.system, lambda: key, sink)

    proof = await sealer.proof(Head(chain="INC-0", seq=1, hash=(await store.entries("INC-0"))[0].hash))

    assert proof is not None
    assert len(sink.lines) > 2
    report = await verify_ledger(store, lines=read_lines(sink.lines), public_keys=[key.public])
    assert (report.result, report.warnings) == (Result.OK, ())


async def test_it_is_sealed_soon_after_an_approval_and_after_a_hundred_events(store: SqlLedger) -> None:
    sealed = Counted(store)
    async with sealed.kept_sealed():
        # The look with which it begins: else it could meet what comes next, in the middle of it.
        await sealed.until_sealed(1)
        await sealed.append("INC-1", [opened(), voted()])
        await sealed.until_sealed(2)
        await sealed.append("INC-1", [NOTE] * 99)
        await sealed.append("INC-1", [NOTE])
        await sealed.until_sealed(3)
        await sealed.append("INC-1", [NOTE])

    # The second waited for the hundredth; what came last is covered when the bot ends.
    texts = [read(one.text) for one in await checkpoints(store)]
    named = [one.seq for text in texts for one in text.heads if one.chain == "INC-1"]
    assert named == [2, 102, 103]


async def test_two_servers_at_once_write_one_line_of_checkpoints(store: SqlLedger) -> None:
    key = fresh_key()
    both = [Sealer(store.system, lambda: key, MemorySink()) for _ in range(2)]
    for n in range(6):
        await store.append(f"INC-{n}", [opened()])
        await asyncio.gather(*(one.seal() for one in both))

    report = await verify_ledger(store, public_keys=[key.public])

    assert report.troubles == ()
    assert len(await checkpoints(store)) == 6


async def test_a_sink_that_is_away_is_told_later(store: SqlLedger, tmp_path: Path) -> None:
    sink = FlakySink()
    sealer = Sealer(store.system, lambda: None, sink)
    await store.append("INC-1", [opened()])

    with pytest.raises(LedgerUnavailable):
        await sealer.seal()
    sink.is_away = False
    await store.append("INC-1", [NOTE])
    await sealer.seal()

    assert len(sink.lines) == 2


class FlakySink(MemorySink):
    is_away = True

    def write(self, line: str) -> None:
        if self.is_away:
            raise LedgerUnavailable("away")
        super().write(line)


async def sealed_rows(*keys: SigningKey | None, vouch: bool = False) -> MemoryChains:
    """One checkpoint with each key."""
    chains = MemoryChains()
    before: SigningKey | None = None
    for n, key in enumerate(keys):
        chains.commit(f"INC-{n}", [opened(), NOTE])
        if vouch and before and key:
            await rotate(chains, before, key)  # type: ignore[arg-type]  # has what it calls
        await memory_sealer(chains, key, MemorySink()).seal()
        before = key
    return chains


async def verified(chains: MemoryChains, *keys: SigningKey) -> Report:
    return await verify_ledger(chains.recorded(), public_keys=[key.public for key in keys])


async def test_a_rotated_key_is_trusted_by_the_word_of_the_old_one() -> None:
    old, new = fresh_key(), fresh_key()

    report = await verified(await sealed_rows(old, new, vouch=True), old)

    assert (report.result, report.warnings) == (Result.OK, ())


async def test_a_key_that_came_without_a_word_is_told_and_not_trusted() -> None:
    old, new = fresh_key(), fresh_key()
    chains = await sealed_rows(old, new)

    assert "came without the word of the one before" in (await verified(chains)).warnings[0]
    assert [one.kind for one in (await verified(chains, old)).troubles] == [Kind.SIGNATURE]
    assert (await verified(chains, old, new)).result is Result.OK


async def test_whoever_signs_with_another_key_is_found_out() -> None:
    mine, other = fresh_key(), fresh_key()

    report = await verified(await sealed_rows(other), mine)

    assert "none of the given ones" in str(report.troubles[0])


async def test_without_any_signature_a_given_key_says_so() -> None:
    report = await verified(await sealed_rows(None), fresh_key())

    assert str(report.troubles[0]).endswith("(no checkpoint is signed by a given key)")


async def test_a_process_without_the_key_writes_none_after_a_signed_one() -> None:
    with pytest.raises(LedgerUnavailable, match="has no key, so it writes none"):
        await sealed_rows(fresh_key(), None)


def changed(chains: MemoryChains, n: int, **fields: str) -> RecordedLedger:
    """The n-th checkpoint says something else, and all hashes fit."""
    rows = [row for row in chains.rows if row.chain == SYSTEM]
    found = [row for row in rows if isinstance(decode(row.body).event, CheckpointWritten)][n]
    event = decode(found.body).event
    body = found.body
    for name, value in fields.items():
        body = body.replace(_quoted(getattr(event, name)), _quoted(value))
    again = linked(SYSTEM, [body if row is found else row.body for row in rows])
    return RecordedLedger(rows=(*(row for row in chains.rows if row.chain != SYSTEM), *again))


def _quoted(text: str) -> str:
    return text.replace('"', '\\"')


async def test_each_part_of_a_checkpoint_is_held_against_the_rest() -> None:
    key = fresh_key()
    chains = await sealed_rows(key, key, key)
    events = [decode(row.body).event for row in chains.rows if row.chain == SYSTEM]
    second = [one for one in events if isinstance(one, CheckpointWritten)][1]
    forged = {
        "signature": ("signature", "0" * 128),
        "key": ("key", "0" * 16),
        "total": ("text", second.text.replace('"total":', '"total":1')),
        "n": ("text", second.text.replace('"n":2', '"n":3')),
        "heads": ("text", second.text.replace('"INC-1",2', '"INC-1",1')),
        "no checkpoint": ("text", "[]"),
    }
    found = {}
    for name, (field, value) in forged.items():
        report = await verify_ledger(changed(chains, 1, **{field: value}))
        found[name] = {one.kind for one in report.troubles}

    # The later checkpoints saw the system chain as it was, too.
    assert found["signature"] == found["key"] == {Kind.SIGNATURE, Kind.ANCHOR}
    assert all(
        kinds & {Kind.CHECKPOINT, Kind.ANCHOR}
        for name, kinds in found.items()
        if name not in ("signature", "key")
    )
    assert (await verify_ledger(chains.recorded(), public_keys=[key.public])).result is Result.OK


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"total":', '"total":1', "entries, its heads"),
        ('"n":2', '"n":4', "number 4 does not follow number 1"),
    ],
)
async def test_a_last_checkpoint_that_miscounts_shows_without_any_signature(
    old: str, new: str, says: str
) -> None:
    chains = await sealed_rows(None, None)
    texts = [decode(row.body).event for row in chains.rows if row.chain == SYSTEM]
    last = [one for one in texts if isinstance(one, CheckpointWritten)][-1].text

    report = await verify_ledger(changed(chains, 1, text=last.replace(old, new)))

    assert [one.kind for one in report.troubles] == [Kind.CHECKPOINT]
    assert says in report.troubles[0].says


async def test_a_checkpoint_taken_out_of_the_middle_is_missed() -> None:
    key = fresh_key()
    chains = await sealed_rows(key, key, key)
    rows = [row for row in chains.rows if row.chain == SYSTEM]
    texts = [row for row in rows if '"n\\":2' not in row.body]
    less = linked(SYSTEM, [row.body for row in texts])
    rest = [row for row in chains.rows if row.chain != SYSTEM]

    report = await verify_ledger(RecordedLedger(rows=(*rest, *less)))

    assert len(less) == len(rows) - 1
    assert Kind.CHECKPOINT in {one.kind for one in report.troubles}


async def test_a_rotated_key_file_is_used_at_once(store: SqlLedger, tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "key.pem")
    first = file()
    sealer = Sealer(store.system, file, NoSink())
    await store.append("INC-1", [opened()])
    await sealer.seal()
    (tmp_path / "key.pem").unlink()
    await store.append("INC-1", [NOTE])

    await sealer.seal()

    keys = [one.event for one in await store.system.events(kinds=(KeyAdded,))]
    assert first is not None
    assert [one.key == first.id for one in keys if isinstance(one, KeyAdded)] == [True, False]
