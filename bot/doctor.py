"""What is missing on a host or in Slack, each with its mend. Reads only; nothing is changed."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.command import commands_of, missing, values_of
from bot.errors import FileError, HostError
from bot.fleet import host_named
from bot.model.command import Command, Ended, Hello, RawOutput
from bot.model.host import Host
from bot.model.runbook import Remedy, Root, Runbook, Step
from bot.ports import Shell
from bot.redact import clean
from bot.remedy import commands_for
from bot.settings import Settings
from bot.work import Rules

#: Where Debian and its relatives keep what the shipped runbooks run as root.
_USUAL = {"nginx": "/usr/sbin/nginx", "systemctl": "/usr/bin/systemctl", "ss": "/usr/bin/ss"}
#: A clock further off than this makes times in the thread misleading.
_MAX_SKEW_S = 5.0


class Health(Enum):
    """How bad a finding is."""

    OK = "ok"
    #: Works with less: says what is not seen.
    LESS = "less"
    MISSING = "MISSING"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at."""

    about: str
    health: Health
    says: str
    #: What to do; empty when it is well.
    mend: str = ""

    @property
    def is_well(self) -> bool:
        """False when something must be mended."""
        return self.health is not Health.MISSING

    def line(self) -> str:
        """For the terminal."""
        mend = f"\n          -> {self.mend}" if self.mend else ""
        return f"{self.health.value:<8}{self.about}: {self.says}{mend}"


async def examine(rules: Rules, shell: Shell, settings: Settings, hosts: Sequence[str]) -> list[Finding]:
    """Files and Slack, then each host in turn. Raises UnknownHost."""
    known = [host_named(rules.fleet, name) for name in hosts]
    findings = [*_files(rules, settings), *await _slack(settings)]
    for host in known:
        findings += await _host(host, rules, shell)
    return findings


def _files(rules: Rules, settings: Settings) -> Iterable[Finding]:
    fleet, books = rules.fleet, rules.catalog.runbooks
    yield Finding(
        about=str(settings.fleet), health=Health.OK, says=f"{len(fleet.hosts)} hosts, {len(books)} runbook(s)"
    )
    mode = Path(fleet.ssh.identity).stat().st_mode & 0o077
    if mode:
        yield Finding(
            about="ssh.identity",
            health=Health.MISSING,
            says="others may read the private key",
            mend=f"chmod 600 {shlex.quote(fleet.ssh.identity)}",
        )
    if not rules.policy.rules:
        yield Finding(
            about="policy",
            health=Health.LESS,
            says="no rules, so checks run and no remedy can be approved",
            mend="add a policy section to the fleet file; see docs/howto/policy.md",
        )


async def _slack(settings: Settings) -> list[Finding]:
    if settings.slack_bot_token is None:
        return [
            Finding(
                about="slack",
                health=Health.LESS,
                says="no bot token, so only the terminal works",
                mend="set SLACK_BOT_TOKEN and SLACK_APP_TOKEN; see docs/howto/slack.md",
            )
        ]
    client = AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url
    )
    try:
        me = await client.auth_test()
        found = [Finding(about="slack", health=Health.OK, says=f"{me['user']} in {me['team']}")]
        if settings.slack_app_token is not None and settings.slack_mode == "socket":
            await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
            found.append(Finding(about="slack", health=Health.OK, says="Socket Mode opens"))
    except SlackApiError as error:
        said = str(error.response.get("error"))
        return [_slack_trouble(f"refuses: {said}", "check tokens and scopes against `runbook-bot manifest`")]
    except (SlackClientError, OSError, TimeoutError) as error:
        return [_slack_trouble(f"cannot be reached: {error}", f"check {settings.slack_api_url}")]
    return found


def _slack_trouble(says: str, mend: str) -> Finding:
    return Finding(about="slack", health=Health.MISSING, says=says, mend=mend)


async def _host(host: Host, rules: Rules, shell: Shell) -> list[Finding]:
    book = next(iter(rules.catalog.runbooks.values()))
    questions = _questions(host, book, rules)
    findings: list[Finding] = []
    try:
        async for item in shell.read(host, [command for command, _ in questions.values()], deadline_s=40.0):
            if isinstance(item, Hello):
                findings.append(_hello(host, item))
            else:
                findings += _answer(host, item, questions[item.step][1])
    except HostError as error:
        return [Finding(about=host.name, health=Health.MISSING, says="cannot be asked", mend=str(error))]
    findings += _lacking(host, book, rules)
    return findings


def _hello(host: Host, hello: Hello) -> Finding:
    if abs(hello.skew_s) > _MAX_SKEW_S:
        says = f"its clock is {hello.skew_s:+.0f} s off"
        return Finding(about=host.name, health=Health.LESS, says=says, mend="mend its time synchronisation")
    return Finding(about=host.name, health=Health.OK, says=f"answers, host key {hello.host_key}")


def _questions(host: Host, book: Runbook, rules: Rules) -> dict[str, tuple[Command, Step | Remedy]]:
    """Every step as the runbook asks it, and for every remedy's command whether sudo would run it."""
    values = values_of(host)
    asked: dict[str, tuple[Command, Step | Remedy]] = {}
    for step in book.steps:
        if step.probe is None and not missing(step.needs, values):
            asked[step.id] = (commands_of(step, values), step)
    for remedy in rules.catalog.remedies.values():
        if missing(remedy.needs, values):
            continue
        for number, argv in enumerate(commands_for(remedy, host), 1):
            would = ("sudo", "-n", "-l", *_without_sudo(argv))
            key = f"remedy_{remedy.name}_{number}"
            asked[key] = (Command(step=key, alternatives=(would,)), remedy)
    return asked


def _answer(host: Host, raw: RawOutput, asked: Step | Remedy) -> list[Finding]:
    if isinstance(asked, Remedy):
        return [_sudo(host, raw, asked)]
    is_answer = raw.ended is Ended.EXITED and raw.exit_status in asked.ok_exit
    wants_root = asked.root in (Root.FIRST, Root.ONLY)
    if is_answer and not (wants_root and raw.argv[:1] != ("sudo",)):
        return []
    about = f"{host.name} {asked.id}"
    mend = _sudoers(host, _plain(raw.argv)) if asked.root is not Root.NEVER and _plain(raw.argv) else ""
    if is_answer:
        return [
            Finding(about=about, health=Health.LESS, says="works without root, and shows less", mend=mend)
        ]
    why = clean(raw.stderr).text.strip().splitlines()
    says = f"{raw.ended.value}, exit status {raw.exit_status}{': ' + why[-1] if why else ''}"
    return [Finding(about=about, health=Health.LESS, says=says, mend=mend)]


def _sudo(host: Host, raw: RawOutput, remedy: Remedy) -> Finding:
    argv = raw.argv[3:]
    about = f"{host.name} {remedy.name}"
    shown = shlex.join(argv)
    if raw.ended is Ended.EXITED and raw.exit_status == 0:
        return Finding(about=about, health=Health.OK, says=f"sudo runs `{shown}`")
    return Finding(
        about=about, health=Health.MISSING, says=f"sudo refuses `{shown}`", mend=_sudoers(host, argv)
    )


def _lacking(host: Host, book: Runbook, rules: Rules) -> Iterable[Finding]:
    values = values_of(host)
    wants = [(step.id, step.needs) for step in book.steps]
    wants += [(remedy.name, remedy.needs) for remedy in rules.catalog.remedies.values()]
    for name, needs in wants:
        lacking = missing(needs, values)
        if lacking:
            yield Finding(
                about=f"{host.name} {name}",
                health=Health.LESS,
                says="not possible without a value of the fleet file",
                mend=f"add {', '.join(lacking)} to hosts.{host.name}",
            )


def _without_sudo(argv: Sequence[str]) -> tuple[str, ...]:
    return tuple(argv[2:]) if tuple(argv[:2]) == ("sudo", "-n") else tuple(argv)


def _plain(argv: Sequence[str]) -> tuple[str, ...]:
    """argv for a sudoers line; empty for scripts, which need no root of their own."""
    words = _without_sudo(argv)
    return () if "-c" in words[:3] else words


def _sudoers(host: Host, argv: Sequence[str]) -> str:
    """The exact sudoers line; characters that sudoers reads otherwise are escaped."""
    if not argv:
        raise FileError(f"{host.name}: a remedy without a command")
    program = argv[0] if argv[0].startswith("/") else _USUAL.get(argv[0], f"/usr/bin/{argv[0]}")
    words = " ".join(_escaped(word) for word in argv[1:])
    return f"sudoers: {host.user} ALL=(root) NOPASSWD: {program} {words or chr(34) * 2}"


def _escaped(word: str) -> str:
    return "".join(f"\\{char}" if char in ",:=\\" else char for char in word)
