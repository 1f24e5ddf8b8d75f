"""docs/howto/postgresql.md, done as it is written."""

import asyncio
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from tests.store.stores import PostgresStore
from tests.support.incidents import opened
from tests.support.postgres import ADMIN, PostgresServer, running

pytestmark = pytest.mark.postgres

PAGE = Path(__file__).parents[2] / "docs/howto/postgresql.md"


def blocks(language: str) -> list[str]:
    fenced = re.findall(r"^ *```(\w*)\n(.*?)^ *```", PAGE.read_text(), re.M | re.S)
    return [text for kind, text in fenced if kind == language]


def statements(block: str) -> list[str]:
    return [part.strip() for part in block.split(";") if part.strip()]


@pytest.fixture
def fresh(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """A server on which nobody has done anything yet."""
    with running(postgres_server.programs, is_bare=True) as server:
        yield server


def test_the_page_as_shown_makes_a_ledger_that_works(fresh: PostgresServer) -> None:
    for_superuser, for_auditor = (statements(block) for block in blocks("sql"))
    commands = [shlex.split(line) for block in blocks("") for line in block.splitlines() if line.strip()]
    place = f"127.0.0.1:{fresh.port}"
    here = [[word.replace("db.example.com", place) for word in command] for command in commands]
    migrate, export, verify, serve = here
    environment = dict([export[1].split("=", 1)])

    fresh.execute(ADMIN, "postgres", *for_superuser)
    made = CliRunner().invoke(cli, migrate[1:])
    fresh.execute(ADMIN, "runbook", *for_auditor)
    asyncio.run(append(PostgresStore(fresh, "runbook")))
    verified = CliRunner().invoke(cli, verify[1:], env=environment)
    auditor = environment["RUNBOOK_BOT_LEDGER"].replace("runbook_bot@", "runbook_auditor@")
    audited = CliRunner().invoke(cli, verify[1:], env={"RUNBOOK_BOT_LEDGER": auditor})

    assert (made.exit_code, verified.exit_code, audited.exit_code) == (0, 0, 0), made.output + verified.output
    assert verified.stdout == audited.stdout
    assert verified.stdout.startswith("ok: 2 entries")
    assert serve == ["runbook-bot", "serve"]


async def append(store: PostgresStore) -> None:
    async with await store.open() as ledger:
        await ledger.append("INC-1", [opened()])
