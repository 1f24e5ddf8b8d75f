"""The incident in a dozen lines: what, why, who, how it ended, and how long each part took."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.incident import Approval, Incident, Run
from bot.model.stand import Stand, stand_of
from bot.model.verdict import Verdict
from bot.story.logged import first_sign
from bot.story.moment import voted_words, who
from bot.story.sentence import deed, outcome_words, quoted, restart_words
from bot.story.tell import Story
from bot.story.text import both, clock, elapsed

_BEFORE_AND_AFTER = 2
_WHEN_LAST_SEEN = {
    Stand.NOT_KNOWN: "nothing is known of the host",
    Stand.NOT_SEEN: "the bot could not look at the host when it last tried",
    Stand.NO_CAUSE: "no cause was found when the host was last seen",
    Stand.HEALTHY: "the host was healthy when last seen",
    Stand.SERVES: "the host served when last seen, but not all was well",
    Stand.BROKEN: "the host was broken when last seen",
}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A line of the summary; plain text, escaped by whoever writes it."""

    label: str
    text: str


def summary(story: Story) -> tuple[Fact, ...]:
    """What a reader in a hurry wants, the most wanted first."""
    return (*_what(story.incident), *_who(story), *_how_it_ended(story), *_how_long(story))


def recovered_at(incident: Incident) -> datetime | None:
    """When the service was first seen well again for good; None when it was not, or never was ill.

    That is when it answered after an action, if the next check says the same; else that check's end.
    """
    over = [run for run in incident.checks if run.verdict is not None and run.ended_at is not None]
    ill = [run for run in over if run.verdict and not run.verdict.is_healthy]
    if not ill:
        return None
    last_ill_at = ill[-1].ended_at
    seen = [at for at in _well_at(incident.approvals, over) if last_ill_at is not None and at > last_ill_at]
    return min(seen, default=None)


def _well_at(approvals: tuple[Approval, ...], over: list[Run]) -> list[datetime]:
    answers = [one.ready_at for one in approvals if one.ready and one.ready.is_ready]
    healthy = [run.ended_at for run in over if run.verdict and run.verdict.is_healthy]
    return [at for at in (*answers, *healthy) if at is not None]


def _what(incident: Incident) -> tuple[Fact, ...]:
    verdict = incident.first_verdict
    if verdict is None:
        failed = [run.failed.why for run in incident.runs if run.failed]
        return (Fact(label="What was wrong", text=f"no verdict: {failed[0] if failed else 'not ended'}"),)
    others = [f"{one.cause} ({one.certainty.value})" for one in verdict.found if one.cause != verdict.cause]
    also = f"; also {', '.join(dict.fromkeys(others))}" if others else ""
    return (
        Fact(label="What was wrong", text=verdict.says),
        Fact(label="Cause", text=f"{verdict.cause}, {verdict.certainty.value}{also}"),
        Fact(label="Would a restart help", text=restart_words(verdict.restart)),
    )


def _who(story: Story) -> tuple[Fact, ...]:
    zone = story.opened.timezone
    asked = f"{who(story.opened.person, story.opened.by)}, {both(story.opened_at, zone)}"
    votes = [
        Fact(
            label="Approved by" if vote.event.is_yes else "Rejected by",
            text=f"{who(vote.event.person, vote.event.by)}, {both(vote.at, zone)}: "
            f"{voted_words(vote.event, deed=quoted(approval))}",
        )
        for approval in story.incident.approvals
        for vote in approval.votes
    ]
    return (Fact(label="Asked by", text=asked), *votes)


def _how_it_ended(story: Story) -> tuple[Fact, ...]:
    incident = story.incident
    done = [
        f"{deed(one)}: {outcome_words(one.outcome)}" if one.outcome else f"{deed(one)}: {one.status.value}"
        for one in incident.approvals
    ]
    verdicts = [run.verdict for run in incident.checks if run.verdict]
    outcome = "not checked again" if len(verdicts) < _BEFORE_AND_AFTER else _state(verdicts[-1])
    return (
        Fact(label="What was done", text="; ".join(done) or "nothing: no action was offered"),
        Fact(label="Outcome", text=outcome),
        Fact(label="Status", text=_status(incident)),
    )


def _status(incident: Incident) -> str:
    stand = stand_of(incident)
    return f"nothing in progress; {_WHEN_LAST_SEEN[stand]}" if stand in _WHEN_LAST_SEEN else stand.value


def _state(verdict: Verdict) -> str:
    return f"{'well again' if verdict.is_healthy else 'not well'}: {verdict.says}"


def _how_long(story: Story) -> tuple[Fact, ...]:
    incident, opened_at = story.incident, story.opened_at
    zone = story.opened.timezone
    lasted = elapsed(story.ended_at - opened_at)
    verdict_at = next((run.ended_at for run in incident.runs if run.verdict and run.ended_at), None)
    approval_at = next((one.decided_at for one in incident.approvals if one.decided_at), None)
    since_ask = (
        ("Time to verdict", verdict_at),
        ("Time to approval", approval_at),
        ("Time to recovery", recovered_at(incident)),
    )
    return (
        Fact(label="From", text=both(opened_at, zone)),
        Fact(label="To", text=f"{both(story.ended_at, zone)}, {lasted}"),
        *(Fact(label=name, text=f"{elapsed(at - opened_at)} after the ask") for name, at in since_ask if at),
        *_outage(incident),
    )


def _outage(incident: Incident) -> tuple[Fact, ...]:
    """As far as the evidence dates it; nothing when no trouble was found."""
    verdict, sign, end = incident.first_verdict, first_sign(incident), recovered_at(incident)
    if verdict is None or not verdict.found:
        return ()
    if sign is None:
        until = f"seen well again at {clock(end)}" if end else "not seen to end"
        return (Fact(label="Outage", text=f"no line from before the ask dates its beginning; {until}"),)
    since = f"not before {clock(sign.at)}" if sign.is_change else f"since {clock(sign.at)} at the latest"
    lasted = f"; until {clock(end)}, {elapsed(end - sign.at)}" if end else "; not seen to end"
    return (Fact(label="Outage", text=f"{since} ({sign.step}, by the host's clock){lasted}"),)
