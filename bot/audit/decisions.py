"""Policy decisions made again from what stands beside them; pure.

A decision's question is held against the chain (who asked, who voted, what stood where since when) and
then asked again: the evaluator must give the recorded answer. What other incidents did, and which
freezes were in force, is taken as recorded.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.audit.report import Kind, Trouble
from bot.errors import BadRequest
from bot.model.approval import Approval
from bot.model.event import (
    ApprovalClosed,
    ChannelChanged,
    Claimed,
    Entry,
    Intended,
    Noted,
    Proposed,
    Refused,
    RunEnded,
    RunFailed,
    RunStarted,
    Shown,
    Voted,
)
from bot.model.incident import Incident, fold
from bot.model.ruling import DECISION_LASTS, Question, Ruling, Stage
from bot.model.signed import text_of_vote
from bot.policy import decide
from bot.remedy import attempts_of
from bot.signatures import holds

#: Kinds that are needed beside those of `bot.audit.facts`.
KINDS = frozenset(
    event.kind for event in (ChannelChanged, Noted, Refused, RunStarted, RunEnded, RunFailed, Shown)
)

_Decided = Proposed | Voted | Claimed | Intended | ApprovalClosed | Refused


def replayed(entries: Sequence[Entry]) -> tuple[Trouble, ...]:
    """Decisions of one incident that do not follow from what they were made from, in order."""
    found = []
    for index, entry in enumerate(entries):
        if not isinstance(entry.event, _Decided):
            continue
        why = _why_wrong(entries[:index], entry, entry.event)
        if why is not None:
            found.append(Trouble(kind=Kind.DECISION, chain=entry.incident, seq=entry.seq, says=why))
    return tuple(found)


def _why_wrong(before: Sequence[Entry], entry: Entry, event: _Decided) -> str | None:
    ruling = event.ruling
    if ruling is None:
        return _why_missing(before, event)
    again = decide(ruling.question)
    if _answer(again) != _answer(ruling):
        return f"it says {ruling.reason.value!r}; asked again the policy says {again.reason.value!r}"
    state = fold(before)
    approval = state.approval(event.approval or "")
    differences = (
        *_of_place(entry, event, ruling, state),
        # A refusal is written down whatever came in between, and nothing follows from it.
        *(
            _of_approval(event, ruling, approval, state)
            if approval and not isinstance(event, Refused)
            else ()
        ),
    )
    return next((says for is_same, says in differences if not is_same), None)


def _why_missing(before: Sequence[Entry], event: _Decided) -> str | None:
    """Decisions are kept since the offer has one; a vote or an intent without it was not decided."""
    if not isinstance(event, Intended | Voted):
        return None
    offers = (one.event for one in before if isinstance(one.event, Proposed))
    offer = next((one for one in offers if one.approval == event.approval), None)
    return "it stands without a decision" if offer is not None and offer.ruling is not None else None


def _answer(ruling: Ruling) -> tuple[object, ...]:
    return ruling.is_allowed, ruling.reason, ruling.way, ruling.is_enough


_Differences = Iterator[tuple[bool, str]]


def _of_place(entry: Entry, event: _Decided, ruling: Ruling, state: Incident) -> _Differences:
    """What holds for every decision, wherever it stands."""
    asked = ruling.question
    requester = _requester(event, state)
    yield asked.requester == requester, f"it was asked for {asked.requester!r}, the asker is {requester!r}"
    # A database clock that was set back does not turn the incident's own back.
    clocks = (entry.at, max(entry.at, state.clock_at or entry.at))
    is_late_no = isinstance(event, Refused) and asked.at <= entry.at  # it did nothing, whenever it is written
    is_now = is_late_no or any(abs(clock - asked.at) <= DECISION_LASTS for clock in clocks)
    yield is_now, "it was decided at another time than it was written down"
    yield asked.stage in _stages(event), f"a decision about {asked.stage.value} stands here"
    is_no = isinstance(event, Refused | ApprovalClosed)
    yield ruling.is_allowed != is_no, "it was done against the decision" if not is_no else "it was allowed"
    if isinstance(event, Proposed):
        same = (asked.action, asked.host, asked.target) == (event.remedy, event.host, event.target)
        yield same, "the decision is about something else"
        run = next((one for one in state.runs if one.number == event.run), None)
        is_theirs = not event.requester or (run is not None and run.requester == event.requester)
        yield is_theirs, f"it names {event.requester!r} as the asker, who did not ask for this look"


def _requester(event: _Decided, state: Incident) -> str | None:
    """Who asked for what is decided; whoever opened the incident where that was not kept yet."""
    offer = event if isinstance(event, Proposed) else None
    approval = state.approval(event.approval or "")
    named = offer.requester if offer else approval.requester if approval else ""
    return named or (state.opened.person if state.opened else None)


def _stages(event: _Decided) -> tuple[Stage, ...]:
    match event:
        case Proposed():
            return (Stage.OFFER,)
        case Voted():
            return (Stage.VOTE if event.is_yes else Stage.VETO,)
        case Refused():
            return (Stage.VOTE, Stage.VETO)
        case _:
            return (Stage.RUN,)


def _of_approval(event: _Decided, ruling: Ruling, approval: Approval, state: Incident) -> _Differences:
    """What the chain knows of the approval against what the question says of it."""
    asked, proposed = ruling.question, approval.proposed
    same = (asked.action, asked.host, asked.target) == (proposed.remedy, proposed.host, proposed.target)
    yield same, "the decision is about something else"
    yield _has_same_terms(asked, proposed), "it was made under other terms than the offer"
    yield asked.approve_by == proposed.approve_by, "the time to approve is not the offer's"
    yield asked.run_by == approval.run_by, "the time to run is not the approval's"
    yield _was_in_sight(asked, approval, state), "the card did not stand in a public channel since then"
    yield _has_same_votes(asked, approval), "the votes it counts are not those that were given"
    yield _saw_who_voted(asked, approval), "it says more of a voter than was known at the vote"
    yield _counts_enough(asked, approval, state), "it counts fewer actions than this incident has"
    if isinstance(event, Voted):
        voter = asked.voter
        yield voter is not None and voter.person == event.person, "it was decided for somebody else"
        same_way = (event.way, event.is_enough) == (ruling.way, ruling.is_enough)
        yield same_way, "the vote claims more than was decided"
        yield _is_signed(event, asked, proposed), "its signature is not over this approval"


def _was_in_sight(asked: Question, approval: Approval, state: Incident) -> bool:
    """Where nobody wrote down yet whether the channel is public, any channel was enough."""
    key = f"card:{approval.id}"
    card = state.shown.get(key)
    is_old = card is not None and card.is_public is None
    since = (state.shown_since if is_old else state.public_since).get(key)
    return asked.shown_at in (since, None)


def _is_signed(event: Voted, asked: Question, proposed: Proposed) -> bool:
    """Whose key it was is taken as recorded; that it signed exactly this is not."""
    is_wanted = asked.terms is not None and asked.terms.is_signed and event.is_yes
    if not is_wanted:
        return True
    try:
        return holds(text_of_vote(proposed, event.way), event.signature)
    except BadRequest:
        return False


def _has_same_terms(asked: Question, proposed: Proposed) -> bool:
    """A no counts whatever the policy has become."""
    offer = proposed.ruling.question if proposed.ruling else None
    return (
        offer is None
        or asked.stage is Stage.VETO
        or (asked.policy, asked.terms) == (offer.policy, offer.terms)
    )


def _has_same_votes(asked: Question, approval: Approval) -> bool:
    rulings = (one.event.ruling for one in approval.votes if one.event.is_yes)
    voters = {ruling.question.voter for ruling in rulings if ruling is not None}
    return voters <= set(asked.ballots) and len(asked.ballots) == len(approval.yes_people)


def _saw_who_voted(asked: Question, approval: Approval) -> bool:
    """Who was not asked for again is told of as at the vote; the rest is what a provider said then."""
    rulings = (one.event.ruling for one in approval.votes if one.event.is_yes)
    voters = [ruling.question.voter for ruling in rulings if ruling is not None]
    known = {(one.person, one.standing, one.groups, one.at) for one in voters if one is not None}
    old = (one for one in asked.seen if abs(one.at - asked.at) > DECISION_LASTS)
    return all((one.person, one.standing, one.groups, one.at) in known for one in old)


def _counts_enough(asked: Question, approval: Approval, state: Incident) -> bool:
    """Other incidents may add to the count, none takes away from it."""
    budget = asked.terms.budget if asked.terms else None
    if budget is None or asked.stage is Stage.VETO:
        return True
    since = asked.at - timedelta(seconds=budget.per_s)
    mine = [one for one in attempts_of(state) if one.approval != approval.id and one.at > since]
    there = [one for one in mine if (one.host, one.target) == (asked.host, asked.target)]
    return asked.on_target >= len(there)
