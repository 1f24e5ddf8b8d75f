"""Votes, clocks and the one way from a proposal to an outcome."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.event import ApprovalClosed, Closing, Event, Outcome
from bot.model.incident import Approval, ApprovalStatus, fold
from tests.support.incidents import (
    MEI,
    T0,
    action_ended,
    chained,
    claimed,
    intended,
    opened,
    proposed,
    ready,
    voted,
)


def after(*events: Event, quorum: int = 1, step_s: float = 1.0) -> Approval:
    incident = fold(chained((opened(), proposed(quorum=quorum), *events), step_s=step_s))
    approval = incident.approval("a1")
    assert approval is not None
    return approval


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ((), ApprovalStatus.OPEN),
        ((voted(),), ApprovalStatus.APPROVED),
        ((voted(is_yes=False),), ApprovalStatus.REJECTED),
        ((voted(), voted(is_yes=False)), ApprovalStatus.REJECTED),
        ((voted(is_yes=False), voted()), ApprovalStatus.REJECTED),
        ((voted(digest="0" * 64),), ApprovalStatus.OPEN),
        ((claimed(),), ApprovalStatus.OPEN),
        ((voted(), claimed()), ApprovalStatus.CLAIMED),
        ((voted(), claimed(), voted("sam", is_yes=False)), ApprovalStatus.CLAIMED),
        ((voted(), intended()), ApprovalStatus.APPROVED),
        ((voted(), claimed(), intended()), ApprovalStatus.STARTED),
        ((voted(), claimed(), intended(nonce="f" * 32)), ApprovalStatus.CLAIMED),
        ((voted(), claimed(), action_ended()), ApprovalStatus.CLAIMED),
        ((voted(), claimed(), action_ended(Outcome.NOT_RUN)), ApprovalStatus.NOT_RUN),
        ((voted(), claimed(), intended(), action_ended()), ApprovalStatus.DONE),
        ((voted(), claimed(), intended(), action_ended(Outcome.FAILED)), ApprovalStatus.FAILED),
        ((voted(), claimed(), intended(), action_ended(nonce="f" * 32)), ApprovalStatus.STARTED),
    ],
)
def test_stands_where_its_events_put_it(events: tuple[Event, ...], status: ApprovalStatus) -> None:
    assert after(*events).status is status


@pytest.mark.parametrize("how", list(Closing))
def test_is_closed_in_every_way_before_an_intent_and_in_none_after(how: Closing) -> None:
    closing = ApprovalClosed(approval="a1", how=how, why="because")

    before = after(voted(), claimed(), closing)
    late = after(voted(), claimed(), intended(), closing)

    assert before.status.value == how.value
    assert late.status is ApprovalStatus.STARTED


def test_a_closing_after_a_no_stays_rejected() -> None:
    closing = ApprovalClosed(approval="a1", how=Closing.EXPIRED, why="late")

    assert after(voted(is_yes=False), closing).status is ApprovalStatus.REJECTED


def test_one_person_voting_twice_is_one_vote() -> None:
    approval = after(voted("mei"), replace(voted("mei"), by=replace(MEI, id="U9ALT")), quorum=2)

    assert approval.status is ApprovalStatus.OPEN
    assert (approval.yes_people, approval.votes_missing) == (("mei",), 1)
    assert after(voted("mei"), voted("ann"), quorum=2).status is ApprovalStatus.APPROVED


def test_unknown_gives_way_to_a_later_answer_but_an_answer_to_nothing() -> None:
    started = (voted(), claimed(), intended())

    learned = after(*started, action_ended(Outcome.UNKNOWN), action_ended(Outcome.DONE))
    kept = after(*started, action_ended(Outcome.DONE), action_ended(Outcome.FAILED))

    assert learned.status is ApprovalStatus.DONE
    assert kept.status is ApprovalStatus.DONE


def test_readiness_needs_an_outcome() -> None:
    assert after(voted(), claimed(), ready()).ready is None
    assert after(voted(), claimed(), intended(), action_ended(), ready()).ready == ready()


def test_expires_just_after_its_approve_by() -> None:
    approval = after()
    limit = approval.proposed.approve_by

    assert not approval.is_expired_at(limit)
    assert approval.is_expired_at(limit + timedelta(microseconds=1))


def test_expires_unclaimed_just_after_its_run_by_but_not_once_claimed() -> None:
    approved, taken = after(voted()), after(voted(), claimed())
    assert approved.run_by == T0 + timedelta(seconds=2 + 120)

    assert not approved.is_expired_at(approved.run_by)
    assert approved.is_expired_at(approved.run_by + timedelta(microseconds=1))
    assert not taken.is_expired_at(approved.run_by + timedelta(days=1))


def test_a_vote_after_its_time_does_not_count() -> None:
    assert after(voted(), step_s=301).status is ApprovalStatus.OPEN
    assert after(voted(), step_s=300).status is ApprovalStatus.APPROVED


def test_a_clock_set_back_does_not_revive_an_expired_approval() -> None:
    entries = chained((opened(), proposed(), voted("x", digest="none"), voted()))
    late, back = replace(entries[2], at=T0 + timedelta(hours=1)), entries[3]

    incident = fold((*entries[:2], late, back))

    assert incident.approvals[0].status is ApprovalStatus.OPEN
    assert [one.id for one in incident.expired_at(T0)] == ["a1"]
    assert fold(entries).approvals[0].status is ApprovalStatus.APPROVED
