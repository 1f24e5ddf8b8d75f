"""docs/howto/ledger.md, done as it is written: a dump of PostgreSQL is restored and proved."""

import asyncio
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from tests.store.stores import PostgresStore
from tests.support.incidents import broken, opened, ran
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.postgres

PAGE = Path(__file__).parents[2] / "docs/howto/ledger.md"


def commands(title: str) -> list[list[str]]:
    """The commands under a title."""
    part = PAGE.read_text().split(f"## {title}\n")[1].split("\n## ")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", part, re.S)
    return [shlex.split(line) for line in block.splitlines()]


async def fill(store: PostgresStore) -> None:
    async with await store.open() as ledger:
        digest = await ledger.keep("what the host printed")
        await ledger.append("INC-1", [opened(), *ran(1, broken(), evidence=digest)])


def test_a_dump_is_restored_and_proved_as_the_page_says(
    postgres_server: PostgresServer, postgres_store: PostgresStore, tmp_path: Path
) -> None:
    asyncio.run(fill(postgres_store))
    restored = postgres_server.database()
    places = {
        "db.example.com/runbook": f"127.0.0.1:{postgres_server.port}/{postgres_store.name}",
        "db.example.com/restored": f"127.0.0.1:{postgres_server.port}/{restored}",
    }
    dump, restore, migrate, verify = (
        [_here(word, places) for word in each] for each in commands("PostgreSQL")
    )

    for program in (dump, restore):
        done = subprocess.run(
            [postgres_server.programs / program[0], *program[1:]],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    made = CliRunner().invoke(cli, migrate[1:])
    verified = CliRunner().invoke(cli, verify[1:])

    assert (made.exit_code, verified.exit_code) == (0, 0), made.output + verified.output
    assert verified.stdout.startswith("ok: 5 entries in 2 chain(s)")
    asyncio.run(fill_on(PostgresStore(postgres_server, restored)))
    postgres_server.drop(restored)


async def fill_on(store: PostgresStore) -> None:
    """The restored ledger goes on where it was, with its evidence."""
    async with await store.open() as ledger:
        (first, *_) = [one.event for one in await ledger.entries("INC-1") if one.event.kind == "step.ended"]
        assert await ledger.evidence(getattr(first, "evidence", "")) == "what the host printed"
        await ledger.append("INC-1", [opened()], after_seq=4)


def _here(word: str, places: dict[str, str]) -> str:
    for shown, place in places.items():
        word = word.replace(shown, place)
    return word
