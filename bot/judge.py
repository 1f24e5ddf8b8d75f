"""Facts -> Verdict: every rule is asked, findings are ranked, and nothing unseen counts as well."""

import importlib
import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from bot import bugs
from bot.command import SUDO
from bot.model.evidence import Evidence, Gap, GapKind
from bot.model.host import Host
from bot.model.sign import Piece
from bot.model.verdict import (
    Certainty,
    Finding,
    Line,
    RestartAdvice,
    RestartEffect,
    RuledOut,
    Verdict,
)
from bot.parsers.http_probes import HttpProbes
from bot.parsers.outside_answer import OutsideAnswer
from bot.parsers.unit_state import UnitState
from bot.rules import _advice, _before, _likely, _no_systemd, _users
from bot.rules._focus import focus
from bot.rules.sudo_missing import beside_trouble
from bot.unexplained import OUTSIDE, doubt, unexplained

Rule = Callable[..., Finding | RuledOut | None]

#: When the host could not be asked at all, the gap's kind is the cause.
_NOT_ASKED = {
    GapKind.UNREACHABLE: "host_unreachable",
    GapKind.AUTH: "ssh_auth_failed",
    GapKind.HOST_KEY: "host_key_changed",
    GapKind.HOST_KEY_UNKNOWN: "host_key_unknown",
    GapKind.KIT: "host_kit_drifted",
}
#: Conclusions that nothing is wrong; they explain no failure.
_NO_OUTAGE = frozenset(
    {
        "client_closed_499",
        "client_error_413",
        "client_side_tls_noise",
        "clock_or_stale_log",
        "log_noise_no_outage",
    }
)
#: Which advice lets which remedy stand: the remedy's name -> what must be restarted.
_RESTARTS = {
    "restart_unit": "app",
    "start_unit": "app",
    "restart_container": "app",
    "start_container": "app",
    "start_nginx": "nginx",
    "restart_nginx": "nginx",
    "reload_nginx": "nginx",
}
#: Remedies for an app that systemd keeps, and for one that Docker keeps.
_OF_UNIT = frozenset({"restart_unit", "start_unit"})
_OF_CONTAINER = frozenset({"restart_container", "start_container"})
#: All that systemctl carries out.
_BY_SYSTEMCTL = frozenset(_RESTARTS) - _OF_CONTAINER


def judge(
    evidence: Evidence, *, host: Host, causes: Sequence[str], remedies: Mapping[str, tuple[str, ...]]
) -> Verdict:
    """The verdict of the rules named in `causes` over what a host said.

    A rule whose required fact is missing says nothing; the gap stands in `unchecked`.
    `remedies` maps a cause to what may be offered; only what fits its state is kept.
    """
    judged = _judged(evidence, host, causes, remedies)
    now, is_healthy = evidence.clock.now, judged.is_healthy
    return replace(
        judged,
        is_served=_users.is_served(evidence.facts),
        users_get=_users.get(evidence.facts, host.public_url, now, is_healthy=is_healthy),
    )


def _judged(
    evidence: Evidence, host: Host, causes: Sequence[str], remedies: Mapping[str, tuple[str, ...]]
) -> Verdict:
    if evidence.facts.keys() <= {OUTSIDE} and (unreached := _unreached(evidence)):
        return unreached
    evidence = _no_systemd.told_once(evidence, host)
    facts = focus(evidence, host)
    asked = [answer for cause in causes if (answer := _ask(cause, facts, evidence, host)) is not None]
    answers = [answer for answer in asked if not isinstance(answer, Gap)]
    evidence = replace(evidence, gaps=(*evidence.gaps, *(one for one in asked if isinstance(one, Gap))))
    found = _ranked([answer for answer in answers if isinstance(answer, Finding)])
    excluded = tuple(answer for answer in answers if isinstance(answer, RuledOut))
    ruled_out = _advice.left(excluded, {finding.cause for finding in found})
    found = found or _heard(evidence, facts, frozenset(causes))
    if not found:
        return unexplained(evidence, facts, ruled_out)
    first, *others = _advice.beside(found)
    front = facts.get("front")
    first = beside_trouble(first, front if isinstance(front, HttpProbes) else None)
    first = _likely.beside(first, facts, host)
    found = (first, *others)
    return Verdict(
        cause=first.cause,
        certainty=first.certainty,
        says=first.says,
        found=found,
        ruled_out=ruled_out,
        unchecked=evidence.gaps,
        restart=first.restart,
        remedies=_fitting(first, remedies.get(first.cause, ()), host, facts),
        next_check=first.next_check,
        changed=_before.changed(facts),
    )


def _heard(evidence: Evidence, facts: Mapping[str, object], asked: frozenset[str]) -> tuple[Finding, ...]:
    """What the logs' own words tell where no rule over facts explains a failure; never more than likely.

    A cause whose rule was asked is not brought back by words: the facts spoke against it.
    """
    if doubt(evidence, {step: fact for step, fact in facts.items() if step != OUTSIDE}) is None:
        return ()
    # Its tables of wordings take a fifth of a second to load: only for who needs them.
    from bot.diagnose import diagnose  # noqa: PLC0415

    lines = {
        "error_log": [error.line for error in getattr(facts.get("error_log"), "errors", ())],
        "app_journal": [entry.line for entry in getattr(facts.get("app_journal"), "entries", ())],
        "nginx_journal": [entry.line for entry in getattr(facts.get("nginx_journal"), "entries", ())],
        "php_fpm": [entry.line for entry in getattr(facts.get("php_fpm"), "said", ())],
    }
    told = diagnose([Piece(text="\n".join(said), kind=step) for step, said in lines.items() if said])
    return tuple(
        replace(finding, certainty=max(finding.certainty, Certainty.LIKELY, key=lambda one: one.rank))
        for finding in told.found
        if finding.cause not in asked | _NO_OUTAGE | frozenset(_NOT_ASKED.values()) | _not_here(facts)
    )


def _not_here(facts: Mapping[str, object]) -> frozenset[str]:
    """An nginx that runs on the host itself is in no container, whatever its lines look like."""
    nginx, init = facts.get("nginx_unit"), _no_systemd.without(facts)
    is_on_host = (isinstance(nginx, UnitState) and nginx.is_running) or bool(init and init.nginx)
    return frozenset({"loopback_in_proxy_container"}) if is_on_host else frozenset()


def _unreached(evidence: Evidence) -> Verdict | None:
    for gap in evidence.gaps:
        if gap.kind in _NOT_ASKED:
            return _verdict_of_gap(gap, evidence)
    return None


def _verdict_of_gap(gap: Gap, evidence: Evidence) -> Verdict:
    cause = _NOT_ASKED[gap.kind]
    advice = RestartAdvice(
        effect=RestartEffect.USELESS,
        what="app",
        why="nothing could be asked of the host",
        is_sure=False,
    )
    finding = Finding(
        cause=cause,
        certainty=Certainty.CONFIRMED,
        says=f"{evidence.host} could not be asked: {gap.reason.removeprefix(f'{evidence.host}: ')}",
        because=(Line(step="connect", text=gap.reason), *_seen_outside(evidence)),
        restart=advice,
    )
    return Verdict(
        cause=cause,
        certainty=finding.certainty,
        says=finding.says,
        found=(finding,),
        ruled_out=(),
        unchecked=evidence.gaps,
        restart=advice,
    )


def _seen_outside(evidence: Evidence) -> tuple[Line, ...]:
    """What users get of a host that cannot be asked, where that is known."""
    outside = evidence.facts.get(OUTSIDE)
    return (Line(step=OUTSIDE, text=outside.line),) if isinstance(outside, OutsideAnswer) else ()


def _ask(
    cause: str, facts: Mapping[str, object], evidence: Evidence, host: Host
) -> Finding | RuledOut | Gap | None:
    """The rule's answer; a gap where a bug keeps it from one."""
    rule: Rule = getattr(importlib.import_module(f"bot.rules.{cause}"), cause)
    special = {
        "clock": evidence.clock,
        "gaps": evidence.gaps,
        "host": host,
        "ran_as_root": _ran_as_root(evidence),
    }
    arguments: dict[str, object] = {}
    for name, optional in _needs(rule).items():
        value = special.get(name, facts.get(name))
        if value is None and not optional:
            return None
        arguments[name] = value
    try:
        return rule(**arguments)
    except Exception as error:  # a bug in one rule: the others' answers are worth as much as before
        return Gap(step=cause, kind=GapKind.BUG, reason=bugs.words(error))


def _ran_as_root(evidence: Evidence) -> tuple[str, ...]:
    """Steps that sudo ran a command for; its own list is none."""
    said = evidence.outputs.items()
    return tuple(step for step, one in said if one.argv[:2] == SUDO and one.argv[2:3] != ("-l",))


@cache
def _needs(rule: Rule) -> Mapping[str, bool]:
    """Argument -> whether the rule can do without."""
    hints = typing.get_type_hints(rule)
    return {name: _is_optional(hints[name]) for name in inspect.signature(rule).parameters}


def _is_optional(hint: object) -> bool:
    return isinstance(hint, types.UnionType) and types.NoneType in typing.get_args(hint)


def _ranked(findings: list[Finding]) -> tuple[Finding, ...]:
    """What explains the failure first, then the surer, then the weightier; else the runbook's order."""
    return _advice.heeding(sorted(findings, key=lambda f: (f.weight < 0, f.certainty.rank, -f.weight)))


def _fitting(
    finding: Finding, offered: tuple[str, ...], host: Host, facts: Mapping[str, object]
) -> tuple[str, ...]:
    """Remedies that mend this cause in this state; no restart that is useless or of something else."""
    others = _OF_UNIT if host.service.container else _OF_CONTAINER
    if _no_systemd.without(facts) is not None:
        others |= _BY_SYSTEMCTL
    helps = finding.restart.effect in (RestartEffect.HELPS, RestartEffect.TEMPORARY)
    return tuple(
        name
        for name in offered
        if name not in others
        if name not in _RESTARTS or (helps and _RESTARTS[name] == finding.restart.what)
    )
