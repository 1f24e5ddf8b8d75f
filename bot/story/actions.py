"""An approval as its section of the report tells it: votes, what ran, what the policy said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.model.incident import Approval
from bot.model.ruling import Ruling
from bot.story.moment import Detail, command_lines, voted_words, who
from bot.story.sentence import closed_words, deed, outcome_words, ready_words
from bot.story.tell import Story
from bot.story.text import both


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One proposed action; plain text, escaped by whoever writes it."""

    title: str
    #: Why, until when, by whom it could be approved.
    offered: str
    commands: str
    #: Dated lines, in order.
    lines: tuple[str, ...]
    #: What it printed, the signatures of votes.
    texts: tuple[Detail, ...]
    #: What the policy answered, each answer once.
    policy: tuple[str, ...]
    #: What the host and the chain know it by.
    record: str


def deeds(story: Story) -> tuple[Deed, ...]:
    """Every action that was offered, in order."""
    return tuple(_deed(one, story) for one in story.incident.approvals)


def _deed(approval: Approval, story: Story) -> Deed:
    proposed, zone = approval.proposed, story.opened.timezone
    dated = sorted(_dated(approval), key=lambda one: one[0])
    return Deed(
        title=f"{deed(approval)} on {proposed.host}: {approval.status.value}",
        offered=f"{proposed.remedy}, for {proposed.cause}; asked by {approval.requester}; "
        f"{proposed.quorum} of {proposed.approvers} could approve until {both(proposed.approve_by, zone)}",
        commands=command_lines(proposed.commands),
        lines=tuple(f"{both(at, zone)}: {words}" for at, words in dated),
        texts=(*_signatures(approval), *_output(approval, story)),
        policy=_policy(approval),
        record=_record(approval),
    )


def _dated(approval: Approval) -> Iterator[tuple[datetime, str]]:
    yield approval.proposed_at, "offered"
    for vote in approval.votes:
        by, reason = who(vote.event.person, vote.event.by), vote.event.reason
        yield vote.at, f"{by} {voted_words(vote.event, deed='it')}{f': {reason}' if reason else ''}"
    if approval.intended_at:
        yield approval.intended_at, "begun"
    if approval.outcome and approval.outcome_at:
        yield approval.outcome_at, outcome_words(approval.outcome)
    if approval.ready and approval.ready_at:
        yield approval.ready_at, ready_words(approval.ready)
    if approval.closed and approval.closed_at:
        yield approval.closed_at, closed_words(approval.closed)


def _signatures(approval: Approval) -> Iterator[Detail]:
    for vote in approval.votes:
        if vote.event.signature:
            yield Detail(label=f"signature of {vote.event.person}", text=vote.event.signature)


def _output(approval: Approval, story: Story) -> Iterator[Detail]:
    digest = approval.outcome.evidence if approval.outcome else None
    if digest:
        yield Detail(label="what it printed", text=story.evidence.get(digest, "(erased)"))


def _policy(approval: Approval) -> tuple[str, ...]:
    """`allowed at offer, vote, run: rule 'restart' allows it`."""
    stages: dict[str, list[str]] = {}
    for ruling in _rulings(approval):
        word = "allowed" if ruling.is_allowed else f"refused ({ruling.reason.value})"
        at = stages.setdefault(f"{word}\0{ruling.says}", [])
        if ruling.question.stage.value not in at:
            at.append(ruling.question.stage.value)
    return tuple(
        f"{word} at {', '.join(at)}: {says}"
        for (word, _, says), at in ((key.partition("\0"), at) for key, at in stages.items())
    )


def _rulings(approval: Approval) -> Iterator[Ruling]:
    events = (
        approval.proposed,
        *(vote.event for vote in approval.votes),
        approval.claim,
        approval.intent,
        approval.closed,
    )
    for event in events:
        if event is not None and event.ruling is not None:
            yield event.ruling


def _record(approval: Approval) -> str:
    host_key = f", host key {approval.intent.host_key}" if approval.intent else ""
    nonce = f", nonce {approval.nonce}" if approval.nonce else ""
    return f"approval {approval.id}{nonce}{host_key}"
