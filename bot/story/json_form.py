"""The JSON export: the timeline for programs, and the chain as stored so that it can be proved."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from enum import Enum

from bot.model.approval import Approval
from bot.model.diff import diff
from bot.model.incident import Incident, Run
from bot.story.moment import Moment
from bot.story.tell import Story
from bot.story.text import local

#: Raised whenever the same chain would be written differently.
FORMAT = "runbook-bot/export/4"


def to_json(story: Story) -> bytes:
    """One object, keys sorted, two spaces indent, ASCII only, newline at the end."""
    incident = story.incident
    zone = story.opened.timezone
    told = {
        "format": FORMAT,
        "incident": incident.id,
        "opened": {"at": story.opened_at, **asdict(story.opened)},
        "status": incident.status,
        "verdict": asdict(incident.verdict) if incident.verdict else None,
        "diff": _diff(incident),
        "runs": [_run(run) for run in incident.runs],
        "approvals": [_approval(approval) for approval in incident.approvals],
        "timeline": [_moment(moment, zone) for moment in story.moments],
        "head": {"seq": story.head.seq, "hash": story.head.hash},
        "chain": [{"seq": one.seq, "hash": one.hash, "body": one.body} for one in story.entries],
        "evidence": [asdict(kept) for kept in story.kept],
        "checkpoints": [asdict(sealed) for sealed in story.checkpoints],
    }
    return (json.dumps(told, default=_plain, sort_keys=True, indent=2) + "\n").encode()


def _diff(incident: Incident) -> dict[str, object] | None:
    """As this format has it: to the latest verdict, which may be that of the look just before an action."""
    first, last = incident.first_verdict, incident.verdict
    return asdict(diff(first, last)) if first and last and len(incident.verdicts) > 1 else None


def _run(run: Run) -> dict[str, object]:
    return {
        "run": run.number,
        "reason": run.started.reason,
        "requester": run.requester,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "steps": [{"at": step.at, **asdict(step.event)} for step in run.steps],
        "missing": run.missing,
        "verdict": asdict(run.verdict) if run.verdict else None,
        "failed": run.failed.why if run.failed else None,
    }


def _approval(approval: Approval) -> dict[str, object]:
    told = {key: value for key, value in asdict(approval).items() if key != "votes"}
    return {**told, "votes": [{"at": vote.at, **asdict(vote.event)} for vote in approval.votes]}


def _moment(moment: Moment, zone: str) -> dict[str, object]:
    return {**asdict(moment), "at_local": local(moment.at, zone)}


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case Enum():
            return value.value
    raise TypeError(f"no JSON form for {type(value).__name__}")
