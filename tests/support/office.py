"""The bot's core over a real ledger and a replayed host: who asks, who votes, who works."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import catalog
from bot.collect import Senses
from bot.desk import FrontDesk
from bot.investigate import World
from bot.model.command import Ended, RawOutput
from bot.model.host import Fleet, Host, Release, Service, SshFiles
from bot.model.incident import Incident, fold
from bot.model.person import Account, Actor, Origin, Standing
from bot.policy import Group, Person, Policy, Rule, person_of
from bot.ports import Ledger
from bot.redact import KnownValues
from bot.settings import shipped_runbooks
from bot.signatures import AllowedSigners
from bot.store import SqliteLedger
from bot.work import Rules, Worker, acting, rechecking
from tests.support.replay import ReplayShell

HOST = Host(
    name="web-01",
    address="192.0.2.1",
    user="runbook",
    service=Service(
        unit="myapp.service", health="/livez", release=Release(rollback=("/usr/local/sbin/app-rollback",))
    ),
)
POLICY = Policy(
    people={name: Person(name=name, logins=frozenset({name})) for name in ("ann", "bob", "cyn", "dan")},
    groups={"sre": Group(name="sre", people=frozenset({"ann", "bob", "cyn"}))},
    rules=(
        Rule(
            name="mend",
            actions=frozenset(
                {
                    "rollback_release",
                    "restart_unit",
                    "start_unit",
                    "reload_nginx",
                    "start_nginx",
                    "restart_nginx",
                }
            ),
            approvers=("sre",),
        ),
    ),
    digest="p1",
)
CATALOG = catalog.load(shipped_runbooks())


class Ticking:
    """A monotonic clock that goes on a second each time it is read, so that waits end soon."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        self.at += 1.0
        return self.at


class Quiet:
    """A chat nobody reads; counts."""

    def __init__(self) -> None:
        self.left = 0
        self.is_reached = asyncio.Event()

    def changed(self, incident: str) -> None:
        self.left -= 1
        if self.left <= 0:
            self.is_reached.set()

    def trouble(self, incident: str, says: str) -> None:
        self.is_reached.set()

    async def after(self, changes: int) -> None:
        """Wait for so many further changes."""
        self.left = changes
        self.is_reached.clear()
        await self.is_reached.wait()


class NoOutside:
    """A prober that gets no answer."""

    async def probe(self, url: str, *, deadline_s: float) -> RawOutput:
        return RawOutput(
            step="outside",
            argv=("GET", url),
            alternative=0,
            ended=Ended.TIMED_OUT,
            exit_status=None,
            stdout=b"",
            stderr=b"",
            duration_s=deadline_s,
        )


class Vouching:
    """Vouches for every login as the policy has it, but for those that a test changed since."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        #: Login -> its standing now; None: nobody can be asked.
        self.standings: dict[str, Standing | None] = {}
        self.usergroups: dict[str, frozenset[str]] = {}
        self.asked: list[str] = []
        #: Channels that anybody may see.
        self.public = {"C1"}

    async def look_up(self, account: Account) -> Actor | None:
        self.asked.append(account.id)
        standing = self.standings.get(account.id, Standing.MEMBER)
        if standing is None:
            return None
        return Actor(
            account=account,
            standing=standing,
            person=person_of(self.policy, account),
            usergroups=self.usergroups.get(account.id, frozenset()),
        )

    async def is_public(self, channel: str) -> bool:
        return channel in self.public


class Submitted:
    """An engine that only remembers."""

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.depth = 0

    def submit(self, incident: str, *, is_urgent: bool = False) -> None:
        self.waiting.append(incident)


@dataclass(kw_only=True)
class Office:
    """Everything of the core, made anew after each crash from the same ledger and host."""

    ledger: Ledger
    shell: ReplayShell
    policy: Policy = POLICY
    host: Host = HOST
    chat: Quiet = field(default_factory=Quiet)
    engine: Submitted = field(default_factory=Submitted)
    directory: Vouching = field(default_factory=lambda: Vouching(POLICY))

    @property
    def rules(self) -> Rules:
        files = SshFiles(identity="/k", known_hosts="/h")
        fleet = Fleet(hosts={self.host.name: self.host}, ssh=files)
        return Rules(fleet=fleet, catalog=CATALOG, policy=self.policy)

    def world(self, ledger: Ledger | None = None) -> World:
        senses = Senses(shell=self.shell, prober=NoOutside(), known=KnownValues.of(()))
        self.directory.policy = self.policy
        return World(
            senses=senses,
            ledger=ledger or self.ledger,
            chat=self.chat,
            clock=Ticking(),
            directory=self.directory,
        )

    def desk(self) -> FrontDesk:
        signatures = AllowedSigners(self.policy.allowed_signers)
        return FrontDesk(self.rules, self.world(), self.engine, signatures=signatures)

    def worker(self, ledger: Ledger | None = None) -> Worker:
        return Worker(self.rules, self.world(ledger), name="worker")

    async def ask(self, login: str = "dan") -> str:
        """An incident that has been looked at."""
        actor = self.actor(login)
        (incident,) = await self.desk().ask(
            actor, runbook="502", hosts=["web-01"], place=None, words="502 web-01"
        )
        await self.worker().carry_on(incident)
        return incident

    async def state(self, incident: str) -> Incident:
        return fold(await self.ledger.entries(incident))

    def actor(self, login: str, standing: Standing = Standing.MEMBER) -> Actor:
        account = Account(origin=Origin.TERMINAL, id=login)
        return Actor(account=account, standing=standing, person=person_of(self.policy, account))


async def ledger_in(folder: Path) -> Ledger:
    """A real ledger."""
    from bot.store import SqliteLedger

    return await SqliteLedger.open(folder / "ledger.db")


@asynccontextmanager
async def office_in(
    folder: Path, patch: pytest.MonkeyPatch, *, policy: Policy = POLICY
) -> AsyncIterator[Office]:
    """An office over a ledger of its own in a folder, whose host has a bad release."""
    # Real pauses between looks would only make a test slow; what is tested is what happens between.
    patch.setattr(rechecking, "READY_EVERY_S", 0.0)
    patch.setattr(acting, "BUSY_WAIT_S", 0.0)
    async with await SqliteLedger.open(folder / "ledger.db") as ledger:
        yield Office(ledger=ledger, shell=ReplayShell("bad_release"), policy=policy)
