"""Broken glass is told in the thread, and in the channel the policy names."""

from bot.model.approval import Approval, Vote
from bot.model.incident import Incident
from bot.model.ruling import Way
from bot.slack.blocks import rich, text
from bot.slack.blocks.message import Block, Message, Urgency

_ALARM = "alarm:"


def is_alarm(key: str) -> bool:
    """Whether a message's key is of one in the channel that the policy names."""
    return key.startswith(_ALARM)


def alerts(incident: Incident) -> list[Message]:
    """One message in the thread for each, and one in the alert channel."""
    made = []
    for approval in incident.approvals:
        broken = [vote for vote in approval.votes if vote.event.is_yes and vote.event.way is Way.BREAK_GLASS]
        for number, vote in enumerate(broken, 1):
            key = f"{approval.id}:{number}" if number > 1 else approval.id
            if incident.place is not None:
                made.append(_alert(incident, approval, vote, key=f"alert:{key}"))
            if vote.event.alert:
                made.append(_alert(incident, approval, vote, key=f"{_ALARM}{key}", channel=vote.event.alert))
    return made


def _alert(
    incident: Incident, approval: Approval, vote: Vote, *, key: str, channel: str | None = None
) -> Message:
    event, proposed = vote.event, approval.proposed
    host = text.name(proposed.host)
    said: list[Block] = [
        rich.words(event.by.shown_as or event.person, most=80, bold=True),
        rich.ours(" broke the glass for "),
        rich.words(proposed.title or proposed.remedy, most=150, bold=True),
        rich.ours(": "),
        rich.words(proposed.target, most=150),
        rich.ours(" on "),
        rich.words(proposed.host, most=200, bold=True),
        rich.ours("\nBecause: "),
        rich.words(event.reason, most=500),
    ]
    due = f"to be reviewed by {text.date(event.review_by)}" if event.review_by else "to be reviewed"
    how = f"by somebody else: `/502 note {text.name(incident.id)} review: WHAT YOU FOUND`"
    return Message(
        key=key,
        text=f"Break-glass on {host}",
        blocks=(
            rich.header("glass", f"Break-glass · {host}"),
            rich.rich("why", rich.sentence(*said)),
            rich.context("review", f":rotating_light: {text.date(vote.at)} · {due} {how}"),
        ),
        urgency=Urgency.CARD,
        channel=channel,
    )
