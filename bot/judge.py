"""Facts -> Verdict: every rule is asked, findings are ranked, and nothing unseen counts as well."""

import importlib
import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from functools import cache

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
from bot.parsers.access_log import AccessLog, Request
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.outside_answer import OutsideAnswer
from bot.rules import _advice, _before, _users
from bot.rules._focus import focus

Rule = Callable[..., Finding | RuledOut | None]

#: When the host could not be asked at all, the gap's kind is the cause.
_NOT_ASKED = {
    GapKind.UNREACHABLE: "host_unreachable",
    GapKind.AUTH: "ssh_auth_failed",
    GapKind.HOST_KEY: "host_key_changed",
    GapKind.HOST_KEY_UNKNOWN: "host_key_unknown",
    GapKind.KIT: "host_kit_drifted",
}
#: The step that asks the public address; the only one that does not ask the host.
_OUTSIDE = "outside"
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
#: Steps without which "healthy" would be a guess.
_ESSENTIAL = ("front", "error_log", "unit")
#: Which advice lets which remedy stand: the remedy's name -> what must be restarted.
_RESTARTS = {
    "restart_unit": "app",
    "start_unit": "app",
    "start_nginx": "nginx",
    "restart_nginx": "nginx",
    "reload_nginx": "nginx",
}


def judge(
    evidence: Evidence, *, host: Host, causes: Sequence[str], remedies: Mapping[str, tuple[str, ...]]
) -> Verdict:
    """The verdict of the rules named in `causes` over what a host said.

    A rule whose required fact is missing says nothing; the gap stands in `unchecked`.
    `remedies` maps a cause to what may be offered; only what fits its state is kept.
    """
    return replace(
        _judged(evidence, host, causes, remedies),
        is_served=_users.is_served(evidence.facts),
        users_get=_users.get(evidence.facts, host.public_url),
    )


def _judged(
    evidence: Evidence, host: Host, causes: Sequence[str], remedies: Mapping[str, tuple[str, ...]]
) -> Verdict:
    if evidence.facts.keys() <= {_OUTSIDE} and (unreached := _unreached(evidence)):
        return unreached
    facts = focus(evidence, host)
    answers = [answer for cause in causes if (answer := _ask(cause, facts, evidence, host)) is not None]
    found = _ranked([answer for answer in answers if isinstance(answer, Finding)])
    excluded = tuple(answer for answer in answers if isinstance(answer, RuledOut))
    ruled_out = _advice.left(excluded, {finding.cause for finding in found})
    found = found or _heard(evidence, facts, frozenset(causes))
    if not found:
        return _without_finding(evidence, facts, ruled_out)
    first, *others = _advice.beside(found)
    found = (first, *others)
    return Verdict(
        cause=first.cause,
        certainty=first.certainty,
        says=first.says,
        found=found,
        ruled_out=ruled_out,
        unchecked=evidence.gaps,
        restart=first.restart,
        remedies=_fitting(first, remedies.get(first.cause, ())),
        next_check=first.next_check,
        changed=_before.changed(facts),
    )


def _heard(evidence: Evidence, facts: Mapping[str, object], asked: frozenset[str]) -> tuple[Finding, ...]:
    """What the logs' own words tell where no rule over facts explains a failure; never more than likely.

    A cause whose rule was asked is not brought back by words: the facts spoke against it.
    """
    if _doubt(evidence, {step: fact for step, fact in facts.items() if step != _OUTSIDE}) is None:
        return ()
    # Its tables of wordings take a fifth of a second to load: only for who needs them.
    from bot.diagnose import diagnose  # noqa: PLC0415

    lines = {
        "error_log": [error.line for error in getattr(facts.get("error_log"), "errors", ())],
        "app_journal": [entry.line for entry in getattr(facts.get("app_journal"), "entries", ())],
        "nginx_journal": [entry.line for entry in getattr(facts.get("nginx_journal"), "entries", ())],
    }
    told = diagnose([Piece(text="\n".join(said), kind=step) for step, said in lines.items() if said])
    return tuple(
        replace(finding, certainty=max(finding.certainty, Certainty.LIKELY, key=lambda one: one.rank))
        for finding in told.found
        if finding.cause not in asked | _NO_OUTAGE
    )


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
    outside = evidence.facts.get(_OUTSIDE)
    return (Line(step=_OUTSIDE, text=outside.line),) if isinstance(outside, OutsideAnswer) else ()


def _ask(
    cause: str, facts: Mapping[str, object], evidence: Evidence, host: Host
) -> Finding | RuledOut | None:
    rule: Rule = getattr(importlib.import_module(f"bot.rules.{cause}"), cause)
    special = {"clock": evidence.clock, "gaps": evidence.gaps, "host": host}
    arguments: dict[str, object] = {}
    for name, optional in _needs(rule).items():
        value = special.get(name, facts.get(name))
        if value is None and not optional:
            return None
        arguments[name] = value
    return rule(**arguments)


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


def _fitting(finding: Finding, offered: tuple[str, ...]) -> tuple[str, ...]:
    """Remedies that mend this cause in this state; no restart that is useless or of something else."""
    helps = finding.restart.effect in (RestartEffect.HELPS, RestartEffect.TEMPORARY)
    return tuple(
        name
        for name in offered
        if name not in _RESTARTS or (helps and _RESTARTS[name] == finding.restart.what)
    )


def _without_finding(
    evidence: Evidence, facts: Mapping[str, object], ruled_out: tuple[RuledOut, ...]
) -> Verdict:
    doubt = _doubt(evidence, facts)
    advice = RestartAdvice(
        effect=RestartEffect.USELESS,
        what="app",
        why="nothing fails now" if doubt is None else "it is not known what fails",
        is_sure=doubt is None,
    )
    return Verdict(
        cause="healthy" if doubt is None else "unknown",
        certainty=Certainty.CONFIRMED if doubt is None else Certainty.POSSIBLE,
        says=_healthy_words(facts) if doubt is None else doubt,
        found=(),
        ruled_out=ruled_out,
        unchecked=evidence.gaps,
        restart=advice,
        next_check=None if doubt is None else _next_check(evidence),
        changed=None if doubt is None else _before.changed(facts),
    )


def _doubt(evidence: Evidence, facts: Mapping[str, object]) -> str | None:
    """Why this cannot be called healthy; None when it can."""
    front, access, log = facts.get("front"), facts.get("access_log"), facts.get("error_log")
    if isinstance(front, HttpProbes):
        for probe in front.probes:
            if not probe.is_well:
                return f"{probe.told('nginx')}; cause not found"
    missing = [gap for gap in evidence.gaps if gap.step in _ESSENTIAL and gap.kind is not GapKind.NOT_ASKED]
    if missing:
        return f"not enough was seen to call it healthy: {missing[0].step}: {missing[0].reason}"
    if not isinstance(front, HttpProbes) or not front.probes:
        return "not enough was seen to call it healthy: nginx was not asked"
    if isinstance(access, AccessLog) and access.failures:
        return f"{_told(access.failures[0])}; cause not found"
    outside = facts.get(_OUTSIDE)
    if isinstance(outside, OutsideAnswer) and not outside.is_well:
        return f"nginx answers well on the host, but not at its public address: {outside.line}"
    serious = [e for e in log.errors if e.level not in ("", "warn")] if isinstance(log, NginxErrorLog) else []
    upstream = [e for e in serious if e.address]
    if not upstream:
        return None
    return f"requests fail, nginx says of {upstream[-1].address}: {upstream[-1].message}; cause not found"


def _told(request: Request) -> str:
    at = f" at {request.at.astimezone(UTC):%H:%M:%S} UTC" if request.at else ""
    return f"nginx answered {request.status} to {request.method} {request.path}{at}"


def _next_check(evidence: Evidence) -> str:
    """Where to look when no rule knows; what could not be seen comes first."""
    blind = [gap.step for gap in evidence.gaps if gap.kind is not GapKind.NOT_ASKED]
    if not blind:
        return "the app's own log at the moment it fails, and what answers behind nginx on the same path"
    more = f" and {len(blind) - 4} more" if len(blind) > 4 else ""
    return (
        f"what could not be checked: {', '.join(blind[:4])}{more}; `runbook-bot doctor {evidence.host}` says "
        "what they need"
    )


def _healthy_words(facts: Mapping[str, object]) -> str:
    log = facts.get("error_log")
    old = [e for e in log.earlier if e.address] if isinstance(log, NginxErrorLog) else []
    tail = f"; the {len(old)} errors in the log are over" if old else ""
    return f"nginx and the app answer well, and nothing fails now{tail}"
