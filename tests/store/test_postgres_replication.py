"""Commits that wait for a standby: what was cut off while it waited is not taken for done."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest

from bot.audit.sealed import SealedLedger
from bot.audit.sink import NoSink
from bot.commands.doctor import examine_ledger
from bot.doctor import Health
from bot.errors import LedgerUnavailable
from bot.model.event import Hold, Noted
from bot.model.ruling import Question, Reason, Ruling, Stage, Terms
from bot.settings import Settings
from bot.store import lost_reply
from bot.store.postgres import PostgresLedger
from tests.store.stores import PostgresStore
from tests.support.incidents import MEI, T0, claimed, opened
from tests.support.postgres import ADMIN, APP

pytestmark = pytest.mark.postgres

HOLD = Hold(host="web-01", target="shop.service")


def note() -> Noted:
    return Noted(by=MEI, person="mei", text="x")


@pytest.fixture
async def ledger(postgres_store: PostgresStore) -> AsyncIterator[PostgresLedger]:
    async with await postgres_store.open() as opened_ledger:
        await opened_ledger.append("INC-1", [opened()])
        yield opened_ledger


def _named(store: PostgresStore, names: str) -> None:
    """Have commits wait for these standbys, and return when they do."""
    store.as_role(ADMIN, f"ALTER SYSTEM SET synchronous_standby_names = '{names}'", "SELECT pg_reload_conf()")
    for _ in range(400):
        with psycopg.connect(store.where) as connection:
            if connection.execute("SHOW synchronous_standby_names").fetchone() == (names,):
                break
    else:
        raise RuntimeError("the setting was not taken")
    # Commits go by what the checkpointer read, and it reads before it makes one.
    store.as_role(ADMIN, "CHECKPOINT")


@pytest.fixture
def standby_is_away(postgres_store: PostgresStore, ledger: PostgresLedger) -> Iterator[None]:
    """One that is waited for and never comes."""
    _named(postgres_store, "away")
    yield
    _named(postgres_store, "")


async def _end_waits(store: PostgresStore, by: str, waiting: asyncio.Task[Any]) -> None:
    """Have no commit wait for a standby to the end."""
    mine = "datname = current_database() AND wait_event = 'SyncRep'"
    ending = f"SELECT {by}(pid) FROM pg_stat_activity WHERE {mine}"
    while not waiting.done():
        await asyncio.to_thread(store.as_role, ADMIN, ending)


@pytest.mark.usefixtures("standby_is_away")
@pytest.mark.parametrize("by", ["pg_terminate_backend", "pg_cancel_backend"])
async def test_a_commit_that_no_standby_confirms_is_no_commit(
    postgres_store: PostgresStore, ledger: PostgresLedger, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr(lost_reply, "_ASK_AGAIN_S", (0.0,))
    append = asyncio.create_task(ledger.append("INC-1", [note()], after_seq=1))

    await _end_waits(postgres_store, by, append)

    with pytest.raises(LedgerUnavailable, match="whether the entry was written is not known"):
        await append
    # It is to be seen all the same: only asking whether it is there would have called it done.
    assert len(await ledger.entries("INC-1")) == 2


def _ruling(**terms: Any) -> Ruling:
    """Allowed to run, by a rule with these terms."""
    rule = Terms(**{"rule": "mend", "approvers": ("sre",), "quorum": 1, "evidence_max_age_s": 600.0, **terms})
    question = Question(
        stage=Stage.RUN,
        action="restart_unit",
        host="web-01",
        target="shop.service",
        at=T0,
        policy="p1",
        rules=("mend",),
        terms=rule,
        requester="olu",
    )
    return Ruling(question=question, is_allowed=True, reason=Reason.ALLOWED, says="rule mend")


def _several(store: PostgresStore, **more: str) -> str:
    """The ledger's URL with its server named twice, as where one of two is the primary."""
    here = f"127.0.0.1:{store.server.port}"
    return f"postgresql://{APP}@{here},{here}/{store.name}?{urlencode(more)}"


async def _risk(where: str) -> str | None:
    async with await PostgresLedger.open(where) as ledger:
        return await ledger.failover_risk()


async def test_where_several_servers_are_named_commits_have_to_wait_for_a_standby(
    postgres_store: PostgresStore,
) -> None:
    assert await _risk(postgres_store.where) is None
    assert "no commit waits for a standby" in (await _risk(_several(postgres_store)) or "")


async def test_doctor_says_so_and_goes_on(postgres_store: PostgresStore) -> None:
    one = await examine_ledger(Settings(ledger=postgres_store.where))
    several = await examine_ledger(Settings(ledger=_several(postgres_store)))

    assert (one.health, several.health) == (Health.OK, Health.LESS)
    assert "a failover may lose entries" in several.says
    assert "when the primary is lost" in several.mend


@pytest.mark.usefixtures("standby_is_away")
@pytest.mark.parametrize(
    ("level", "says"),
    [
        ("remote_apply", None),
        ("on", None),
        # `append_entries` raises it.
        ("off", None),
        ("remote_write", "synchronous_commit is 'remote_write'"),
    ],
)
async def test_a_standby_that_is_waited_for_has_to_write_it_down(
    postgres_store: PostgresStore, level: str, says: str | None
) -> None:
    risk = await _risk(_several(postgres_store, options=f"-csynchronous_commit={level}"))

    assert risk is None if says is None else says in (risk or "")


@pytest.mark.parametrize(
    ("terms", "is_refused"),
    [({}, False), ({"is_signed": True}, True), ({"quorum": 2}, True)],
    ids=["a yes is enough", "signed", "two people"],
)
async def test_where_a_failover_may_lose_it_only_what_one_yes_allows_is_started(
    postgres_store: PostgresStore, terms: dict[str, Any], is_refused: bool
) -> None:
    async with await PostgresLedger.open(_several(postgres_store)) as ledger:
        sealed = SealedLedger(ledger, ledger, key=lambda: None, sink=NoSink())
        await sealed.append("INC-1", [opened()])
        event = replace(claimed(), ruling=_ruling(**terms))

        if is_refused:
            with pytest.raises(LedgerUnavailable, match="a failover may lose entries"):
                await sealed.append("INC-1", [event], take=HOLD)
        else:
            await sealed.append("INC-1", [event], take=HOLD)

        assert (await sealed.entries("INC-1"))[-1].event == (opened() if is_refused else event)
