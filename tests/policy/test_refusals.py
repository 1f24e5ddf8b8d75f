"""Every no names its rule, says who may, and what to do next: all sentences of all reasons, in a table."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.person import Account, Actor, Origin, Standing
from bot.model.ruling import Ballot, Frozen, Lift, Limit, Question, Reason, Stage, Terms, Way
from bot.policy import BreakGlass, Group, Person, Policy, decide, may_ask, refusal
from tests.policy.asked import T0

POLICY = Policy(
    people={name: Person(name=name, logins=frozenset({name})) for name in ("ann", "bob")},
    groups={"sre": Group(name="sre", people=frozenset({"ann", "bob"}), usergroup="S1")},
    askers=("sre",),
    break_glass=BreakGlass(groups=("sre",)),
)
TERMS = Terms(
    rule="restart",
    approvers=("sre",),
    quorum=1,
    evidence_max_age_s=600,
    budget=Limit(count=3, per_s=3600),
    rate=Limit(count=9, per_s=3600),
    at_once=1,
    pause_after_failure_s=60,
    glass=("sre",),
    lifts=(Lift.FREEZE, Lift.QUORUM, Lift.REQUESTER),
    glass_words=20,
    identity_max_age_s=300,
)
BOB = Ballot(person="bob", standing=Standing.MEMBER, groups=("sre",), at=T0)
DAN = replace(BOB, person="dan", groups=())
VOTE = Question(
    stage=Stage.VOTE,
    action="restart_unit",
    host="web-01",
    target="app.service",
    at=T0,
    policy="p",
    rules=("restart",),
    terms=TERMS,
    requester="ann",
    voter=BOB,
)
RUN = replace(VOTE, stage=Stage.RUN, voter=None, ballots=(BOB,))
LONE = replace(TERMS, lone=("sre",), lone_after_s=180)
NO: dict[Reason, Question] = {
    Reason.NO_RULE: replace(VOTE, rules=(), terms=None),
    Reason.SEVERAL_RULES: replace(VOTE, rules=("restart", "mend"), terms=None),
    Reason.STANDING: replace(VOTE, voter=replace(BOB, standing=Standing.GUEST)),
    Reason.NOT_IN_GROUP: replace(VOTE, voter=DAN),
    Reason.REQUESTER: replace(VOTE, voter=replace(BOB, person="ann")),
    Reason.TOO_EARLY: replace(VOTE, voter=replace(BOB, person="ann"), terms=LONE, shown_at=T0),
    Reason.JUSTIFICATION: replace(VOTE, voter=replace(BOB, way=Way.BREAK_GLASS, words=3)),
    Reason.STEP_UP: replace(VOTE, terms=replace(TERMS, is_signed=True)),
    Reason.EVIDENCE_OLD: replace(VOTE, evidence_at=T0 - timedelta(hours=1)),
    Reason.EXPIRED: replace(VOTE, approve_by=T0 - timedelta(seconds=1)),
    Reason.FROZEN: replace(VOTE, frozen=(Frozen(name="sale", until=T0 + timedelta(days=1)),)),
    Reason.QUORUM: replace(RUN, ballots=()),
    Reason.IDENTITY_OLD: RUN,
    Reason.VOTER_CHANGED: replace(RUN, seen=()),
    Reason.BUDGET: replace(VOTE, on_target=3),
    Reason.RATE: replace(VOTE, by_rule=9),
    Reason.FAILED_BEFORE: replace(VOTE, failed_at=T0 - timedelta(seconds=1)),
    Reason.AT_ONCE: replace(RUN, terms=replace(TERMS, identity_max_age_s=None), acting=1),
}
RULE = re.compile(r"rule '[\w ]+'|no policy rule|restart and mend all speak")
WHO = re.compile(
    r"may be approved now by|only sre may|nobody may approve|nobody has to approve|who approves it"
    r"|said yes|who bob is|people said yes|the time to approve|the host was looked at",
    re.IGNORECASE,
)
NEXT = re.compile(
    r"ask one of them to press Approve|run the check again|ask whoever keeps the policy|look for another"
    r"|it waits for its turn|sign it with your key",
    re.IGNORECASE,
)


def voter_who_left() -> Question:
    from bot.model.ruling import Seen

    return replace(RUN, seen=(Seen(person="bob", standing=Standing.MEMBER, groups=(), at=T0),))


@pytest.mark.parametrize("reason", [one for one in Reason if one is not Reason.ALLOWED], ids=str)
def test_a_no_names_its_rule_who_may_and_what_to_do(reason: Reason) -> None:
    asked = voter_who_left() if reason is Reason.VOTER_CHANGED else NO[reason]

    ruling = decide(asked)
    says = refusal(POLICY, ruling, approval="AbC")

    assert (ruling.is_allowed, ruling.reason) == (False, reason)
    assert RULE.search(says), says
    assert WHO.search(says), says
    assert NEXT.search(says), says


@pytest.mark.parametrize(("title", "what"), [("restart the app", "“restart the app”"), ("", "Restart_unit")])
def test_a_no_calls_the_action_what_people_call_it(title: str, what: str) -> None:
    says = refusal(POLICY, decide(replace(VOTE, voter=DAN)), title=title)

    assert f"{what} on web-01 may be approved now by " in says


def test_no_two_reasons_say_the_same() -> None:
    said = [refusal(POLICY, decide(asked)) for asked in NO.values()]

    assert len(set(said)) == len(said) - 1  # a voter who is not looked up stands for two of them here


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.MEMBER])
def test_who_may_not_use_the_bot_hears_the_rule_and_whom_to_ask(standing: Standing) -> None:
    account = Account(origin=Origin.SLACK, id="U9")

    decision = may_ask(POLICY, Actor(account=account, standing=standing, person="slack:U9"))

    assert not decision.is_allowed
    assert "(rule 'full members of this workspace only'); ask one of the workspace's members" in decision.says


def test_who_is_in_no_asking_group_hears_the_rule_and_whom_to_ask() -> None:
    account = Account(origin=Origin.SLACK, id="U9")

    decision = may_ask(POLICY, Actor(account=account, standing=Standing.MEMBER, person="slack:U9"))

    assert (
        decision.says == "only sre (ann, bob, user group S1) may run checks (rule 'ask'); ask one of them to"
    )


SALE = (Frozen(name="sale", until=T0 + timedelta(days=1)),)


def test_a_no_about_who_asks_nobody_while_a_freeze_forbids_it_to_all() -> None:
    asked = replace(VOTE, voter=replace(BOB, person="ann"), frozen=SALE, on_target=3)

    says = refusal(POLICY, decide(asked), approval="AbC")

    assert "somebody else must approve it" in says
    assert "Besides, frozen by 'sale' until" in says and "Besides, 3 on app.service of web-01 in 1 h" in says
    assert "may be approved now" not in says and "press Approve" not in says
    assert "run the check again when it is over" in says
    assert "break the glass" not in says, "it lifts no budget here"


def test_what_break_glass_lifts_is_the_way_out_of_a_freeze_for_who_may() -> None:
    says = refusal(POLICY, decide(replace(VOTE, voter=DAN, frozen=SALE)))

    assert says.endswith("In an emergency sre (ann, bob, user group S1) may break the glass with a "
                         "justification of 20 characters")  # fmt: skip


def test_who_asked_is_not_named_for_a_glass_they_may_not_break() -> None:
    terms = replace(TERMS, lifts=(Lift.FREEZE,))

    says = refusal(POLICY, decide(replace(VOTE, voter=replace(BOB, person="ann"), terms=terms, frozen=SALE)))

    assert "In an emergency sre (bob, user group S1) may break the glass" in says


@pytest.mark.parametrize(
    ("ballots", "says"),
    [((), "it needs 2 of them"), ((replace(BOB, person="eve"),), "it needs 1 more of them")],
)
def test_how_many_must_say_yes_is_said(ballots: tuple[Ballot, ...], says: str) -> None:
    asked = replace(VOTE, voter=DAN, terms=replace(TERMS, quorum=2), ballots=ballots)

    assert f"user group S1); {says}. Ask" in refusal(POLICY, decide(asked))


def test_a_budget_of_no_unit_in_particular_is_the_hosts() -> None:
    assert "3 on web-01 in 1 h, at most 3" in refusal(POLICY, decide(replace(VOTE, target="", on_target=3)))
