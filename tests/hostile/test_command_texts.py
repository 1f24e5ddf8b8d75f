"""Whatever is typed, hosts are asked what the runbook says and nothing else, and nobody is looked up."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.collect import Senses
from bot.command import commands_of, values_of
from bot.desk import FrontDesk
from bot.errors import AskError, BadRequest, UnknownHost
from bot.fleet import host_named
from bot.investigate import World
from bot.model.host import Fleet
from bot.model.person import Account, Actor, Origin, Standing
from bot.redact import KnownValues
from bot.signatures import AllowedSigners
from bot.slack.arguments import parse
from bot.slack.requests import AddNote, Again, Export, Look, Request, Setting
from bot.slack.throttle import Limits
from bot.ssh import SshOptions, SshShell
from bot.ssh.programs import READ_COMMAND
from bot.store import SqliteLedger
from bot.work import Rules, Worker
from tests.slack.office import office
from tests.slack.test_http import body, post, signed
from tests.support.hostile import times
from tests.support.office import CATALOG, POLICY, NoOutside, Quiet, Submitted, Ticking, Vouching
from tests.support.payloads import ODD_HOSTS, PAYLOADS, texts
from tests.support.recording_ssh import Asked, recording_ssh
from tests.support.stalls import measured_stalls

TEXTS = times(1500, of=10_000)
#: Of the texts, how many really open an incident and ask the host; the others are known to be alike.
RUNS = times(40, of=400)
SETTINGS = (
    Setting(runbook="502", runbooks=("502",)),
    Setting(runbook=None, runbooks=("502",)),
    Setting(runbook=None, runbooks=("502",), is_thread=True),
)
ASKER = Actor(account=Account(origin=Origin.TERMINAL, id="ann"), standing=Standing.MEMBER, person="ann")


@dataclass
class LookedUp:
    """Names that a resolver was asked about."""

    names: list[str] = field(default_factory=list)


_listening: list[LookedUp] = []


def _hear(event: str, args: tuple[object, ...]) -> None:
    if event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.getnameinfo"}:
        for each in _listening:
            each.names.append(str(args[0]))


sys.addaudithook(_hear)  # stays for good, as audit hooks do, and hears only while somebody listens


@contextmanager
def resolver_watched() -> Iterator[LookedUp]:
    """Every look-up of this process while the block runs, but for loopback's own address."""
    seen = LookedUp()
    _listening.append(seen)
    try:
        yield seen
    finally:
        _listening.remove(seen)


@dataclass(kw_only=True)
class Bench:
    """Parser, desk, worker, ledger and SSH as they are wired, without Slack."""

    fleet: Fleet
    asked: Asked
    ledger: SqliteLedger
    desk: FrontDesk
    worker: Worker
    ran: int = 0

    async def serve(self, text: str, setting: Setting) -> Request:
        """What the text is taken for, done. Raises AskError for what is refused."""
        request = parse(text, setting)
        match request:
            case Look():
                for incident in await self.desk.ask(
                    ASKER, runbook=request.runbook, hosts=request.hosts, place=None, words=text
                ):
                    await self._run(incident)
            case AddNote(incident=str(incident)):
                await self.desk.note(ASKER, incident, request.text)
            case Export(incident=str(incident)):
                await self.desk.export(ASKER, incident, request.form)
            case Again(incident=str(incident)):
                await self.desk.again(ASKER, incident)
        return request

    async def _run(self, incident: str) -> None:
        if self.ran < RUNS:
            self.ran += 1
            await self.worker.carry_on(incident)


@asynccontextmanager
async def bench_in(folder: Path) -> AsyncIterator[Bench]:
    async with (
        recording_ssh(folder, "web-01", "web-02") as (fleet, asked),
        await SqliteLedger.open(folder / "ledger.db") as ledger,
    ):
        shell = SshShell(fleet, options=SshOptions(connect_s=60, login_s=60))
        senses = Senses(shell=shell, prober=NoOutside(), known=KnownValues.of(()))
        world = World(senses=senses, ledger=ledger, chat=Quiet(), clock=Ticking(), directory=Vouching(POLICY))
        rules = Rules(fleet=fleet, catalog=CATALOG, policy=POLICY)
        yield Bench(
            fleet=fleet,
            asked=asked,
            ledger=ledger,
            desk=FrontDesk(rules, world, Submitted(), signatures=AllowedSigners(POLICY.allowed_signers)),
            worker=Worker(rules, world, name="worker"),
        )
        await shell.aclose()


def renderings(fleet: Fleet) -> set[tuple[str, ...]]:
    """Every command that the runbooks make of the fleet's values."""
    steps = [step for book in CATALOG.runbooks.values() for step in book.steps if not step.probe]
    made = set()
    for host in fleet.hosts.values():
        values = values_of(host)
        for step in steps:
            if all(values["service"].get(need.rpartition(".")[2]) for need in step.needs):  # type: ignore[attr-defined]
                made.update(commands_of(step, values).alternatives)
    return made


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS)) >= 200
    assert len(set(ODD_HOSTS)) >= 60


@pytest.mark.timeout(900)
async def test_no_text_becomes_a_command(tmp_path: Path) -> None:
    refused = 0

    async with bench_in(tmp_path) as bench:
        for number, text in enumerate(texts(502, TEXTS)):
            try:
                await bench.serve(text, SETTINGS[number % len(SETTINGS)])
            except AskError:
                refused += 1

        allowed = renderings(bench.fleet)

    assert bench.asked.reads > 0
    assert bench.asked.execs == {READ_COMMAND}
    assert bench.asked.argvs - allowed == set()
    assert bench.asked.others == []
    assert refused > TEXTS // 2
    print(f"\n{TEXTS} texts: {refused} refused, {bench.asked.reads} reads, 0 commands of no runbook")


async def test_an_odd_name_is_an_unknown_host_and_nobody_is_asked_about_it(tmp_path: Path) -> None:
    said = {}

    async with bench_in(tmp_path) as bench:
        with resolver_watched() as seen:
            for name in ODD_HOSTS:
                with pytest.raises(AskError) as caught:
                    await bench.desk.ask(ASKER, runbook="502", hosts=[name], place=None, words=name)
                said[name] = type(caught.value)
            await asyncio.sleep(0)

    assert set(said.values()) == {UnknownHost}
    assert seen.names == []
    assert bench.asked.reads == 0


def test_the_watch_hears_a_look_up() -> None:
    import socket

    with resolver_watched() as seen:
        socket.getaddrinfo("127.0.0.1", 1)

    assert seen.names == ["127.0.0.1"]


@settings(max_examples=times(300, of=5000), deadline=None)
@given(name=st.one_of(st.text(max_size=80), st.sampled_from(PAYLOADS)))
def test_no_name_that_is_not_in_the_fleet_is_a_host(name: str) -> None:
    fleet = Fleet(hosts={}, ssh=None)  # type: ignore[arg-type]  # no host is reached

    with pytest.raises(UnknownHost) as caught:
        host_named(fleet, name)

    assert str(caught.value).isprintable()


@pytest.mark.timeout(900)
async def test_slack_gets_its_answer_at_once_and_no_text_is_a_bug(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    statuses, took_s = set(), []

    async with office(tmp_path, "http", limits=Limits(per_user=10**6, per_channel=10**6)) as place:
        for number, text in enumerate(texts(7, times(150, of=10_000))):
            raw = body(text.encode("utf-8", "replace").decode()) + b"&n=%d" % number
            async with measured_stalls() as stalls:
                statuses.add(await post(place, raw, signed(place.slack.signing_secret, raw)))
                took_s.append(stalls.others_s)

    assert statuses == {200}
    assert "a bug while answering" not in caplog.text
    p99_s = quantiles(took_s, n=100)[98]
    print(f"\n{len(took_s)} commands acknowledged in {p99_s * 1000:.0f} ms (p99)")
    assert p99_s < 1.0


def test_what_is_refused_is_said_in_plain_words() -> None:
    for text in texts(3, 600):
        try:
            parse(text, SETTINGS[0])
        except BadRequest as error:
            assert str(error).isprintable()
            assert len(str(error)) < 400
