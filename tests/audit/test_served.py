"""A bot that serves, over a ledger that is put back under it: nothing acts, and the thread hears why."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.audit import Result, verify_ledger
from bot.audit.lines import read_lines
from bot.demo import SampleHosts
from bot.store.system import RulesLoaded, SystemEvent
from tests.support.people import APPROVER, has_button, words_of
from tests.support.served import Served, served


@pytest.fixture
async def hosts(tmp_path: Path) -> AsyncIterator[SampleHosts]:
    async with SampleHosts(tmp_path) as running:
        yield running


@pytest.fixture
async def bot(tmp_path: Path, hosts: SampleHosts) -> AsyncIterator[Served]:
    async with served(
        tmp_path,
        hosts.fleet_path,
        checkpoint_key=tmp_path / "key.pem",
        anchors=str(tmp_path / "anchors.log"),
    ) as running:
        yield running


def copied(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


async def test_after_a_rollback_a_click_starts_nothing_until_two_people_accept(
    bot: Served, hosts: SampleHosts, tmp_path: Path
) -> None:
    await bot.people.command("/502 web-01")
    card = await bot.people.until(
        lambda seen: next((one for one in seen if has_button(one, "approve")), None)
    )
    await bot.people.until(lambda seen: [one for one in seen if one["files"]])
    await bot.app.engine.idle()
    await asyncio.to_thread(copied, bot.app.ledger.path, tmp_path / "backup.db")
    await bot.people.command("/502 web-02")
    await bot.people.until(lambda seen: [one for one in seen if "Verdict on web-02" in words_of(one)])
    await bot.app.engine.idle()
    await bot.app.sealed.seal()

    await asyncio.to_thread(copied, tmp_path / "backup.db", bot.app.ledger.path)
    await bot.people.click(card, "approve", user=APPROVER)
    await bot.people.until(lambda seen: [one for one in seen if "the ledger went back" in words_of(one)])
    ran_before = hosts.samples["web-01"].ran
    for person in ("mei", "olu"):
        await bot.app.sealed.accept_rollback(person, "restored")
    await bot.people.until(lambda seen: [one for one in seen if "Checked again: healthy" in words_of(one)])

    assert (ran_before, hosts.samples["web-01"].ran) == (0, 1)
    await bot.app.engine.idle()
    lines = await asyncio.to_thread((tmp_path / "anchors.log").read_text)
    report = await verify_ledger(bot.app.ledger, lines=read_lines(lines.splitlines()))
    assert (report.result, report.troubles) == (Result.OK, ())


async def test_what_a_server_goes_by_stands_in_the_system_chain(bot: Served) -> None:
    (loaded,) = await bot.app.ledger.system.events(kinds=(RulesLoaded,))

    event: SystemEvent = loaded.event
    assert isinstance(event, RulesLoaded)
    assert (event.policy, event.hosts) == (bot.app.rules.policy.digest, len(bot.app.rules.fleet.hosts))
