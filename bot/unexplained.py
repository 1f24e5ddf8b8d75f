"""What is said of a host where no rule found anything: that it is healthy, or why it cannot be called so."""

from collections.abc import Mapping
from datetime import UTC

from bot.model.evidence import Evidence, GapKind
from bot.model.verdict import Certainty, RestartAdvice, RestartEffect, RuledOut, Verdict
from bot.parsers.access_log import AccessLog, Request
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.outside_answer import OutsideAnswer
from bot.rules import _before

#: The step that asks the public address; the only one that does not ask the host.
OUTSIDE = "outside"
#: Steps without which "healthy" would be a guess.
_ESSENTIAL = ("front", "error_log", "unit", "container")


def unexplained(evidence: Evidence, facts: Mapping[str, object], ruled_out: tuple[RuledOut, ...]) -> Verdict:
    """The verdict where no rule found anything: healthy, or unknown and what is known all the same."""
    why_not = doubt(evidence, facts)
    advice = RestartAdvice(
        effect=RestartEffect.USELESS,
        what="app",
        why="nothing fails now" if why_not is None else "it is not known what fails",
        is_sure=why_not is None,
    )
    return Verdict(
        cause="healthy" if why_not is None else "unknown",
        certainty=Certainty.CONFIRMED if why_not is None else Certainty.POSSIBLE,
        says=_healthy_words(facts) if why_not is None else why_not,
        found=(),
        ruled_out=ruled_out,
        unchecked=evidence.gaps,
        restart=advice,
        next_check=None if why_not is None else _next_check(evidence),
        changed=None if why_not is None else _before.changed(facts),
    )


def doubt(evidence: Evidence, facts: Mapping[str, object]) -> str | None:
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
    outside = facts.get(OUTSIDE)
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
