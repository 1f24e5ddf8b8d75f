"""A ledger that went back is noticed at the start and while serving; two people let it act again."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from bot.audit import Result, verify_ledger
from bot.audit.keys import KeyFile
from bot.audit.lines import AcceptedLine, AnchorLine
from bot.audit.sealed import SealedLedger
from bot.audit.sealing import Sealer
from bot.audit.sink import NoSink
from bot.audit.watch import RollbackWatch
from bot.errors import LedgerUnavailable
from bot.model.event import Hold
from bot.store import SqliteLedger
from bot.store.system_chain import SystemChain
from tests.support.incidents import action_ended, broken, claimed, intended, opened, proposed, ran, voted
from tests.support.sealed import Beside

HOLD = Hold(host="web-01", target="shop.service")
ASKED = (opened(), *ran(1, broken()))
WHY = "restored after the disk broke"


def copied(source: Path, target: Path) -> None:
    """A backup as SQLite makes it, also into a database that is in use."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


async def approved(sealed: SealedLedger, incident: str) -> None:
    now = await sealed.now()
    await sealed.append(
        incident, [*ASKED, proposed(f"a-{incident}", at=now), voted(approval=f"a-{incident}")]
    )
    await sealed.seal()


async def claim(sealed: SealedLedger, incident: str) -> None:
    await sealed.append(incident, [claimed(f"a-{incident}")], take=HOLD)


@pytest.fixture
def files(tmp_path: Path) -> Beside:
    return Beside(tmp_path)


@pytest.fixture
async def backup(files: Beside, tmp_path: Path) -> Path:
    """Yesterday's; since then INC-2 was approved. Nothing is open any more."""
    kept = tmp_path / "backup.db"
    async with await files.open() as store:
        sealed = files.sealed(store)
        await approved(sealed, "INC-1")
        copied(files.ledger, kept)
        await approved(sealed, "INC-2")
    return kept


async def test_an_action_is_started_when_nothing_went_back(files: Beside, backup: Path) -> None:
    async with await files.open() as store:
        sealed = files.sealed(store)

        await claim(sealed, "INC-1")

        assert await sealed.trouble() is None
        assert await store.holder(HOLD) == "INC-1"


async def test_after_a_start_with_an_old_backup_nothing_is_acted_on(files: Beside, backup: Path) -> None:
    copied(backup, files.ledger)
    async with await files.open() as store:
        sealed = files.sealed(store)

        with pytest.raises(LedgerUnavailable, match=r"the ledger went back: system#.*2 different people"):
            await claim(sealed, "INC-1")
        with pytest.raises(LedgerUnavailable, match="went back"):
            await sealed.append("INC-1", [intended("a-INC-1")])

        # Looking, and the end of what ran, are still written down.
        await sealed.append("INC-1", [action_ended(approval="a-INC-1")])
        assert await store.holder(HOLD) is None


@pytest.mark.parametrize("has_anchors", [True, False], ids=["with a sink", "without"])
async def test_while_serving_it_is_noticed_before_the_next_action(
    files: Beside, backup: Path, has_anchors: bool
) -> None:
    if not has_anchors:
        files.sink = NoSink()
    async with await files.open() as store:
        sealed = files.sealed(store)
        await approved(sealed, "INC-3")

        copied(backup, files.ledger)

        with pytest.raises(LedgerUnavailable, match="went back"):
            await claim(sealed, "INC-1")
    async with await files.open() as store:
        assert "went back" in (await files.sealed(store).trouble() or ""), "a restart must not forget it"


async def test_an_entry_that_no_checkpoint_saw_yet_is_missed_too(files: Beside, backup: Path) -> None:
    async with await files.open() as store:
        sealed = files.sealed(store)
        assert await sealed.trouble() is None
        now = files.ledger.with_name("now.db")
        copied(files.ledger, now)
        await sealed.append("INC-1", [action_ended(approval="a-INC-1")])

        copied(now, files.ledger)

        assert "INC-1#" in (await sealed.trouble() or "")


async def test_no_checkpoint_is_written_until_it_is_accepted(files: Beside, backup: Path) -> None:
    copied(backup, files.ledger)
    before = files.lines
    async with await files.open() as store:
        sealed = files.sealed(store)

        await sealed.append("INC-1", [action_ended(approval="a-INC-1")])
        await sealed.seal()

    # Else the newest line would fit again, and the next start would notice nothing.
    assert files.lines == before


async def test_one_person_is_not_enough_however_often(files: Beside, backup: Path) -> None:
    copied(backup, files.ledger)
    for _ in range(2):
        async with await files.open() as store:
            missing = await files.sealed(store).accept_rollback("mei", WHY)

            assert missing and "mei accepted it so far" in missing
            with pytest.raises(LedgerUnavailable):
                await claim(files.sealed(store), "INC-1")


async def test_two_people_let_it_go_on_and_verification_tells_of_it(files: Beside, backup: Path) -> None:
    copied(backup, files.ledger)
    async with await files.open() as serving, await files.open() as store:
        running = files.sealed(serving)
        assert await running.trouble() is not None

        await files.sealed(store).accept_rollback("mei", WHY)
        assert await files.sealed(store).accept_rollback("olu", WHY) == ""

        await claim(running, "INC-1")
        await running.append("INC-1", [intended("a-INC-1"), action_ended(approval="a-INC-1")])
        await running.seal()
        report = await verify_ledger(serving, lines=files.lines, public_keys=[files.public])
        unheard = await verify_ledger(serving, lines=[files.lines[1], files.lines[-1]])
    assert (report.result, report.troubles) == (Result.OK, ())
    assert [one for one in report.warnings if "accepted by mei, olu" in one]
    assert unheard.result is Result.TAMPERED, "what the sink does not say was not accepted"


async def test_who_only_writes_into_the_sink_excuses_nothing(files: Beside, backup: Path) -> None:
    before = files.lines
    newest = [one for one in before if isinstance(one, AnchorLine)][-1]
    copied(backup, files.ledger)
    forged = [AcceptedLine(lost=newest.place, kept=0, person=name) for name in ("mei", "olu")]
    async with await files.open() as store:
        report = await verify_ledger(store, lines=[*before, *forged])

    assert report.result is Result.TAMPERED


async def test_what_was_anchored_after_the_last_look_is_accepted_with_the_rest(
    files: Beside, backup: Path
) -> None:
    async with await files.open() as store:
        sealed = files.sealed(store)
        assert await sealed.trouble() is None
        await store.append("INC-3", [opened()])
        await Sealer(store.system, KeyFile(files.key), files.sink).seal()
        copied(backup, files.ledger)

        for person in ("mei", "olu"):
            await sealed.accept_rollback(person, WHY)

        report = await verify_ledger(store, lines=files.lines)
    assert (report.result, report.troubles) == (Result.OK, ())


async def test_nothing_can_be_accepted_when_nothing_went_back(files: Beside, backup: Path) -> None:
    async with await files.open() as store:
        assert await files.sealed(store).accept_rollback("mei", WHY) is None


async def test_a_second_rollback_has_to_be_accepted_again(
    files: Beside, backup: Path, tmp_path: Path
) -> None:
    copied(backup, files.ledger)
    async with await files.open() as store:
        for person in ("mei", "olu"):
            await files.sealed(store).accept_rollback(person, WHY)
        await approved(files.sealed(store), "INC-4")

    copied(backup, files.ledger)

    async with await files.open() as store:
        assert await files.sealed(store).trouble() is not None


async def test_a_ledger_that_was_replaced_by_an_empty_one_is_noticed(files: Beside, backup: Path) -> None:
    for left in files.ledger.parent.glob("ledger.db*"):
        left.unlink()
    async with await SqliteLedger.open(files.ledger) as store:
        assert "went back" in (await files.sealed(store).trouble() or "")


class Committing:
    """A system chain during whose answer another entry is committed, as happens while a bot is busy."""

    def __init__(self, store: SqliteLedger) -> None:
        self._store = store
        self.watch: RollbackWatch | None = None

    async def hashes(self, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        answer = await self._store.system.hashes(places)
        (entry,) = await self._store.append("INC-9", [opened()])
        assert self.watch is not None
        self.watch.saw("INC-9", entry.seq, entry.hash)
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store.system, name)


async def test_what_is_committed_during_a_look_is_no_rollback(files: Beside, backup: Path) -> None:
    async with await files.open() as store:
        system = Committing(store)
        system.watch = RollbackWatch(cast("SystemChain", system), NoSink())
        (entry,) = await store.append("INC-8", [opened()])
        system.watch.saw("INC-8", entry.seq, entry.hash)

        assert await system.watch.look() is None
        assert await system.watch.look() is None
