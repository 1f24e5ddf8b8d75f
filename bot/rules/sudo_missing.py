"""The bot may do nothing as root on this host."""

from dataclasses import replace

from bot.model.evidence import Gap, GapKind
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers.http_probes import HttpProbes
from bot.parsers.sudo_rules import SudoRules
from bot.rules import _quote

_NO_SUDO = (GapKind.REFUSED, GapKind.NOT_FOUND, GapKind.FAILED)
#: Steps that need nothing but a host that has time for them.
_PLAIN = frozenset({"front", "host_clock", "nginx_unit"})
_HANGS = (
    "what sudo asks before it runs anything: its directory service (SSSD, LDAP), the host's own name in DNS, "
    "PAM's account modules; `time sudo -n -l` on the host shows it. The sudoers lines are not the trouble"
)

_WANTS_TTY = "must have a tty"
_NO_TTY = (
    "`Defaults:ACCOUNT !requiretty` in sudoers for the bot's account, with which the rules of "
    "`runbook-bot host-kit` begin: sudo here wants a terminal, and the bot has none"
)
_NO_SUDO_HERE = (
    "sudo itself, and then the rules of `runbook-bot host-kit`: the bot calls no doas or other stand-in"
)


def sudo_missing(
    sudo: SudoRules | None, gaps: tuple[Gap, ...], ran_as_root: tuple[str, ...]
) -> Finding | RuledOut | None:
    """No sudo rule works for the bot's account: some answers are poorer, and no remedy can run.

    Why: `sudo -n -l` lists nothing, or asks for a password; or sudo answers nothing in time, all else does;
    or there is no sudo, but doas.
    Ruled out when: it lists at least one rule, or ran a command that was asked as root: with `listpw=always`
    the list alone wants a password.
    Mistaken when: the rules come from a directory service that is away.
    Mended by: the sudoers lines that `runbook-bot doctor` prints; where sudo wants a terminal (requiretty, as
    Red Hat had it) also `Defaults:ACCOUNT !requiretty`, which the host kit has.
    Not mended by: a restart of the app; the service is not the trouble.
    Source: sudo(8), sudoers(5) NOPASSWD, listpw; sudo.conf(5), sssd-sudo(5).
    """
    if ran_as_root and not (sudo is not None and sudo.has_any):
        ran = Line(step=ran_as_root[0], text=f"sudo ran what {ran_as_root[0]} asks, though it lists no rule")
        return RuledOut(cause="sudo_missing", says="sudo runs commands here", because=(ran,))
    if sudo is None:
        refused = [gap for gap in gaps if gap.step == "sudo" and gap.kind in _NO_SUDO]
        if not refused:
            return _hanging(gaps)
        return _found(_quote.gap(refused[0]), is_absent=refused[0].kind is GapKind.NOT_FOUND)
    lines = tuple(Line(step="sudo", text=text) for text in sudo.lines)
    if sudo.has_any:
        rules = tuple(line for line in lines if line.text.startswith("("))
        return RuledOut(cause="sudo_missing", says="sudo lets us do what the rules list", because=rules[:1])
    return _found(lines[-1] if lines else Line(step="sudo", text="sudo -n -l lists nothing"))


def _found(line: Line, *, is_absent: bool = False) -> Finding:
    lacks = "sudo is not on this host" if is_absent else "no sudo rule works here"
    return Finding(
        cause="sudo_missing",
        certainty=Certainty.CONFIRMED,
        says=f"{lacks}: some checks see less, and no remedy can be run",
        because=(line,),
        restart=_quote.useless(
            "app", "without sudo nothing can be restarted, and the service is not the trouble"
        ),
        mend=_NO_SUDO_HERE if is_absent else _NO_TTY if _WANTS_TTY in line.text else None,
        next_check="`runbook-bot doctor` prints the sudoers lines that are missing",
        weight=-50,
    )


def _hanging(gaps: tuple[Gap, ...]) -> Finding | None:
    late = {gap.step: gap for gap in gaps if gap.kind is GapKind.TIMED_OUT}
    if "sudo" not in late or late.keys() & _PLAIN:
        return None
    return replace(
        _found(_quote.gap(late["sudo"])),
        certainty=Certainty.LIKELY,
        says="sudo answers nothing in time here: some checks see less, and no remedy can be run",
        mend=_HANGS,
        next_check="`time sudo -n -l` on the host, and what it waits for (`strace`, as root)",
    )


def beside_trouble(first: Finding, front: HttpProbes | None) -> Finding:
    """Alone beside a service that fails: it is why nothing more is known, not what fails."""
    bad = next((probe for probe in front.probes if not probe.is_well), None) if front else None
    if first.cause != "sudo_missing":
        return first
    if bad is None:
        well = f"{front.probes[0].told('nginx')}; but " if front and front.probes else ""
        return replace(first, says=f"{well}{first.says}")
    what, _, _ = first.says.partition(":")
    return replace(
        first,
        says=f"{bad.told('nginx')}; why is not seen: {what}, and some checks see less",
        because=(_quote.probe(bad, "front"), *first.because),
        restart=_quote.unknown("app", "what fails is not seen without sudo"),
        next_check="nginx's error log and the app's journal as root; `runbook-bot doctor` prints the sudoers"
        " lines that let the bot read them",
    )
