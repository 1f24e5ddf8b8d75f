"""What is counted for a decision, and what is not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.host import Host
from bot.model.person import Account, Actor, Origin, Standing
from bot.model.ruling import Ballot, Frozen, Lift, Limit, Question, Reason, Seen, Stage, Terms, Way
from bot.policy import (
    Attempt,
    BreakGlass,
    Case,
    Freeze,
    Group,
    Lone,
    Policy,
    Rule,
    ballot_of,
    decide,
    looks_back_s,
    name_groups,
    question,
)
from tests.policy.asked import T0

HOST = Host(name="web-01", address="192.0.2.1", user="runbook")
RULE = Rule(
    name="mend",
    actions=frozenset({"restart_unit"}),
    approvers=(),
    budget=Limit(count=2, per_s=3600),
    rate=Limit(count=3, per_s=600),
    at_once=1,
    pause_after_failure_s=60.0,
)
POLICY = Policy(rules=(RULE,))
CASE = Case(
    action="restart_unit",
    host=HOST,
    at=T0,
    requester="ann",
    target="app.service",
    approval="mine",
    claimed_at=T0 - timedelta(seconds=10),
)
BEFORE = Attempt(
    approval="other",
    host="web-01",
    target="app.service",
    rule="mend",
    at=T0 - timedelta(seconds=20),
    is_acting=False,
)


def counts(*recent: Attempt) -> tuple[int, int, int, bool]:
    """On this target, by the rule, at work elsewhere, and whether it went wrong elsewhere."""
    asked = question(POLICY, Stage.RUN, replace(CASE, recent=recent))
    return asked.on_target, asked.by_rule, asked.acting, asked.failed_at is not None


def test_an_action_on_the_same_target_counts_for_budget_and_rate() -> None:
    assert counts(BEFORE) == (1, 1, 0, False)


def test_its_own_claim_does_not_count_against_it() -> None:
    assert counts(replace(BEFORE, approval="mine", is_acting=True)) == (0, 0, 0, False)


def test_another_rule_on_the_same_target_counts_for_the_budget_alone() -> None:
    assert counts(replace(BEFORE, rule="by hand")) == (1, 0, 0, False)


def test_another_target_counts_for_the_rate_alone() -> None:
    assert counts(replace(BEFORE, target="nginx.service")) == (0, 1, 0, False)


def test_what_is_older_than_the_limit_no_longer_counts() -> None:
    assert counts(replace(BEFORE, at=T0 - timedelta(seconds=600))) == (1, 0, 0, False)
    assert counts(replace(BEFORE, at=T0 - timedelta(seconds=3600))) == (0, 0, 0, False)


def test_the_same_host_is_neither_at_work_elsewhere_nor_a_failure_elsewhere() -> None:
    here = replace(BEFORE, target="nginx.service", is_acting=True, failed_at=T0)

    assert counts(here)[2:] == (0, False)
    assert counts(replace(here, host="web-02"))[2:] == (1, True)


def test_of_two_claims_at_once_exactly_one_goes_first() -> None:
    first = replace(BEFORE, host="web-02", is_acting=True)
    second = replace(first, at=T0 - timedelta(seconds=1))
    tie = replace(first, at=T0 - timedelta(seconds=10))

    assert counts(first)[2] == 1
    assert counts(second)[2] == 0
    assert [counts(replace(tie, approval=name))[2] for name in ("a", "z")] == [1, 0]


def test_before_the_claim_everybody_at_work_goes_first() -> None:
    later = replace(BEFORE, host="web-02", is_acting=True, at=T0 + timedelta(seconds=1))
    asked = question(POLICY, Stage.RUN, replace(CASE, claimed_at=None, recent=(later,)))

    assert asked.acting == 1


def test_the_ledger_is_read_as_far_back_as_the_longest_limit() -> None:
    assert looks_back_s(POLICY) == 3600
    assert looks_back_s(Policy(rules=(replace(RULE, budget=None, rate=None),))) == 300
    bare = replace(RULE, budget=None, rate=None, at_once=None, pause_after_failure_s=None)
    assert looks_back_s(Policy(rules=(bare,))) == 0


def test_a_question_with_two_rules_is_answered_by_none() -> None:
    asked = replace(question(POLICY, Stage.OFFER, CASE), rules=("mend", "again"))

    assert decide(asked).reason is Reason.SEVERAL_RULES
    assert decide(replace(asked, rules=("again",))).is_allowed is False


@pytest.mark.parametrize("stage", [Stage.VOTE, Stage.VETO])
def test_without_a_voter_nobody_votes(stage: Stage) -> None:
    ruling = decide(question(POLICY, stage, CASE))

    assert (ruling.is_allowed, ruling.reason, ruling.says) == (False, Reason.STANDING, "nobody is voting")


def test_a_group_that_the_policy_does_not_know_is_named_as_it_is() -> None:
    assert name_groups(POLICY, ("gone",)) == "gone"


def test_a_question_holds_all_that_is_known_of_the_case_and_the_rule() -> None:
    sale = (T0 - timedelta(days=1), T0 + timedelta(days=1))
    rule = replace(
        RULE,
        approvers=("sre",),
        quorum=2,
        evidence_max_age_s=120.0,
        lone=Lone(groups=("oncall",), after_s=180.0),
        is_freeze_ignored=True,
        is_signed=True,
    )
    policy = Policy(
        rules=(rule,),
        freezes=(Freeze(name="sale", dates=sale),),
        break_glass=BreakGlass(groups=("sre",), words=30, lifts=frozenset({Lift.QUORUM, Lift.FREEZE})),
        identity_max_age_s=60.0,
        digest="d1",
    )
    bob = Ballot(person="bob", standing=Standing.MEMBER, groups=("sre",), at=T0)
    seen = Seen(person="bob", standing=Standing.MEMBER, groups=("sre",), at=T0)
    minutes = [T0 + timedelta(minutes=n) for n in range(4)]
    case = replace(
        CASE,
        ballots=(bob,),
        seen=(seen,),
        shown_at=minutes[0],
        evidence_at=minutes[1],
        approve_by=minutes[2],
        run_by=minutes[3],
    )

    asked = question(policy, Stage.VOTE, case, voter=bob)

    assert asked == Question(
        stage=Stage.VOTE,
        action="restart_unit",
        host="web-01",
        target="app.service",
        at=T0,
        policy="d1",
        rules=("mend",),
        terms=Terms(
            rule="mend",
            approvers=("sre",),
            quorum=2,
            evidence_max_age_s=120.0,
            budget=RULE.budget,
            rate=RULE.rate,
            at_once=1,
            pause_after_failure_s=60.0,
            lone=("oncall",),
            lone_after_s=180.0,
            is_freeze_ignored=True,
            glass=("sre",),
            lifts=(Lift.FREEZE, Lift.QUORUM),
            glass_words=30,
            identity_max_age_s=60.0,
            is_signed=True,
        ),
        requester="ann",
        voter=bob,
        ballots=(bob,),
        seen=(seen,),
        shown_at=minutes[0],
        evidence_at=minutes[1],
        approve_by=minutes[2],
        run_by=minutes[3],
        frozen=(Frozen(name="sale", until=sale[1]),),
    )


def test_a_policy_without_ways_round_its_rules_has_none_in_the_question() -> None:
    asked = question(POLICY, Stage.OFFER, CASE)

    assert asked.terms is not None
    assert (asked.terms.lone, asked.terms.lone_after_s) == ((), 0.0)
    assert (asked.terms.glass, asked.terms.lifts, asked.terms.glass_words) == ((), (), 0)


def test_a_question_that_no_rule_answers_counts_nothing() -> None:
    asked = question(POLICY, Stage.OFFER, replace(CASE, action="reload_nginx", recent=(BEFORE,)))

    assert (asked.rules, asked.terms, asked.on_target, asked.by_rule) == ((), None, 0, 0)


@pytest.mark.parametrize(
    ("selector", "is_frozen"),
    [
        ({}, True),
        ({"actions": frozenset({"restart_unit", "reload_nginx"})}, True),
        ({"actions": frozenset({"reload_nginx"})}, False),
        ({"hosts": frozenset({"web-01"})}, True),
        ({"hosts": frozenset({"web-02"})}, False),
        ({"environments": frozenset({"prod"})}, True),
        ({"environments": frozenset({"dev"})}, False),
        ({"tags": frozenset({"web", "db"})}, True),
        ({"tags": frozenset({"db"})}, False),
        ({"hosts": frozenset({"web-01"}), "tags": frozenset({"db"})}, False),
        ({"actions": frozenset({"restart_unit"}), "hosts": frozenset({"web-02"})}, False),
    ],
)
def test_a_freeze_holds_where_all_of_its_selector_fits(
    selector: dict[str, frozenset[str]], *, is_frozen: bool
) -> None:
    host = replace(HOST, environment="prod", tags=frozenset({"web"}))
    always = Freeze(name="f", dates=(T0, T0 + timedelta(days=1)), **selector)
    policy = replace(POLICY, freezes=(always,))

    assert bool(question(policy, Stage.OFFER, replace(CASE, host=host)).frozen) is is_frozen


def test_what_failed_longer_ago_than_the_pause_no_longer_stops_others() -> None:
    failed = replace(BEFORE, host="web-02", failed_at=T0 - timedelta(seconds=59))

    assert counts(failed)[3]
    assert not counts(replace(failed, failed_at=T0 - timedelta(seconds=60)))[3]


def test_of_several_failures_the_last_counts() -> None:
    first = replace(BEFORE, host="web-02", failed_at=T0 - timedelta(seconds=50))
    last = replace(first, host="web-03", failed_at=T0 - timedelta(seconds=5))

    asked = question(POLICY, Stage.RUN, replace(CASE, recent=(last, first)))

    assert asked.failed_at == T0 - timedelta(seconds=5)


def test_without_a_pause_no_failure_is_looked_for() -> None:
    bare = Policy(rules=(replace(RULE, budget=None, rate=None, pause_after_failure_s=None),))
    failed = replace(BEFORE, host="web-02", failed_at=T0)

    asked = question(bare, Stage.RUN, replace(CASE, recent=(failed, BEFORE)))

    assert (asked.failed_at, asked.on_target, asked.by_rule) == (None, 0, 0)


def test_a_host_at_work_twice_is_one_host_at_work() -> None:
    once = replace(BEFORE, host="web-02", is_acting=True)
    again = replace(once, approval="third", target="nginx.service")

    assert counts(once, again)[2] == 1


def test_the_longest_of_all_rules_limits_is_how_far_back_the_ledger_is_read() -> None:
    short = replace(
        RULE, budget=Limit(count=1, per_s=10), rate=None, at_once=None, pause_after_failure_s=20.0
    )
    long = replace(RULE, budget=None, rate=Limit(count=1, per_s=7200), pause_after_failure_s=9000.0)

    assert looks_back_s(Policy(rules=(short,))) == 20
    assert looks_back_s(Policy(rules=(short, long))) == 9000
    assert looks_back_s(Policy(rules=(long, short))) == 9000
    assert looks_back_s(Policy()) == 0


def test_a_ballot_says_who_it_is_what_they_are_and_how_the_yes_came() -> None:
    group = Group(name="sre", people=frozenset({"bob"}))
    policy = Policy(groups={"sre": group, "none": Group(name="none")})
    actor = Actor(account=Account(origin=Origin.SLACK, id="U1"), standing=Standing.GUEST, person="bob")

    plain = ballot_of(policy, actor, T0)
    broken = ballot_of(policy, actor, T0, way=Way.BREAK_GLASS, words=21, signer="bob@x")

    assert plain == Ballot(person="bob", standing=Standing.GUEST, groups=("sre",), at=T0)
    assert broken == replace(plain, way=Way.BREAK_GLASS, words=21, signer="bob@x")
