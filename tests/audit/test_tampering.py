"""Nine kinds of tampering with a real SQLite ledger: all show at every place, and which needs what to show.

`make tamper` tries 500 places of each.
"""

import asyncio
import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.audit import Report, Result, verify_ledger
from bot.audit.keys import SigningKey, load
from bot.audit.lines import Line
from bot.model.event import Noted
from bot.store import SqliteLedger
from tests.audit.attacks import ATTACKS, Rows, put, rows_of
from tests.support.incidents import MEI, broken, opened, ran
from tests.support.sealed import Beside

PLACES = int(os.environ.get("RUNBOOK_BOT_TAMPER", "12"))
#: Kinds that only show to who has the second sink's lines; without keys at hand one more.
NEED_ANCHORS = {"truncate", "rewrite and drop checkpoints", "rewrite and sign with the stolen key"}
#: Enough entries for each of the places.
INCIDENTS = max(4, PLACES // 40 + 1)
NOTES = 40


@dataclass(frozen=True, kw_only=True)
class Honest:
    """A sealed ledger, and what is known of it outside."""

    folder: Path
    rows: Rows
    key: SigningKey
    lines: tuple[Line, ...]

    async def verified(self, rows: Rows, *, lines: tuple[Line, ...], keys: tuple[str, ...]) -> Report:
        """A copy with these rows."""
        copy = self.folder / "copy.db"
        shutil.copyfile(self.folder / "ledger.db", copy)
        put(copy, rows)
        async with await SqliteLedger.open(copy) as ledger:
            return await verify_ledger(ledger, lines=lines, public_keys=keys)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Honest:
    files = Beside(tmp_path_factory.mktemp("honest"))
    asyncio.run(filled(files))
    return Honest(
        folder=files.ledger.parent, rows=rows_of(files.ledger), key=load(files.key), lines=files.lines
    )


async def filled(files: Beside) -> None:
    """Incidents in turn, with checkpoints at random places and one at the end."""
    async with await files.open() as store:
        sealed, chance = files.sealed(store), random.Random(502)
        for number in range(INCIDENTS):
            name = f"INC-{number}"
            await sealed.append(name, [opened(), *ran(1, broken())])
            for _ in range(NOTES // 4):
                await sealed.append(name, [Noted(by=MEI, person="mei", text="x")] * 4)
                if chance.random() < 0.5:
                    await sealed.seal()
        await sealed.seal()


def places(rows: Rows, kind: str) -> list[int]:
    """Where to attack: what is rewritten is an incident's, everything else anybody's."""
    wanted = [n for n, row in enumerate(rows) if row.chain != "system" or not kind.startswith("rewrite")]
    # The last row is the checkpoint that is anchored; to cut before it is the shortest cut.
    return sorted(random.Random(kind).sample(wanted[1:], PLACES))


@pytest.mark.parametrize("kind", ATTACKS)
async def test_every_kind_shows_at_every_place_with_anchors(honest: Honest, kind: str) -> None:
    missed = []
    for at in places(honest.rows, kind):
        rows = ATTACKS[kind](honest.rows, at, honest.key)

        report = await honest.verified(rows, lines=honest.lines, keys=(honest.key.public,))

        if report.result is not Result.TAMPERED or report.result.exit_status != 1 or not report.troubles:
            missed.append(at)

    assert missed == []


@pytest.mark.parametrize("kind", ATTACKS)
async def test_without_anchors_some_kinds_cannot_show(honest: Honest, kind: str) -> None:
    at = next(n for n, row in enumerate(honest.rows) if n > len(honest.rows) // 2 and row.chain != "system")
    rows = ATTACKS[kind](honest.rows, at, honest.key)

    report = await honest.verified(rows, lines=(), keys=(honest.key.public,))

    assert (report.result is Result.OK) == (kind in NEED_ANCHORS)


async def test_the_honest_one_passes_with_all_that_is_known_outside(honest: Honest) -> None:
    report = await honest.verified(honest.rows, lines=honest.lines, keys=(honest.key.public,))

    assert (report.result, report.troubles, report.warnings) == (Result.OK, (), ())
    assert len(honest.lines) > INCIDENTS


async def test_a_cut_names_the_first_checkpoint_that_is_gone(honest: Honest) -> None:
    report = await honest.verified(honest.rows[:-1], lines=honest.lines, keys=())

    last = honest.rows[-1]
    assert str(report.troubles[0]).startswith(f"system#{last.seq}: the chain is not the one that was seen")


async def test_a_rewritten_chain_names_its_first_place_that_a_checkpoint_saw(honest: Honest) -> None:
    at = next(n for n, row in enumerate(honest.rows) if row.chain == "INC-1")

    report = await honest.verified(
        ATTACKS["rewrite"](honest.rows, at, honest.key), lines=(), keys=(honest.key.public,)
    )

    assert "INC-1" in {one.chain for one in report.troubles}
