"""What is said of a host where no rule found anything: that it is healthy, or why it cannot be called so."""

import re
from collections.abc import Mapping
from datetime import UTC

from bot.model.evidence import Evidence, Gap, GapKind
from bot.model.verdict import Certainty, RestartAdvice, RestartEffect, RuledOut, Verdict
from bot.parsers.access_log import AccessLog, Request
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.outside_answer import OutsideAnswer
from bot.parsers.unit_state import UnitState
from bot.rules import _before, _other_proxies, _php_error
from bot.rules._next_address import is_tried_on

#: The step that asks the public address; the only one that does not ask the host.
OUTSIDE = "outside"
#: What a filter's REJECT looks like to who asks: firewalld's icmp-host-prohibited and icmp-admin-prohibited.
_REJECTED = re.compile(r"No route to host|\[Errno 113\]", re.IGNORECASE)
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
        next_check=None if why_not is None else _next_check(evidence, facts),
        changed=None if why_not is None else _before.changed(facts),
    )


def doubt(evidence: Evidence, facts: Mapping[str, object]) -> str | None:
    """Why this cannot be called healthy; None when it can."""
    front, access, log = facts.get("front"), facts.get("access_log"), facts.get("error_log")
    if isinstance(front, HttpProbes):
        for probe in front.probes:
            if not probe.is_well:
                return f"{probe.told('nginx')}; cause not found"
    missing = [gap for gap in evidence.gaps if _keeps_from_well(gap)]
    if missing:
        return f"not enough was seen to call it healthy: {missing[0].step}: {missing[0].reason}"
    if not isinstance(front, HttpProbes) or not front.probes:
        return "not enough was seen to call it healthy: nginx was not asked"
    if isinstance(access, AccessLog) and access.failures:
        return f"{_told(access.failures[0])}; cause not found"
    outside = facts.get(OUTSIDE)
    if isinstance(outside, OutsideAnswer) and not outside.is_well and not outside.is_untrusted:
        return f"nginx answers well on the host, but not at its public address: {outside.line}"
    errors = log.errors if isinstance(log, NginxErrorLog) else ()
    serious = [e for e in errors if e.level not in ("", "warn") and not _php_error.is_remark(e)]
    upstream = [e for e in serious if e.address]
    if not upstream:
        return None
    return f"requests fail, nginx says of {upstream[-1].address}: {upstream[-1].message}; cause not found"


def _keeps_from_well(gap: Gap) -> bool:
    """A rule that broke may be the one that would have fired."""
    return gap.kind is GapKind.BUG or (gap.step in _ESSENTIAL and gap.kind is not GapKind.NOT_ASKED)


def _told(request: Request) -> str:
    at = f" at {request.at.astimezone(UTC):%H:%M:%S} UTC" if request.at else ""
    return f"nginx answered {request.status} to {request.method} {request.path}{at}"


def _next_check(evidence: Evidence, facts: Mapping[str, object]) -> str:
    """Where to look when no rule knows; what could not be seen comes first."""
    outside, front = facts.get(OUTSIDE), facts.get("front")
    is_well = isinstance(front, HttpProbes) and front.are_well
    if is_well and isinstance(outside, OutsideAnswer) and "certificate has expired" in outside.line:
        return "`openssl x509 -enddate` of the certificate that nginx names: renew it, then reload nginx"
    if is_well and isinstance(outside, OutsideAnswer) and _REJECTED.search(outside.line):
        return (
            "a packet filter on the host or on the way: is the port let in (`firewall-cmd --list-all`, "
            "`nft list ruleset`, a security group)?"
        )
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
    config = facts.get("config")
    seen = [e for e in log.earlier if e.address] if isinstance(log, NginxErrorLog) else []
    passing = [e for e in seen if isinstance(config, NginxConfig) and is_tried_on(e, config)]
    old = [e for e in seen if e not in passing]
    over = (
        "the one error in the log is over" if len(old) == 1 else f"the {len(old)} errors in the log are over"
    )
    tail = f"; {over}" if old else ""
    if passing:
        tail += f"; {passing[-1].address} refuses, and nginx then asks the other address of localhost"
    outside = facts.get(OUTSIDE)
    if isinstance(outside, OutsideAnswer) and outside.is_untrusted:
        tail += "; the bot does not trust the certificate at the public address, so it did not ask there"
    other = (
        _other_proxies.in_nginx_place(front) if isinstance(front := facts.get("front"), HttpProbes) else None
    )
    unit = facts.get("unit")
    if isinstance(unit, UnitState) and unit.load == "not-found":
        tail += f"; the fleet file names {unit.name} as the app's, which this host does not have"
    beside = _no_nginx(facts) if other else ""
    return f"{other or 'nginx'} and the app answer well, and nothing fails now{tail}{beside}"


def _no_nginx(facts: Mapping[str, object]) -> str:
    """Said where another proxy serves: most of the checklist is about nginx."""
    unit = facts.get("nginx_unit")
    if isinstance(unit, UnitState) and unit.load == "not-found":
        return "; nginx is not installed here"
    return "" if isinstance(unit, UnitState) and unit.is_running else "; nginx does not run here"
