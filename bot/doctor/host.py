"""What is missing on one host for its runbooks and remedies, asked in one round trip."""

import shlex
from collections.abc import Iterable

from bot.command import missing, values_of
from bot.doctor.finding import Finding, Health
from bot.doctor.no_systemd import init_of, without_systemd
from bot.doctor.wider import wider
from bot.errors import HostError, HostKeyUnknown, SshAuthFailed
from bot.hostkit import questions_of, sudoers_lines, without_sudo
from bot.model.command import Ended, Hello, RawOutput
from bot.model.host import Host, Mode
from bot.model.runbook import Catalog, Remedy, Root, Step
from bot.parsers.init import Init
from bot.ports import Shell
from bot.redact import clean
from bot.ssh.identity import fingerprint, public_line
from bot.steps import steps_for

_NO_JOURNAL = "the login may read nobody's messages in the journal but its own"
#: A clock further off than this makes times in the thread misleading.
_MAX_SKEW_S = 5.0


async def needs(host: Host, catalog: Catalog, shell: Shell, *, identity: str | None = None) -> list[Finding]:
    """What the runbooks and remedies need of the host, and where its sudo rules go further.

    `identity`: file of the key that is logged in with, whose public half is shown where it is refused.
    """
    questions = questions_of(host, catalog)
    findings: list[Finding] = []
    init: Init | None = None
    try:
        async for item in shell.read(host, [command for command, _ in questions.values()], deadline_s=40.0):
            if isinstance(item, Hello):
                findings.append(_hello(host, item))
            else:
                init = init_of(item) if item.step == "init" else init
                findings += _answer(host, item, questions[item.step][1])
                findings += _tty(host, item) if item.step == "sudo" else ()
                findings += _wider(host, catalog, item, questions[item.step][1])
    except HostError as error:
        mend = f"{error}{_line_for(error, host, identity)}"
        return [Finding(about=host.name, health=Health.MISSING, says="cannot be asked", mend=mend)]
    findings += _lacking(host, catalog)
    return without_systemd(findings, host, catalog, init)


def _tty(host: Host, raw: RawOutput) -> Iterable[Finding]:
    """Red Hat's sudoers of old wants a terminal of everybody. Source: sudoers(5) requiretty."""
    if b"must have a tty" in raw.stderr:
        mend = f"sudoers: Defaults:{host.user} !requiretty"
        yield Finding(
            about=f"{host.name} sudo", health=Health.MISSING, says="sudo wants a terminal", mend=mend
        )


def _line_for(error: HostError, host: Host, identity: str | None) -> str:
    """What to paste where, once it was checked; empty when no line mends it."""
    if isinstance(error, HostKeyUnknown) and error.line:
        return f"\nonly if the host shows the same fingerprint, for the fleet's known_hosts:\n{error.line}"
    is_pasteable = isinstance(error, SshAuthFailed) and host.mode is Mode.PLAIN
    return _key_line(host, identity) if identity and is_pasteable else ""


def _key_line(host: Host, identity: str) -> str:
    """What to paste on a host that refused the key, and by which name its log calls the key."""
    where = f"~{host.user}/.ssh/authorized_keys on {host.name}"
    return f"\nfor {where}, the key {fingerprint(identity)}:\nrestrict {public_line(identity)}"


def _hello(host: Host, hello: Hello) -> Finding:
    if abs(hello.skew_s) > _MAX_SKEW_S:
        says = f"its clock is {hello.skew_s:+.0f} s off"
        return Finding(about=host.name, health=Health.LESS, says=says, mend="mend its time synchronisation")
    return Finding(about=host.name, health=Health.OK, says=f"answers, host key {hello.host_key}")


def _answer(host: Host, raw: RawOutput, asked: Step | Remedy) -> list[Finding]:
    if isinstance(asked, Remedy):
        return [_sudo(host, raw, asked)]
    is_answer = raw.ended is Ended.EXITED and raw.exit_status in asked.ok_exit
    # A script never runs as root: its answer is the first choice, and what root could add stands behind it.
    wants_root = asked.root in (Root.FIRST, Root.ONLY) and raw.alternative > 0
    if is_answer and not (wants_root and raw.argv[:1] != ("sudo",)):
        return []
    about = f"{host.name} {asked.id}"
    mend = _sudoers(host, _plain(raw.argv)) if asked.root is not Root.NEVER and _plain(raw.argv) else ""
    if is_answer:
        return [
            Finding(about=about, health=Health.LESS, says="works without root, and shows less", mend=mend)
        ]
    if raw.ended is Ended.REFUSED and raw.argv[:1] == ("journalctl",):
        group = f"usermod -aG systemd-journal {host.user}"
        return [Finding(about=about, health=Health.LESS, says=_NO_JOURNAL, mend=group)]
    why = clean(raw.stderr).text.strip().splitlines()
    status = "" if raw.exit_status is None else f", exit status {raw.exit_status}"
    says = f"{raw.ended.value}{status}{': ' + why[-1] if why else ''}"
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


def _wider(host: Host, catalog: Catalog, raw: RawOutput, asked: Step | Remedy) -> Iterable[Finding]:
    if not isinstance(asked, Step) or asked.parse != "sudo_rules":
        return
    # Read before it is cleaned: `NOPASSWD: …` looks like a password to those who search for one.
    for says, mend in wider(host, catalog, raw.stdout.decode("utf-8", "replace")):
        shown = clean(says.encode()).text.strip()
        yield Finding(about=f"{host.name} sudo", health=Health.WIDER, says=shown, mend=mend)


def _lacking(host: Host, catalog: Catalog) -> Iterable[Finding]:
    values = values_of(host)
    # An app has a unit or a container: the fleet file takes one of them.
    other = "service.unit" if host.service.container else "service.container"
    wants = {step.id: step.needs for book in catalog.runbooks.values() for step in steps_for(host, book)}
    wants |= {remedy.name: remedy.needs for remedy in catalog.remedies.values() if other not in remedy.needs}
    for name, wanted in wants.items():
        lacking = missing(wanted, values)
        if lacking:
            yield Finding(
                about=f"{host.name} {name}",
                health=Health.LESS,
                says="not possible without a value of the fleet file",
                mend=f"add {', '.join(lacking)} to hosts.{host.name}",
            )


def _plain(argv: tuple[str, ...]) -> tuple[str, ...]:
    """argv for a sudoers line; empty for scripts, which need no root of their own."""
    words = without_sudo(argv)
    return () if "-c" in words[:3] else words


def _sudoers(host: Host, argv: tuple[str, ...]) -> str:
    return "\n          -> ".join(f"sudoers: {line}" for line in sudoers_lines(host.user, argv))
