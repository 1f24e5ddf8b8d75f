"""An exec whose reply never came: on a guarded host the order may have run, elsewhere it cannot have."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.act import Action, act, settle
from bot.collect import Senses
from bot.errors import HostError, SshBroken
from bot.hostkit import todays_kit, write
from bot.investigate import World
from bot.model.action import ActResult, Order
from bot.model.approval import Approval
from bot.model.command import Ended
from bot.model.event import ActionEnded, Intended, Outcome, Proposed
from bot.model.host import Fleet, Host, Mode, SshFiles
from bot.model.runbook import Catalog
from bot.policy import Policy
from bot.redact import KnownValues
from bot.remedy import commands_for
from bot.ssh import SshOptions, SshShell
from tests.ssh.conftest import OPTIONS
from tests.support.handtime import JumpTime
from tests.support.incidents import T0
from tests.support.kits import TIMEOUT_S, catalog_of, look, remedy, step
from tests.support.memory_ledger import MemoryLedger
from tests.support.office import NoOutside, Quiet, Ticking, Vouching
from tests.support.replyless_ssh import Replyless, Start, Way, guard_of, replyless_ssh, shell_in
from tests.support.sshd import Identity

#: For a reply that never comes. All else is waited for.
SHORT = SshOptions(connect_s=1, login_s=1.5)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A host, the bot's way to it, and the file that counts how often its remedy ran."""

    end: Replyless
    shell: SshShell
    host: Host
    order: Order
    ran: Path

    @property
    def times(self) -> int:
        return self.ran.read_text().count("x") if self.ran.exists() else 0

    @property
    def is_remembered(self) -> bool:
        """Whether this machine knows the order's nonce."""
        return Path(f"/dev/shm/runbook-bot-{os.getuid()}", self.order.nonce).exists()

    async def bring(self) -> ActResult:
        """The order itself."""
        while True:
            try:
                return await self.shell.act(self.host, self.order)
            except HostError:
                if not self._was_too_slow:
                    raise

    async def act(self) -> ActionEnded:
        """What the ledger is told of the remedy."""
        while True:
            ended = await act(self._action(), self._intent(), self._world())
            if not self._was_too_slow:
                return ended

    @property
    def _was_too_slow(self) -> bool:
        """Whether the machine let no connection be made in SHORT's time: then nothing was tested yet."""
        return self.end.way is Way.SILENT and not self.end.execs

    async def settle(self) -> ActionEnded:
        """What the next one tells the ledger of a remedy that has no outcome."""
        return await settle(self._action(), self.order.nonce, self._world())

    def _action(self) -> Action:
        key, timeout_s = self.order.host_key, self.order.timeout_s
        return Action(host=self.host, approval=self._approval(), host_key=key, timeout_s=timeout_s)

    def _approval(self) -> Approval:
        proposed = Proposed(
            approval="a", remedy="mark", host=self.host.name, target="t", commands=self.order.commands, run=1,
            digest="", state={}, cause="", approve_by=T0, run_within_s=60.0, quorum=1, approvers="",
        )  # fmt: skip
        return Approval(proposed=proposed, proposed_at=T0)

    def _intent(self) -> Intended:
        return Intended(
            approval="a", nonce=self.order.nonce, host=self.host.name, target="t",
            commands=self.order.commands, digest="", host_key=self.order.host_key,
        )  # fmt: skip

    def _world(self) -> World:
        return World(
            senses=Senses(shell=self.shell, prober=NoOutside(), known=KnownValues.of(())),
            ledger=MemoryLedger(JumpTime()),
            chat=Quiet(),
            clock=Ticking(),
            directory=Vouching(Policy(people={}, groups={}, rules=(), digest="")),
        )


@pytest.fixture(autouse=True)
def asked_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.act.SETTLE_EVERY_S", 0.1)


@pytest.fixture
def nonce(nonces: list[str]) -> str:
    nonces.append(secrets.token_hex(16))
    return nonces[-1]


@asynccontextmanager
async def place(
    way: Way, mode: Mode, *, identity: Identity, folder: Path, nonce: str, options: SshOptions | None = None
) -> AsyncIterator[Place]:
    options = options or (SHORT if way is Way.SILENT else OPTIONS)
    ran = folder / "ran"
    catalog = catalog_of(
        look(step("hi", "echo", "hi")),
        remedies=(remedy("mark", ("sh", "-c", 'printf x >>"$1"', "mark", str(ran))),),
    )
    known = folder / "known_hosts"
    files = SshFiles(identity=str(identity.path), known_hosts=str(known), act_identity=str(identity.path))
    host = Host(name="box", address="127.0.0.1", user="bot", mode=mode)
    start = _start(host, Fleet(hosts={"box": host}, ssh=files), catalog, folder)
    async with replyless_ssh(way, start) as end:
        known.write_text(end.known_line)
        there = replace(host, port=end.port)
        shell = SshShell(Fleet(hosts={"box": there}, ssh=files), options=options)
        order = Order(
            nonce=nonce,
            commands=commands_for(catalog.remedies["mark"], there),
            host_key=end.host_key.get_fingerprint(),
            timeout_s=TIMEOUT_S,
        )
        try:
            yield Place(end=end, shell=shell, host=there, order=order, ran=ran)
        finally:
            await shell.aclose()


def _start(host: Host, fleet: Fleet, catalog: Catalog, folder: Path) -> Start:
    if host.mode is Mode.PLAIN:
        return shell_in(folder)
    write(todays_kit(host, fleet, catalog, root=str(folder / "kit/lib")), folder / "kit")
    return guard_of(folder / "kit", folder)


@pytest.mark.parametrize("way", [Way.CUT, Way.SILENT, Way.LATE, Way.REFUSED], ids=lambda way: way.name)
async def test_an_order_that_a_guarded_host_may_have_taken_is_lost(
    way: Way, identity: Identity, tmp_path: Path, nonce: str
) -> None:
    async with place(way, Mode.GUARDED, identity=identity, folder=tmp_path, nonce=nonce) as there:
        result = await there.bring()

    assert (result.is_first, result.ended, result.exit_status) == (True, Ended.LOST, None)


@pytest.mark.parametrize("way", [Way.CUT, Way.SILENT], ids=lambda way: way.name)
async def test_what_ran_without_a_word_is_settled_as_run_and_not_called_not_run(
    way: Way, identity: Identity, tmp_path: Path, nonce: str
) -> None:
    async with place(way, Mode.GUARDED, identity=identity, folder=tmp_path, nonce=nonce) as there:
        ended = await there.act()

    assert (ended.outcome, ended.exit_status) == (Outcome.DONE, 0)
    assert there.times == 1


async def test_what_comes_to_run_after_it_was_called_not_run_does_not_run(
    identity: Identity, tmp_path: Path, nonce: str
) -> None:
    async with place(Way.LATE, Mode.GUARDED, identity=identity, folder=tmp_path, nonce=nonce) as there:
        ended = await there.act()
        there.end.late()
        statuses = there.end.ended()

    assert (ended.outcome, ended.says) == (
        Outcome.NOT_RUN,
        "the host never ran it, and will not run it any more",
    )
    assert (statuses, there.times) == ([0], 0)


async def test_an_order_that_a_guarded_host_opened_no_channel_for_did_not_start(
    identity: Identity, tmp_path: Path, nonce: str
) -> None:
    async with place(Way.SHUT, Mode.GUARDED, identity=identity, folder=tmp_path, nonce=nonce) as there:
        ended = await there.act()

    assert ended.outcome is Outcome.NOT_RUN
    assert ended.says.startswith("it did not start: box ")
    assert (there.end.execs, there.times) == ([], 0)


async def test_what_runs_while_its_caller_is_cut_off_is_settled_by_the_next(
    identity: Identity, tmp_path: Path, nonce: str
) -> None:
    silent = place(Way.SILENT, Mode.GUARDED, identity=identity, folder=tmp_path, nonce=nonce, options=OPTIONS)
    async with silent as there:
        acting = asyncio.create_task(there.act())
        await _until_one_is_begun(there.end)
        acting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await acting
        ended = await there.settle()

    assert (ended.outcome, there.times) == (Outcome.DONE, 1)


@pytest.mark.parametrize("way", [Way.CUT, Way.SILENT, Way.REFUSED, Way.SHUT], ids=lambda way: way.name)
async def test_elsewhere_a_shell_without_a_reply_was_told_nothing(
    way: Way, identity: Identity, tmp_path: Path, nonce: str
) -> None:
    async with place(way, Mode.PLAIN, identity=identity, folder=tmp_path, nonce=nonce) as there:
        with pytest.raises(SshBroken):
            await there.bring()
        statuses = there.end.ended()

    # 3: the shell read to the end of its input and found no program.
    assert statuses == ([3] if way in (Way.CUT, Way.SILENT) else [])
    assert not any(nonce in words for words in there.end.execs)
    assert (there.is_remembered, there.times) == (False, 0)


async def _until_one_is_begun(end: Replyless) -> None:
    async with asyncio.timeout(60):
        while not end.begun:  # noqa: ASYNC110  # the server has no event for it
            await asyncio.sleep(0.01)
