"""A verdict as one JSON object for programs."""

import json

from bot.model.approval import ApprovalStatus
from bot.model.incident import Incident
from bot.model.verdict import Finding, Line, Verdict


def as_json(verdict: Verdict) -> dict[str, object]:
    """The verdict with the keys that scripts may rely on; evidence verbatim.

    `restart` is one of helps, temporary, useless, harmful; `restart_what` and `restart_why` go with it.
    """
    return {
        "cause": verdict.cause,
        "certainty": verdict.certainty.value,
        "says": verdict.says,
        "found": [_finding(found) for found in verdict.found],
        "ruled_out": [
            {"cause": out.cause, "says": out.says, "because": [_line(line) for line in out.because]}
            for out in verdict.ruled_out
        ],
        "unchecked": [
            {"step": gap.step, "kind": gap.kind.value, "reason": gap.reason} for gap in verdict.unchecked
        ],
        "restart": verdict.restart.effect.value,
        "restart_what": verdict.restart.what,
        "restart_why": verdict.restart.why,
        "remedies": list(verdict.remedies),
        "next_check": verdict.next_check,
        "changed": verdict.changed,
        "is_served": verdict.is_served,
        "users_get": verdict.users_get,
    }


def json_text(incident: Incident, verdict: Verdict) -> str:
    """One JSON object on one line: the verdict, and where it stands in the ledger."""
    about = {"incident": incident.id, "host": incident.host, "runbook": incident.runbook}
    offered = [
        {
            "approval": one.id,
            "remedy": one.proposed.remedy,
            "requester": one.requester,
            "commands": [list(c) for c in one.proposed.commands],
        }
        for one in incident.approvals
        if one.status is ApprovalStatus.OPEN
    ]
    return json.dumps({**about, **as_json(verdict), "offered": offered}, ensure_ascii=False)


def _finding(found: Finding) -> dict[str, object]:
    return {
        "cause": found.cause,
        "certainty": found.certainty.value,
        "says": found.says,
        "because": [_line(line) for line in found.because],
        "restart": found.restart.effect.value,
        "restart_what": found.restart.what,
        "restart_why": found.restart.why,
        "next_check": found.next_check,
    }


def _line(line: Line) -> dict[str, object]:
    return {"step": line.step, "line": line.text, "at": line.at.isoformat() if line.at else None}
