"""The message the thread hangs under: what, where, who, and how it stands."""

from bot.model.approval import Approval, ApprovalStatus
from bot.model.incident import Incident, IncidentStatus, Run
from bot.model.stand import Stand, stand_after, stand_of
from bot.model.verdict import Verdict
from bot.slack.blocks import rich, text
from bot.slack.blocks.message import Block, Message, Urgency

_MARKS = {
    Stand.LOOKING: ":mag:",
    Stand.DECIDING: ":raised_hand:",
    Stand.ACTING: ":wrench:",
    Stand.RECHECKING: ":repeat:",
    Stand.FAILED: ":warning:",
    Stand.NOT_KNOWN: ":grey_question:",
    Stand.NOT_SEEN: ":grey_question:",
    Stand.NO_CAUSE: ":grey_question:",
    Stand.HEALTHY: ":large_green_circle:",
    Stand.SERVES: ":large_yellow_circle:",
    Stand.BROKEN: ":red_circle:",
}


def root(incident: Incident) -> Message:
    """The root message as it stands now."""
    opened = incident.opened
    assert opened is not None  # messages() asks only for opened incidents
    subject = f"{text.name(opened.runbook)} · {text.name(opened.host)}"
    blocks: list[Block] = [
        rich.header("head", subject),
        rich.rich("says", rich.sentence(rich.words(_says(incident), bold=True)), *_users(incident)),
        _fields(incident),
        rich.context("about", *_about(incident)),
    ]
    said = f"{subject}: {state_of(incident).split(' ', 1)[1]}"
    if incident.verdict is not None:
        said += f": {text.notice(incident.verdict.says)}"
    return Message(key="root", text=said, blocks=tuple(blocks), urgency=_urgency(incident), is_root=True)


def state_of(incident: Incident) -> str:
    """An emoji and a word or two of ours."""
    return marked(stand_of(incident))


def outcome_of(verdict: Verdict | None) -> str:
    """An emoji and a word for a verdict: the frame that only the bot draws."""
    return marked(stand_after(verdict))


def marked(stand: Stand) -> str:
    """An emoji and the words."""
    return f"{_MARKS[stand]} {stand.value}"


def _says(incident: Incident) -> str:
    if incident.verdict is not None:
        return incident.verdict.says
    run = incident.run
    if run is not None and run.failed is not None:
        return f"the check failed: {run.failed.why}"
    return "Looking …"


def _users(incident: Incident) -> list[Block]:
    get = incident.verdict.users_get if incident.verdict else None
    return [rich.sentence(rich.ours("Users get: "), rich.words(get, most=300))] if get else []


def _fields(incident: Incident) -> Block:
    assert incident.opened is not None
    by = incident.opened.by
    block = rich.fields("facts", ("State", state_of(incident)), ("Next", _next(incident)))
    # A name is the person's own words, so it stands where Slack reads no marks.
    who: Block = {
        "type": "plain_text",
        "text": f"Asked by\n{text.one_line(by.shown_as or by.id, 80)}",
        "emoji": False,
    }
    shown = block["fields"]
    assert isinstance(shown, list)
    return {**block, "fields": [*shown, who]}


def _next(incident: Incident) -> str:
    match incident.status:
        case IncidentStatus.LOOKING:
            return _progress(incident.run)
        case IncidentStatus.DECIDING:
            return _decision(next(one for one in incident.approvals if one.status is ApprovalStatus.OPEN))
        case IncidentStatus.ACTING:
            return "the action runs; its outcome comes in the thread"
        case IncidentStatus.RECHECKING:
            return "the checklist runs again; before and after come in the thread"
        case IncidentStatus.BROKEN:
            return "nothing is known now; press Run again in the thread"
        case IncidentStatus.DONE:
            return _after(incident)


def _after(incident: Incident) -> str:
    verdict = incident.verdict
    if verdict is not None and verdict.is_healthy:
        return "nothing to do"
    if verdict is not None and not verdict.found and verdict.next_check:
        return f"check {text.notice(verdict.next_check, 250)}"
    offered = [one for one in incident.approvals if incident.run and one.proposed.run == incident.run.number]
    if any(one.status is ApprovalStatus.EXPIRED for one in offered):
        return "nobody approved in time; press Run again in the thread for a new card"
    return "read the thread; the verdict says what to do"


def _progress(run: Run | None) -> str:
    if run is None:
        return "the checklist starts"
    return f"the verdict, in seconds; {text.count(len(run.started.steps), 'step')} asked"


def _decision(approval: Approval) -> str:
    return f"approve or reject in the thread, by {text.date(approval.proposed.approve_by)}"


def _about(incident: Incident) -> list[str]:
    parts = [f"asked {text.date(incident.opened_at)}"] if incident.opened_at else []
    verdict = incident.verdict
    if verdict is not None and not verdict.is_healthy:
        parts.append(f"cause `{text.name(verdict.cause)}`, {verdict.certainty.value}")
    if len(incident.checks) > 1:
        parts.append(f"checked {len(incident.checks)} times")
    if incident.review_by is not None:
        parts.append(f":rotating_light: break-glass, to be reviewed by {text.date(incident.review_by)}")
    parts.append(f"incident `{text.name(incident.id)}`")
    return [" · ".join(parts)]


def _urgency(incident: Incident) -> Urgency:
    return Urgency.PROGRESS if incident.status is IncidentStatus.LOOKING else Urgency.OUTCOME
