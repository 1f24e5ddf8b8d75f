"""The command line on a PostgreSQL ledger: made by its owner, verified, and nobody else is let near."""

import asyncio

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import cli
from tests.store.stores import PostgresStore
from tests.support.incidents import opened
from tests.support.postgres import ADMIN, APP, OWNER

pytestmark = pytest.mark.postgres


def run(*words: str, ledger: str) -> Result:
    return CliRunner().invoke(cli, list(words), env={"RUNBOOK_BOT_LEDGER": ledger})


async def append(store: PostgresStore) -> None:
    async with await store.open() as ledger:
        await ledger.append("INC-1", [opened()])


def test_the_owner_makes_it_and_the_bot_uses_it(empty: PostgresStore) -> None:
    before = run("audit", "verify", ledger=empty.where)
    made = run("ledger", "migrate", "--app-role", APP, ledger=empty.server.url(OWNER, empty.name))
    asyncio.run(append(empty))
    verified = run("audit", "verify", ledger=empty.where)

    assert (before.exit_code, made.exit_code, verified.exit_code) == (3, 0, 0)
    assert before.stderr == (
        f"runbook-bot: ledger {empty.where}: there is no ledger yet; "
        "run as its owner: runbook-bot ledger migrate --app-role runbook_bot\n"
    )
    assert made.stdout == "the ledger is at version 0003; role runbook_bot may use it\n"
    assert verified.stdout.startswith(
        "ok: 2 entries in 2 chain(s), none changed, lost or added\nwarning: there is no"
    )


@pytest.mark.parametrize("role", [ADMIN, OWNER])
def test_whoever_could_undo_append_only_is_told_so_in_one_line(
    postgres_store: PostgresStore, role: str
) -> None:
    told = run("audit", "verify", ledger=postgres_store.server.url(role, postgres_store.name))

    assert told.exit_code == 3
    assert told.stderr.count("\n") == 1
    assert "who can undo append-only; connect as the role that" in told.stderr


def test_what_an_owner_changed_is_named_with_its_place(postgres_store: PostgresStore) -> None:
    asyncio.run(append(postgres_store))
    postgres_store.as_role(
        OWNER,
        "ALTER TABLE entry DISABLE TRIGGER entry_never_changes",
        "UPDATE entry SET body = replace(body, 'olu', 'mei') WHERE chain = 'INC-1'",
    )

    told = run("audit", "verify", ledger=postgres_store.where)

    assert told.exit_code == 1
    assert told.stdout.splitlines()[:2] == [
        "ledger: the database no longer enforces append-only (trigger entry_never_changes)",
        "INC-1#1: the chain does not begin as announced",
    ]


def test_a_password_is_not_printed_when_the_server_is_away() -> None:
    told = run("audit", "verify", ledger="postgresql://bot:hunter2@127.0.0.1:1/x")

    assert told.exit_code == 3
    assert "postgresql://bot@127.0.0.1:1/x cannot be reached" in told.stderr
    assert "hunter2" not in told.output + told.stderr
