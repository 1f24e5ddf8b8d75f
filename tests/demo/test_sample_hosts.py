"""The sample hosts through the bot's own SSH, checklist and rules: what a demo's user meets."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncssh
import pytest

from bot import catalog, fleet, policyfile
from bot.collect import Senses, collect
from bot.demo import SampleHosts
from bot.judge import judge
from bot.model.action import ActResult, Order, Settled
from bot.model.command import Ended, RawOutput
from bot.model.evidence import GapKind
from bot.model.host import Fleet
from bot.model.verdict import Verdict
from bot.redact import KnownValues
from bot.settings import shipped_runbooks
from bot.ssh import SshOptions, SshShell

BOOKS = catalog.load(shipped_runbooks())
RUNBOOK = BOOKS.runbooks["502"]
ROLLBACK = ("sudo", "-n", "/usr/local/sbin/app-rollback")
START = ("sudo", "-n", "systemctl", "start", "myapp.service")
RESET = ("sudo", "-n", "systemctl", "reset-failed", "myapp.service")
RESTART = ("sudo", "-n", "systemctl", "restart", "myapp.service")


class NoProber:
    """Sample hosts have no public address; nothing may be asked from outside."""

    async def probe(self, url: str, *, deadline_s: float) -> RawOutput:
        raise AssertionError(f"asked {url} from outside")


class Bot:
    """As much of the bot as looks at a host and acts on it."""

    def __init__(self, hosts: Fleet, shell: SshShell) -> None:
        self.hosts, self.shell = hosts, shell
        self._senses = Senses(shell=shell, prober=NoProber(), known=KnownValues.of(()))

    async def look(self, name: str) -> Verdict:
        host = self.hosts.hosts[name]
        evidence = await collect(host, RUNBOOK, self._senses, on_step=lambda _: None, deadline_s=90)
        self.host_key = evidence.host_key or ""
        return judge(evidence, host=host, causes=RUNBOOK.causes, remedies=RUNBOOK.remedies)

    async def act(self, name: str, *commands: tuple[str, ...], nonce: str | None = None) -> ActResult:
        order = Order(nonce=nonce or secrets.token_hex(16), commands=commands, host_key=self.host_key)
        return await self.shell.act(self.hosts.hosts[name], order)


@pytest.fixture
async def samples(tmp_path: Path) -> AsyncIterator[SampleHosts]:
    async with SampleHosts(tmp_path) as hosts:
        yield hosts


@pytest.fixture
async def bot(samples: SampleHosts) -> AsyncIterator[Bot]:
    hosts, _ = fleet.load(samples.fleet_path)
    shell = SshShell(hosts, options=SshOptions(connect_s=60, login_s=60))
    yield Bot(hosts, shell)
    await shell.aclose()


async def test_a_bad_release_is_found_and_the_rollback_heals_it(bot: Bot) -> None:
    before = await bot.look("web-01")
    result = await bot.act("web-01", ROLLBACK)
    after = await bot.look("web-01")

    assert before.cause == "deploy_bad_release"
    assert before.remedies[0] == "rollback_release"
    assert (result.is_first, result.ended, result.exit_status) == (True, Ended.EXITED, 0)
    assert after.is_healthy


async def test_a_restart_does_not_heal_a_bad_release(bot: Bot) -> None:
    await bot.look("web-01")

    await bot.act("web-01", RESET, RESTART)

    assert (await bot.look("web-01")).cause == "deploy_bad_release"


async def test_a_healthy_host_with_old_errors_is_healthy(bot: Bot) -> None:
    verdict = await bot.look("web-02")

    assert verdict.is_healthy
    assert verdict.found == ()


@pytest.mark.parametrize("commands", [(START,), (RESET, RESTART)], ids=["start", "restart"])
async def test_a_stopped_app_is_found_and_starting_it_heals_it(
    bot: Bot, commands: tuple[tuple[str, ...], ...]
) -> None:
    before = await bot.look("web-03")
    await bot.act("web-03", *commands)
    after = await bot.look("web-03")

    assert before.cause == "app_stopped_by_hand"
    assert before.remedies[0] == "start_unit"
    assert after.is_healthy


@pytest.mark.parametrize(
    ("name", "order"),
    [("web-01", ROLLBACK), ("web-02", None), ("web-03", START)],
    ids=["web-01", "web-02", "web-03"],
)
async def test_each_sample_answers_every_step_that_its_host_is_asked(
    bot: Bot, name: str, order: tuple[str, ...] | None
) -> None:
    looks = [await bot.look(name)]
    if order is not None:
        await bot.act(name, order)
        looks.append(await bot.look(name))

    gaps = [gap for verdict in looks for gap in verdict.unchecked if gap.kind is not GapKind.NOT_ASKED]
    assert gaps == []


async def test_mending_one_host_leaves_the_others_as_they_are(bot: Bot) -> None:
    await bot.look("web-03")

    await bot.act("web-03", START)

    assert not (await bot.look("web-01")).is_healthy


async def test_an_order_counts_once_and_is_remembered(bot: Bot) -> None:
    await bot.look("web-03")
    nonce = secrets.token_hex(16)

    first = await bot.act("web-03", START, nonce=nonce)
    second = await bot.act("web-03", START, nonce=nonce)
    settled = await bot.shell.settle(bot.hosts.hosts["web-03"], nonce, host_key=None)

    assert (first.is_first, second.is_first) == (True, False)
    assert (settled.state, settled.exit_status) == (Settled.DONE, 0)


async def test_asking_about_an_order_that_never_came_burns_it(bot: Bot) -> None:
    await bot.look("web-03")
    nonce = secrets.token_hex(16)

    settled = await bot.shell.settle(bot.hosts.hosts["web-03"], nonce, host_key=None)
    late = await bot.act("web-03", START, nonce=nonce)

    assert settled.state is Settled.NEVER
    assert late.is_first is False
    assert not (await bot.look("web-03")).is_healthy


async def test_an_order_it_does_not_play_fails_and_changes_nothing(bot: Bot) -> None:
    await bot.look("web-03")

    result = await bot.act("web-03", ("sudo", "-n", "reboot"))

    assert result.exit_status == 1
    assert b"sample host: " in result.stderr


async def test_every_step_of_the_shipped_runbook_is_answered(bot: Bot) -> None:
    for name in bot.hosts.hosts:
        verdict = await bot.look(name)

        assert [gap for gap in verdict.unchecked if "sample host" in gap.reason] == []


async def test_evidence_is_told_as_of_now_and_of_the_sample(bot: Bot) -> None:
    verdict = await bot.look("web-01")

    dated = [line.at for finding in verdict.found for line in finding.because if line.at]
    assert dated
    assert all(abs((at - datetime.now(UTC)).total_seconds()) < 1800 for at in dated)
    assert not any("web-03" in line.text for finding in verdict.found for line in finding.because)


async def test_nothing_but_the_bots_own_requests_is_taken(samples: SampleHosts, bot: Bot) -> None:
    host = bot.hosts.hosts["web-01"]
    async with asyncssh.connect(
        host.address, host.port, username=host.user, client_keys=[bot.hosts.ssh.identity], known_hosts=None
    ) as connection:
        said = await connection.run("touch /tmp/x; id", input="one\ntwo\n", check=False)

    assert said.exit_status == 1
    assert said.stdout == ""
    assert "takes no other command" in str(said.stderr)


async def test_a_stranger_is_not_let_in(bot: Bot) -> None:
    host = bot.hosts.hosts["web-01"]
    stranger = asyncssh.generate_private_key("ssh-ed25519")

    with pytest.raises(asyncssh.PermissionDenied):
        await asyncssh.connect(
            host.address,
            host.port,
            username=host.user,
            client_keys=[stranger],
            known_hosts=None,
            agent_path=None,
        )


async def test_whoever_is_still_connected_at_the_end_is_let_go(tmp_path: Path) -> None:
    async with SampleHosts(tmp_path) as hosts:
        host = fleet.load(hosts.fleet_path)[0].hosts["web-01"]
        connection = await asyncssh.connect(
            host.address,
            host.port,
            username=host.user,
            client_keys=[str(tmp_path / "id_runbook")],
            known_hosts=str(tmp_path / "known_hosts"),
            config=None,
        )

    async with asyncio.timeout(60):
        await connection.wait_closed()


async def test_the_fleet_file_is_whole_and_says_that_they_are_samples(samples: SampleHosts) -> None:
    hosts, section = fleet.load(samples.fleet_path)
    policy = policyfile.load(section, fleet=hosts, remedies=BOOKS.remedies, name="fleet.yaml")

    assert list(hosts.hosts) == ["web-01", "web-02", "web-03"] == list(samples.about)
    assert {host.environment for host in hosts.hosts.values()} == {"sample"}
    # Their apps are units: what is for containers is offered on none of them.
    fitting = {name for name, remedy in BOOKS.remedies.items() if "service.container" not in remedy.needs}
    assert {action for rule in policy.rules for action in rule.actions} == fitting
    assert (samples.fleet_path.parent / "id_runbook").stat().st_mode & 0o777 == 0o600
