"""The composition root: the only file that builds real adapters and wires them."""

import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from bot import rulebook
from bot.accounts import Accounts, Logins, terminal_actor
from bot.audit.keys import KeyFile
from bot.audit.sealed import SealedLedger
from bot.audit.sink import sink_of
from bot.cleaning import CleanersApart
from bot.collect import Senses
from bot.desk import AskLimits, FrontDesk
from bot.engine import Engine, FencedLedger, HeldLeases
from bot.errors import SettingsError
from bot.floors import check_floors
from bot.investigate import World
from bot.masked import MaskedLedger
from bot.policy import Policy
from bot.ports import Claims, Ledger, Shell
from bot.redact import KnownValues
from bot.relay import Relay
from bot.settings import Settings
from bot.signatures import AllowedSigners
from bot.ssh import SshOptions, SshShell
from bot.store import SqlLedger, open_ledger
from bot.store.opening import check_there
from bot.web.address import Reach
from bot.web.probe import OutsideProber
from bot.work import Rules, Worker

if TYPE_CHECKING:
    from bot.health import Monitor
    from bot.slack.vouching import SlackVouches


class SystemClock:
    """`bot.ports.Clock` by this machine."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


@dataclass(frozen=True, kw_only=True)
class Around:
    """Who stands between the bot and what it depends on: by default nobody."""

    ledger: Callable[[Ledger], Ledger] = lambda ledger: ledger
    shell: Callable[[Shell], Shell] = lambda shell: shell
    claims: Callable[[Claims], Claims] = lambda claims: claims


@dataclass(frozen=True, kw_only=True)
class App:
    """Everything wired."""

    settings: Settings
    rules: Rules
    ledger: SqlLedger
    #: The same ledger for those who append; the monitor counts what they do.
    watched: Ledger
    #: The same, sealed by checkpoints: what everything that acts goes through.
    sealed: SealedLedger
    #: None: nobody asks what was counted.
    monitor: "Monitor | None"
    shell: SshShell
    cleaners: CleanersApart
    desk: FrontDesk
    engine: Engine
    leases: HeldLeases
    relay: Relay


def load_rules(settings: Settings, *, needs_keys: bool = True) -> Rules:
    """Fleet, runbooks and policy as written, checked against each other. Raises FileError."""
    return rulebook.load(settings.fleet, settings.runbooks_path, needs_keys=needs_keys)


@asynccontextmanager
async def opened_ledger(settings: Settings, *, may_make: bool = False) -> AsyncIterator[SqlLedger]:
    """The ledger that the settings name. Raises LedgerUnavailable, also when there is none to open."""
    where, may_make_folder = settings.ledger_path
    if not may_make:
        check_there(where)
    floor_bytes = settings.ledger_room_mib * 1024 * 1024
    ledger = await open_ledger(where, create_parents=may_make_folder, floor_bytes=floor_bytes)
    async with ledger:
        yield ledger


@asynccontextmanager
async def wired(
    settings: Settings, *, around: Around | None = None, may_make_ledger: bool = True
) -> AsyncIterator[App]:
    """The bot without a door: rules checked, ledger open, nothing running yet.

    `may_make_ledger` False: for commands that have nothing to do where nothing was ever looked at.
    Raises AuthorError for files and settings, LedgerUnavailable for the ledger.
    """
    around, rules = around or Around(), _checked_rules(settings)
    async with opened_ledger(settings, may_make=may_make_ledger) as ledger, _tracing(settings) as traced:
        monitor = _monitor(settings, rules)
        known = KnownValues.of(settings.secrets())
        watched = around.ledger(monitor.watched(ledger) if monitor else ledger)
        sealed = seal(settings, ledger, MaskedLedger(traced(watched), known))
        cleaners = CleanersApart(known)
        accounts = Accounts(Logins(rules.policy), partial(_slack_vouches, settings, rules.policy))
        shell = SshShell(rules.fleet, options=_ssh_options(settings))
        relay = Relay()
        world = World(
            senses=Senses(
                shell=around.shell(shell),
                prober=_prober(rules, settings),
                known=known,
                cleaner=cleaners,
            ),
            ledger=sealed,
            chat=relay,
            clock=SystemClock(),
            directory=accounts,
        )
        name = _process_name()
        leases = HeldLeases(around.claims(ledger.claims), name)
        worker = Worker(rules, replace(world, ledger=FencedLedger(sealed, leases)), name=name)
        engine = Engine(worker.carry_on, sealed, leases, on_trouble=relay.trouble)
        signatures = AllowedSigners(rules.policy.allowed_signers)
        limits = AskLimits(waiting=settings.incidents_waiting, share_s=settings.share_look_s)
        desk = FrontDesk(rules, world, engine, signatures=signatures, limits=limits)
        try:
            yield App(
                settings=settings,
                rules=rules,
                ledger=ledger,
                watched=watched,
                sealed=sealed,
                monitor=monitor,
                shell=shell,
                cleaners=cleaners,
                desk=desk,
                engine=engine,
                leases=leases,
                relay=relay,
            )
        finally:
            await engine.stop()
            await leases.stop()
            await shell.aclose()
            await cleaners.aclose()
            await accounts.aclose()
            await sealed.close()


def seal(settings: Settings, ledger: SqlLedger, watched: Ledger | None = None) -> SealedLedger:
    """The ledger with checkpoints, signed and told outside as the settings say. Raises SettingsError."""
    key, sink = KeyFile(settings.checkpoint_key), sink_of(settings.anchors)
    key()  # A key that cannot be used is said now, not at the first checkpoint.
    return SealedLedger(watched or ledger, ledger, key=key, sink=sink)


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[tuple[Rules, SshShell]]:
    """The rules, and the way to their hosts, without a ledger. Raises AuthorError."""
    rules = _checked_rules(settings)
    shell = SshShell(rules.fleet, options=_ssh_options(settings))
    try:
        yield rules, shell
    finally:
        await shell.aclose()


def _checked_rules(settings: Settings) -> Rules:
    """The rules, where the libraries are those that they are safe with. Raises AuthorError."""
    problems = check_floors()
    if problems:
        raise SettingsError("\n".join(problems))
    return load_rules(settings)


async def check(app: App, runbook: str, hosts: Sequence[str], words: str) -> tuple[str, ...]:
    """Ask as the terminal's user and wait until the verdicts stand; the incidents' ids."""
    incidents = await app.desk.ask(
        terminal_actor(app.rules.policy), runbook=runbook, hosts=hosts, place=None, words=words
    )
    await app.engine.idle()
    return incidents


def _monitor(settings: Settings, rules: Rules) -> "Monitor | None":
    """Who counts; None when there is no port to ask at."""
    if not settings.health_port:
        return None
    from bot.health import Monitor  # noqa: PLC0415 - commands that end at once start faster without it

    return Monitor(rules.catalog)


@asynccontextmanager
async def _tracing(settings: Settings) -> AsyncIterator[Callable[[Ledger], Ledger]]:
    """Makes a ledger tell spans, if there is a collector to tell them to."""
    if not settings.traces_url:
        yield lambda ledger: ledger
        return
    from bot.traces import telling  # noqa: PLC0415 - as for the monitor

    async with telling(
        settings.traces_url, headers=settings.trace_headers, process=_process_name()
    ) as traced:
        yield traced


def _slack_vouches(settings: Settings, policy: Policy) -> "SlackVouches":
    """Whoever tells of Slack accounts."""
    from bot.slack.vouching import SlackVouches  # noqa: PLC0415 - as for the monitor

    return SlackVouches(policy, settings)


def _process_name() -> str:
    """Tells this process from every other one; in containers hosts' names and process ids repeat."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


def _prober(rules: Rules, settings: Settings) -> OutsideProber:
    urls = [host.public_url for host in rules.fleet.hosts.values() if host.public_url]
    return OutsideProber(urls, reach=Reach(allow_private=settings.probe_private))


def _ssh_options(settings: Settings) -> SshOptions:
    return SshOptions(max_connections=settings.ssh_connections, prefer_curve25519=settings.ssh_fast_kex)
