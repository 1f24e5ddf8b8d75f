"""A ledger file is copied while it is written, and a backup is tried out before it is needed."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import cli
from bot.errors import FileError, LedgerUnavailable
from bot.model.event import Noted
from bot.store import SqliteLedger
from bot.store.backup import copy_ledger, tried_out
from tests.support.incidents import MEI, broken, opened, ran


def note(text: str) -> Noted:
    return Noted(by=MEI, person="mei", text=text)


async def fill(path: Path, *, with_text: bool = False) -> None:
    async with await SqliteLedger.open(path) as ledger:
        digest = await ledger.keep("what the host printed") if with_text else None
        await ledger.append("INC-1", [opened(), *ran(1, broken(), evidence=digest)])


@pytest.fixture
def filled(path: Path) -> Path:
    asyncio.run(fill(path, with_text=True))
    return path


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["ledger", *words], env={"RUNBOOK_BOT_LEDGER": str(path)})


def test_a_backup_is_whole_and_its_owners_alone(filled: Path, tmp_path: Path) -> None:
    made = run(filled, "backup", str(tmp_path / "copy.db"))

    assert (made.exit_code, made.stdout.splitlines()[0]) == (
        0,
        "ok: 5 entries in 2 chain(s), none changed, lost or added",
    )
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob(".*")) == []


def test_a_backup_that_was_changed_is_said_to_be(filled: Path, tmp_path: Path) -> None:
    copy_ledger(filled, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.execute("DROP TRIGGER entry_never_goes")
        connection.execute("DELETE FROM entry WHERE chain = 'INC-1' AND seq = 2")
        connection.commit()
    before = (tmp_path / "copy.db").read_bytes()

    checked = run(filled, "check", str(tmp_path / "copy.db"))

    assert checked.exit_code == 1
    assert "INC-1#2" in checked.stdout
    assert (tmp_path / "copy.db").read_bytes() == before


def test_a_backup_that_lacks_what_an_anchor_shows_is_said_to_be_old(filled: Path, tmp_path: Path) -> None:
    copy_ledger(filled, tmp_path / "copy.db")
    later = asyncio.run(appended(filled))

    checked = run(filled, "check", str(tmp_path / "copy.db"), "--anchor", later)

    assert checked.exit_code == 1
    assert later.partition("=")[0] in checked.stdout


async def appended(path: Path) -> str:
    async with await SqliteLedger.open(path) as ledger:
        (entry,) = await ledger.append("INC-1", [note("later")])
    return f"INC-1#{entry.seq}={entry.hash[:16]}"


@pytest.mark.parametrize("damage", ["cut", "filled with zeros", "another file", "gone"])
def test_what_cannot_be_restored_is_said_in_one_sentence(filled: Path, tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "copy.db"
    copy_ledger(filled, copy)
    whole = copy.read_bytes()
    match damage:
        case "cut":
            copy.write_bytes(whole[: len(whole) // 2])
        case "filled with zeros":
            copy.write_bytes(whole[:4096] + bytes(8192) + whole[12288:])
        case "another file":
            copy.write_text("hello")
        case "gone":
            copy.unlink()

    checked = run(filled, "check", str(copy))

    assert checked.exit_code == 3, checked.output
    assert len(checked.stderr.splitlines()) == 1
    assert str(copy) in checked.stderr


def test_a_file_that_is_there_is_not_overwritten(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")

    with pytest.raises(FileError, match="is there already"):
        copy_ledger(filled, tmp_path / "copy.db")

    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_missing_ledger_is_not_made_by_backing_it_up(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable, match="cannot be opened"):
        copy_ledger(tmp_path / "none.db", tmp_path / "copy.db")

    assert list(tmp_path.iterdir()) == []


def test_trying_a_backup_out_does_not_change_it(filled: Path, tmp_path: Path) -> None:
    copy_ledger(filled, tmp_path / "copy.db")
    before = (tmp_path / "copy.db").read_bytes()

    with tried_out(tmp_path / "copy.db") as restored:
        asyncio.run(appended(restored))

    assert (tmp_path / "copy.db").read_bytes() == before


async def test_a_copy_that_is_made_while_others_append_is_of_one_moment(path: Path, tmp_path: Path) -> None:
    await fill(path)
    async with await SqliteLedger.open(path) as ledger:
        writing = asyncio.create_task(write(ledger))
        for n in range(5):
            await asyncio.to_thread(copy_ledger, path, tmp_path / f"{n}.db")
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)

    lengths = []
    for n in range(5):
        with tried_out(tmp_path / f"{n}.db") as copy:
            async with await SqliteLedger.open(copy) as restored:
                lengths.append(len(await restored.entries("INC-1")))
    assert lengths == sorted(lengths)


async def write(ledger: SqliteLedger) -> None:
    for n in range(10_000):
        await ledger.append("INC-1", [note(f"{n}")])


def test_a_ledger_in_postgresql_is_left_to_its_own_tools(tmp_path: Path) -> None:
    made = CliRunner().invoke(cli, ["ledger", "backup", str(tmp_path / "x"), "--ledger", "postgresql://db/x"])

    assert made.exit_code == 2
    assert "pg_dump; see docs/howto/ledger.md" in made.stderr


FLEET = """# fleet.yaml
hosts:
  web-01: {address: 192.0.2.1, user: runbook, service: {unit: myapp.service, health: /livez}}
ssh: {identity: ./id_runbook, known_hosts: ./known_hosts}
"""


def test_forgetting_says_first_what_would_go_and_wants_a_reason(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    for name in ("id_runbook", "known_hosts"):
        (tmp_path / name).touch(mode=0o600)
    fleet = ("--fleet", str(tmp_path / "fleet.yaml"))

    dry = run(filled, "forget", "--older-than", "1d", "--dry-run")
    bare = run(filled, "forget", "--older-than", "90d", *fleet)
    done = run(filled, "forget", "--older-than", "90d", "--reason", "rule", *fleet)

    assert (dry.exit_code, bare.exit_code, done.exit_code) == (0, 2, 0), dry.output + done.output
    assert dry.stdout.startswith("would be erased: 0 texts")
    assert "say why" in bare.stderr
    assert done.stdout.startswith("erased: 0 texts")


@pytest.mark.parametrize("age", ["90", "23h", "-1d", "soon"])
def test_an_age_that_is_none_or_too_young_is_refused(filled: Path, age: str) -> None:
    refused = run(filled, "forget", f"--older-than={age}", "--dry-run")

    assert refused.exit_code == 2
    assert "--older-than" in refused.stderr
