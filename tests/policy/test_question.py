"""What is counted for a decision, and what is not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.host import Host
from bot.model.ruling import Limit, Reason, Stage
from bot.policy import Attempt, Case, Policy, Rule, decide, looks_back_s, name_groups, question
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
