# Sentences stand as they are said.
# ruff: noqa: E501
"""Word for word what a refused person reads, and what each condition of a decision says of itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.model.person import Account, Actor, Origin, Standing
from bot.model.ruling import Frozen, Lift, Question, Reason, Stage
from bot.policy import Group, Person, Policy, decide, how_to_sign, may_ask, name_groups, refusal
from tests.policy.asked import T0
from tests.policy.test_refusals import BOB, DAN, LONE, NO, POLICY, TERMS, VOTE, voter_who_left

ASK = "Ask one of them to press Approve on the card, or to type: runbook-bot approve AbC"
BY_SRE = f"Restart_unit on web-01 may be approved now by sre (bob, user group S1). {ASK}"
GLASS = (
    "In an emergency sre (ann, bob, user group S1) may break the glass with a justification of 20 characters"
)
OLDEST = (
    "Nobody may approve one more until the oldest of them is past that time; look for another cause first"
)
OVER = "Nobody may approve it before that; run the check again when it is over"
FRESH = "(rule 'restart'); run the check again for a fresh offer"
SAID: Mapping[Reason, str] = {
    Reason.NO_RULE: "no policy rule allows restart_unit on web-01; nobody may approve it; ask whoever keeps the "
    "policy to add one, or mend it by hand on the host",
    Reason.SEVERAL_RULES: "restart and mend all speak of restart_unit on web-01, so none counts; nobody may "
    "approve it; ask whoever keeps the policy to narrow one of them",
    Reason.STANDING: f"guests cannot use this bot (rule 'full members of this workspace only'). {BY_SRE}",
    Reason.NOT_IN_GROUP: f"only sre may approve it (rule 'restart'). {BY_SRE}",
    Reason.REQUESTER: f"you asked for this, so somebody else must approve it (rule 'restart'). {BY_SRE}. {GLASS}",
    Reason.TOO_EARLY: "you asked for this; if nobody says no you may approve it alone from 2026-06-01 03:03:00 "
    "UTC on (rule 'restart'). Restart_unit on web-01 may be approved now by sre (bob, user group S1); by ann "
    f"alone from 03:03:00 UTC on if nobody says no. {ASK}. {GLASS}",
    Reason.JUSTIFICATION: f"a justification of at least 20 characters; given 3 (rule 'restart'). {BY_SRE}",
    Reason.STEP_UP: "it needs a signature of who approves it (rule 'restart'). Sign it with your key",
    Reason.EVIDENCE_OLD: f"the host was looked at 1 h ago, at most 10 min counts {FRESH}",
    Reason.EXPIRED: f"the time to approve it ends at 2026-06-01 02:59:59 UTC {FRESH}",
    Reason.FROZEN: f"frozen by 'sale' until 2026-06-02 03:00:00 UTC (rule 'restart'). {OVER}. {GLASS}",
    Reason.QUORUM: "0 of 1 people said yes (rule 'restart'). Run the check again for a fresh card, and ask as "
    "many people as it names",
    Reason.IDENTITY_OLD: f"nobody looked up who bob is before it was to run {FRESH}",
    Reason.VOTER_CHANGED: f"bob said yes and is not in sre any more {FRESH}",
    Reason.BUDGET: f"3 on app.service of web-01 in 1 h, at most 3 (rule 'restart'). {OLDEST}",
    Reason.RATE: f"9 by rule 'restart' in 1 h, at most 9 (rule 'restart'). {OLDEST}",
    Reason.FAILED_BEFORE: "it went wrong on another host; look there first, or wait until 2026-06-01 03:00:59 UTC "
    f"(rule 'restart'). {OVER}",
    Reason.AT_ONCE: "1 other hosts at work, at most 1 at once (rule 'restart'). Nobody has to approve it again; it "
    "waits for its turn",
}
SALE = (Frozen(name="sale", until=T0 + timedelta(days=1)),)
ANN = replace(BOB, person="ann")


def told(asked: Question, *, approval: str = "AbC") -> str:
    return refusal(POLICY, decide(asked), approval=approval)


@pytest.mark.parametrize("reason", SAID, ids=str)
def test_each_no_is_said_in_these_words(reason: Reason) -> None:
    asked = voter_who_left() if reason is Reason.VOTER_CHANGED else NO[reason]

    assert told(asked) == SAID[reason]


def test_where_there_is_no_card_nobody_is_told_to_type_an_id() -> None:
    says = refusal(POLICY, decide(NO[Reason.NOT_IN_GROUP]))

    assert says.endswith("Ask one of them to press Approve on the card")


@pytest.mark.parametrize(
    ("logins", "has_card", "says"),
    [
        (True, True, "Ask one of them to press Approve on the card, or to type: runbook-bot approve AbC"),
        (False, True, "Ask one of them to press Approve on the card"),
        (True, False, "Ask one of them to type: runbook-bot approve AbC"),
        (False, False, "None of them has a `login` in the policy; ask in Slack instead"),
    ],
)
def test_nobody_is_sent_to_a_card_or_a_terminal_that_is_not_there(
    logins: bool, has_card: bool, says: str
) -> None:
    bob = Person(name="bob", slack=frozenset({"U1"}), logins=frozenset({"bob"} if logins else ()))
    policy = replace(POLICY, people={**POLICY.people, "bob": bob})

    told = refusal(policy, decide(NO[Reason.NOT_IN_GROUP]), approval="AbC", has_card=has_card)

    assert told.endswith(says)


def test_whoever_said_yes_already_is_not_named_among_those_to_ask() -> None:
    asked = replace(VOTE, voter=DAN, requester="eve", terms=replace(TERMS, quorum=2), ballots=(BOB,))

    assert "may be approved now by sre (ann, user group S1); it needs 1 more of them." in told(asked)


def test_that_more_people_are_needed_is_not_said_when_they_are_not() -> None:
    enough = (BOB, replace(BOB, person="eve"))
    one = replace(VOTE, voter=DAN)
    two = replace(VOTE, voter=DAN, terms=replace(TERMS, quorum=2), ballots=enough)

    assert "it needs" not in told(one)
    assert "it needs" not in told(two)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"voter": DAN, "shown_at": T0}, id="another person"),
        pytest.param({"voter": replace(ANN, groups=()), "shown_at": T0}, id="who asked, not on call"),
        pytest.param({"voter": ANN, "shown_at": None}, id="a card that stands nowhere"),
    ],
)
def test_only_a_lone_on_call_whose_card_stands_hears_from_when_they_may(changed: dict[str, object]) -> None:
    asked = replace(VOTE, terms=LONE, **changed)

    assert "alone from" not in told(asked)


def test_the_time_to_be_alone_is_said_in_utc_whatever_the_clock_of_the_card() -> None:
    there = T0.astimezone(timezone(timedelta(hours=9)))

    assert "by ann alone from 03:03:00 UTC on" in told(replace(VOTE, terms=LONE, voter=ANN, shown_at=there))


def test_what_else_stands_against_it_is_said_with_every_way_out_once() -> None:
    says = told(replace(VOTE, voter=ANN, frozen=SALE, on_target=3, by_rule=9))

    assert says == (
        "you asked for this, so somebody else must approve it (rule 'restart'). "
        "Besides, frozen by 'sale' until 2026-06-02 03:00:00 UTC. "
        "Besides, 3 on app.service of web-01 in 1 h, at most 3. "
        "Besides, 9 by rule 'restart' in 1 h, at most 9. "
        f"{OVER}. {OLDEST}"
    )


def test_where_a_fresh_offer_is_needed_anyway_that_is_the_one_way_out() -> None:
    old = T0 - timedelta(hours=1)

    assert told(replace(VOTE, voter=DAN, evidence_at=old, on_target=3)) == (
        "only sre may approve it (rule 'restart'). "
        "Besides, the host was looked at 1 h ago, at most 10 min counts. "
        "Besides, 3 on app.service of web-01 in 1 h, at most 3. "
        "Run the check again for a fresh offer"
    )
    assert told(replace(VOTE, evidence_at=old, on_target=3)) == (
        "the host was looked at 1 h ago, at most 10 min counts (rule 'restart'). "
        "Besides, 3 on app.service of web-01 in 1 h, at most 3. "
        "Run the check again for a fresh offer"
    )


def test_a_missing_signature_is_not_what_else_stands_against_somebody_who_may_not() -> None:
    assert told(replace(VOTE, voter=DAN, terms=replace(TERMS, is_signed=True))) == SAID[Reason.NOT_IN_GROUP]


def test_an_offer_that_a_freeze_forbids_names_who_may_break_the_glass() -> None:
    offer = replace(VOTE, stage=Stage.OFFER, voter=None, frozen=SALE)

    assert decide(offer).is_allowed  # the glass lifts it
    assert told(replace(offer, terms=replace(TERMS, lifts=(Lift.QUORUM,)))) == (
        f"frozen by 'sale' until 2026-06-02 03:00:00 UTC (rule 'restart'). {OVER}"
    )


def test_a_policy_without_break_glass_offers_none() -> None:
    bare = replace(TERMS, glass=())

    assert "break the glass" not in told(replace(VOTE, voter=DAN, terms=bare, frozen=SALE))
    assert "break the glass" not in told(replace(VOTE, voter=ANN, terms=bare))


@pytest.mark.parametrize(
    ("standing", "says"),
    [
        (Standing.GUEST, "guests cannot use this bot"),
        (Standing.STRANGER, "people from other organisations cannot use this bot"),
        (Standing.BOT, "bots and workflows cannot use this bot"),
        (Standing.DEACTIVATED, "this account is deactivated"),
        (Standing.OTHER_TEAM, "this account belongs to another workspace"),
        (Standing.UNKNOWN, "it could not be made sure who you are, so try again in a moment"),
    ],
)
def test_who_may_not_ask_hears_why_and_whom_to_ask(standing: Standing, says: str) -> None:
    decision = may_ask(POLICY, actor_of(standing))

    assert (decision.is_allowed, decision.reason, decision.rule) == (False, Reason.STANDING, None)
    assert decision.says == (
        f"{says} (rule 'full members of this workspace only'); ask one of the workspace's members to do it for you"
    )


def test_who_may_ask_is_told_so() -> None:
    decision = may_ask(Policy(), actor_of(Standing.MEMBER))

    assert (decision.is_allowed, decision.reason, decision.says) == (True, Reason.ALLOWED, "allowed")


def test_who_is_in_no_asking_group_may_not_ask() -> None:
    decision = may_ask(POLICY, actor_of(Standing.MEMBER))

    assert (decision.is_allowed, decision.reason, decision.rule) == (False, Reason.NOT_IN_GROUP, None)


def actor_of(standing: Standing) -> Actor:
    return Actor(account=Account(origin=Origin.SLACK, id="U9"), standing=standing, person="slack:U9")


@pytest.mark.parametrize(
    ("groups", "but", "says"),
    [
        (("sre",), (), "sre (ann, bob, user group S1)"),
        (("sre", "oncall"), ("ann",), "sre (bob, user group S1) or oncall (dan)"),
        (("oncall",), ("dan",), "oncall (nobody)"),
        (("empty",), (), "empty"),
        (("gone",), ("dan",), "gone"),
    ],
)
def test_groups_are_named_with_those_in_them_that_count(
    groups: tuple[str, ...], but: tuple[str, ...], says: str
) -> None:
    more = {"oncall": Group(name="oncall", people=frozenset({"dan"})), "empty": Group(name="empty")}
    policy = replace(POLICY, groups={**POLICY.groups, **more})

    assert name_groups(policy, groups, but=but) == says


def test_how_to_sign_says_what_to_type_and_where_it_goes() -> None:
    assert how_to_sign("AbC", "ssh-keygen -Y sign") == (
        "Type this where your key is: ssh-keygen -Y sign and paste what it prints: by the card's button, or with "
        "runbook-bot approve AbC --signature FILE"
    )
