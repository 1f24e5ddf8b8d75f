"""A signed export alone: proved by key and anchors, and no changed byte passes.

`make tamper` changes it 100,000 times.
"""

import asyncio
import json
import os
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.audit import Kind, Result, verify_export
from bot.audit.checkpoint import signed_bytes
from bot.audit.keys import fresh_key
from bot.audit.lines import Line
from bot.model.person import Actor, Standing
from bot.story import export_incident
from tests.support.incidents import OLU, broken, opened, proposed, ran, shown, voted
from tests.support.sealed import Beside

MUTATIONS = int(os.environ.get("RUNBOOK_BOT_MUTATIONS", "1500"))
ACTOR = Actor(account=OLU, standing=Standing.MEMBER, person="olu")
_MARKS = (
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\\",
    "0",
    "1",
    "a",
    "A",
    "f",
    "F",
    " ",
    "\n",
    "-",
    "\x00",
    "\ufeff",
)


@dataclass(frozen=True, kw_only=True)
class Exports:
    """A signed export, another one of the same ledger, and what is known outside."""

    content: bytes
    other: bytes
    public: str
    lines: tuple[Line, ...]


async def made(files: Beside) -> tuple[bytes, bytes]:
    async with await files.open() as store:
        sealed = files.sealed(store)
        digest = await sealed.keep("connect() failed")
        now = await sealed.now()
        await sealed.append(
            "INC-1", [opened(), *ran(1, broken(), evidence=digest), proposed(at=now), voted(), shown()]
        )
        await sealed.append("INC-2", [opened("web-02")])
        await sealed.seal()
        await sealed.append("INC-1", [voted("sam")])
        first = await export_incident(sealed, ACTOR, "INC-1", "json")
        await sealed.append("INC-2", ran(1, broken()))
        other = await export_incident(sealed, ACTOR, "INC-2", "json")
        assert (await export_incident(sealed, ACTOR, "INC-1", "json")).content == first.content
    return first.content, other.content


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    files = Beside(tmp_path_factory.mktemp("exports"))
    content, other = asyncio.run(made(files))
    return Exports(content=content, other=other, public=files.public, lines=files.lines)


def test_a_signed_export_is_proved_alone(exports: Exports) -> None:
    known = verify_export(exports.content, lines=exports.lines, public_keys=[exports.public])
    unknown = verify_export(exports.content)

    assert (known.result, known.warnings) == (Result.OK, ())
    assert unknown.result is Result.OK
    assert "signed by key" in unknown.warnings[0]


def test_another_key_did_not_sign_it(exports: Exports) -> None:
    report = verify_export(exports.content, public_keys=[fresh_key().public])

    assert [one.kind for one in report.troubles] == [Kind.SIGNATURE]


def test_one_that_was_made_up_as_a_whole_is_found_out(exports: Exports) -> None:
    """Without the bot's key somebody signs with their own, or takes another export's checkpoint."""
    told = json.loads(exports.content)
    mine = fresh_key()
    (sealed,) = told["checkpoints"]
    own = {**sealed, "public": mine.public, "signature": mine.sign(signed_bytes(sealed["text"]))}
    for checkpoints in ([], [own], json.loads(exports.other)["checkpoints"]):
        forged = json.dumps({**told, "checkpoints": checkpoints}, sort_keys=True, indent=2) + "\n"

        report = verify_export(forged.encode(), public_keys=[exports.public])

        assert report.result is Result.TAMPERED


def test_a_checkpoint_that_was_not_written_down_outside_is_found_out(exports: Exports) -> None:
    report = verify_export(exports.content, lines=exports.lines[:1])

    assert [one.kind for one in report.troubles] == [Kind.ANCHOR]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A few characters, or a piece, changed, doubled, moved or lost."""
    text = content.decode()
    at, to = sorted((chance.randrange(len(text)), chance.randrange(len(text))))
    short = min(to, at + chance.randint(1, 80))
    match chance.randrange(7):
        case 0:
            text = text[:at] + chance.choice(_MARKS) + text[at + 1 :]
        case 1:
            text = text[:at] + chance.choice(_MARKS) + text[at:]
        case 2:
            text = text[:at] + text[short:]
        case 3:
            text = text[:short] + text[at:]
        case 4:
            text = text[:at] + text[at:short].swapcase() + text[short:]
        case 5:
            text = text[:at]
        case 6:
            return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]
    return text.encode("utf-8", "surrogatepass")


def test_no_mutated_export_passes_or_crashes(exports: Exports) -> None:
    chance, accepted, results = random.Random(4), [], set()
    for _ in range(MUTATIONS):
        changed = mutated(exports.content, chance)
        keys = [exports.public] if chance.random() < 0.5 else []

        report = verify_export(changed, public_keys=keys)

        results.add(report.result)
        if report.result is Result.OK and changed != exports.content:
            accepted.append(changed)

    assert accepted == []
    assert {Result.TAMPERED, Result.UNREADABLE} <= results


@pytest.mark.parametrize("field", ["text", "public", "signature"])
@pytest.mark.parametrize(
    "value", [None, "", "[]", "0" * 64, "\ud800", "[" * 9999, {}], ids=lambda one: repr(one)[:20]
)
def test_no_odd_checkpoint_crashes_it(exports: Exports, field: str, value: object) -> None:
    told = json.loads(exports.content)
    told["checkpoints"][0][field] = value

    assert verify_export(json.dumps(told).encode()).result is not Result.OK


async def test_after_a_rollback_an_export_is_written_without_a_signature(tmp_path: Path) -> None:
    files = Beside(tmp_path)
    await made(files)
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        Path(tmp_path, name).unlink(missing_ok=True)  # noqa: ASYNC240 - nobody else waits
    async with await files.open() as store:
        sealed = files.sealed(store)
        await sealed.append("INC-1", [opened()])

        file = await export_incident(sealed, ACTOR, "INC-1", "json")

        assert json.loads(file.content)["checkpoints"] == []
