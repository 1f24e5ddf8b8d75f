"""What a person hears who was refused: which rule, who may now, and how to ask them."""

from datetime import UTC

from bot.model.ruling import Lift, Question, Reason, Ruling, Stage, Terms
from bot.policy.check import Check
from bot.policy.decide import checks
from bot.policy.people import MEMBERS_ONLY, name_groups
from bot.policy.terms import Policy
from bot.policy.voters import counting, lone_from

_WHO = frozenset(
    {Reason.STANDING, Reason.NOT_IN_GROUP, Reason.REQUESTER, Reason.TOO_EARLY, Reason.JUSTIFICATION}
)
_AGAIN = frozenset({Reason.EVIDENCE_OLD, Reason.EXPIRED, Reason.IDENTITY_OLD, Reason.VOTER_CHANGED})
_FRESH = "run the check again for a fresh offer"
_OLDEST = (
    "nobody may approve one more until the oldest of them is past that time; look for another cause first"
)
_NEXT = {
    Reason.STEP_UP: "sign it with your key",
    Reason.FROZEN: "nobody may approve it before that; run the check again when it is over",
    Reason.BUDGET: _OLDEST,
    Reason.RATE: _OLDEST,
    Reason.FAILED_BEFORE: "nobody may approve it before that; run the check again when it is over",
    Reason.AT_ONCE: "nobody has to approve it again; it waits for its turn",
    Reason.QUORUM: "run the check again for a fresh card, and ask as many people as it names",
}
#: What break-glass must set aside for each of these.
_LIFTS = {
    Reason.FROZEN: Lift.FREEZE,
    Reason.BUDGET: Lift.BUDGET,
    Reason.REQUESTER: Lift.REQUESTER,
    Reason.TOO_EARLY: Lift.REQUESTER,
}


def refusal(
    policy: Policy, ruling: Ruling, *, approval: str = "", title: str = "", has_card: bool = True
) -> str:
    """Why not, by which rule, who may now and how to ask them.

    `title`: the action's; `has_card`: whether a card stands in a channel.
    """
    asked, terms = ruling.question, ruling.question.terms
    if terms is None:
        return f"{ruling.says}; {_mend(asked)}"
    rule = MEMBERS_ONLY if ruling.reason is Reason.STANDING else terms.rule
    says = f"{ruling.says} (rule {rule!r})"
    against = _against_all(ruling)
    if ruling.reason in _AGAIN and not against:
        return f"{says}; {_FRESH}"
    parts = [says, *(f"besides, {check.says}" for check in against)]
    if ruling.reason in _WHO and not against:
        what = f"“{title}”" if title else asked.action
        parts.append(f"{what} on {asked.host} may be approved now by {_who(policy, asked, terms)}")
        parts.append(_how_to_ask(approval if _can_type(policy, asked, terms) else "", has_card=has_card))
    parts += _ways_out(ruling, against)
    parts += _emergency(policy, ruling, terms)
    return ". ".join(part[:1].upper() + part[1:] if at else part for at, part in enumerate(parts))


def _against_all(ruling: Ruling) -> tuple[Check, ...]:
    """What else stands against it whoever says yes: naming who may would send them into the next no."""
    asked = ruling.question
    if asked.stage not in (Stage.VOTE, Stage.OFFER):
        return ()
    failed = [check for check in checks(asked) if not check.is_ok and check.reason is not ruling.reason]
    return tuple(check for check in failed if check.reason not in _WHO and check.reason is not Reason.STEP_UP)


def _ways_out(ruling: Ruling, against: tuple[Check, ...]) -> list[str]:
    """What to do about each thing that stands against it; a fresh offer alone where it needs one anyway."""
    reasons = [ruling.reason, *(check.reason for check in against)]
    ways = [_FRESH] if _AGAIN & set(reasons) else [_NEXT[reason] for reason in reasons if reason in _NEXT]
    return list(dict.fromkeys(ways))


def _how_to_ask(approval: str, *, has_card: bool) -> str:
    """What an approver has to do; `approval` is empty where nobody could type it."""
    by_hand = f"to type: runbook-bot approve {approval}" if approval else ""
    if has_card:
        return f"ask one of them to press Approve on the card{', or ' if by_hand else ''}{by_hand}"
    if by_hand:
        return f"ask one of them {by_hand}"
    return "none of them has a `login` in the policy; ask in Slack instead"


def _can_type(policy: Policy, asked: Question, terms: Terms) -> bool:
    """Whether one who may approve has a login: in a terminal people are only who the policy names."""
    groups = [policy.groups[name] for name in terms.approvers if name in policy.groups]
    voted = {ballot.person for ballot in asked.ballots}
    others = {person for group in groups for person in group.people} - {asked.requester, *voted}
    return any(policy.people[one].logins for one in others if one in policy.people)


def how_to_sign(approval: str, command: str) -> str:
    """What whoever approves has to type, and where what it prints goes."""
    return (
        f"Type this where your key is: {command} and paste what it prints: by the card's button, or with "
        f"runbook-bot approve {approval} --signature FILE"
    )


def _who(policy: Policy, asked: Question, terms: Terms) -> str:
    voted = {ballot.person for ballot in asked.ballots}
    who = name_groups(policy, terms.approvers, but={asked.requester, *voted})
    since, voter = lone_from(asked, terms), asked.voter
    is_on_call = voter is not None and bool(set(terms.lone) & set(voter.groups))
    if since is not None and is_on_call and voter is not None and voter.person == asked.requester:
        who += f"; by {asked.requester} alone from {since.astimezone(UTC):%H:%M:%S} UTC on if nobody says no"
    missing = terms.quorum - len(counting(asked, terms))
    if terms.quorum > 1 and missing > 0:
        who += f"; it needs {missing}{' more' if missing < terms.quorum else ''} of them"
    return who


def _emergency(policy: Policy, ruling: Ruling, terms: Terms) -> list[str]:
    reasons = {ruling.reason, *(check.reason for check in _against_all(ruling))}
    if not terms.glass or not reasons <= {*_LIFTS, *_WHO}:
        return []
    helps = {_LIFTS[reason] for reason in reasons if reason in _LIFTS}
    # Where more than the asker stands against it, somebody else may break the glass.
    others = helps - {Lift.REQUESTER}
    if not helps or not (others or helps) <= set(terms.lifts):
        return []
    but = () if Lift.REQUESTER in terms.lifts else (ruling.question.requester,)
    who = name_groups(policy, terms.glass, but=but)
    return [
        f"in an emergency {who} may break the glass with a justification of {terms.glass_words} characters"
    ]


def _mend(asked: Question) -> str:
    if asked.rules:
        return "nobody may approve it; ask whoever keeps the policy to narrow one of them"
    return "nobody may approve it; ask whoever keeps the policy to add one, or mend it by hand on the host"
