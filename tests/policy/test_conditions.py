# Sentences stand as they are said.
"""What each condition of a decision says of itself, and when it holds: `policy explain` shows these."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.model.person import Standing
from bot.model.ruling import Ballot, Frozen, Lift, Question, Reason, Seen, Stage, Terms, Way
from bot.policy import Freeze, checks, cron, decide, frozen_at, lone_from
from bot.policy.check import clock, span
from tests.policy.asked import T0
from tests.policy.test_refusals import BOB, DAN, LONE, NO, RUN, TERMS, VOTE
from tests.policy.test_sentences import ANN, FRESH, SALE, told

SEEN = (Seen(person="bob", standing=Standing.MEMBER, groups=("sre",), at=T0),)
VOTE_SAYS = (
    (Reason.NO_RULE, "rule 'restart' speaks of it, and no other"),
    (Reason.STANDING, "a full member of the workspace"),
    (Reason.NOT_IN_GROUP, "only sre may approve it"),
    (Reason.STEP_UP, "signed as bob@x"),
    (Reason.EVIDENCE_OLD, "the host was looked at 90 s ago, at most 10 min counts"),
    (Reason.EXPIRED, "the time to approve it ends at 2026-06-01 03:00:00 UTC"),
    (Reason.FROZEN, "no freeze"),
    (Reason.BUDGET, "2 on app.service of web-01 in 1 h, at most 3"),
    (Reason.RATE, "8 by rule 'restart' in 1 h, at most 9"),
    (Reason.FAILED_BEFORE, "nothing went wrong on other hosts"),
)
RUN_SAYS = (
    (Reason.NO_RULE, "rule 'restart' speaks of it, and no other"),
    (Reason.QUORUM, "1 of 1 people said yes"),
    (Reason.IDENTITY_OLD, "who bob is was read at 2026-06-01 03:00:00 UTC last, at most 5 min old counts"),
    (Reason.VOTER_CHANGED, "bob may still say yes"),
    (Reason.EVIDENCE_OLD, "the host was looked at 10 min ago, at most 10 min counts"),
    (Reason.EXPIRED, "the time to run it ends at 2026-06-01 03:01:00 UTC"),
    (Reason.FROZEN, "no freeze"),
    (Reason.BUDGET, "0 on app.service of web-01 in 1 h, at most 3"),
    (Reason.RATE, "0 by rule 'restart' in 1 h, at most 9"),
    (Reason.FAILED_BEFORE, "nothing went wrong on other hosts"),
    (Reason.AT_ONCE, "0 other hosts at work, at most 1 at once"),
)
SIGNED = replace(TERMS, is_signed=True)


def all_of(asked: Question) -> tuple[tuple[Reason, str], ...]:
    """What every condition says; all of them hold."""
    found = checks(asked)
    assert [one for one in found if one.is_ok is not True] == []
    return tuple((one.reason, one.says) for one in found)


def test_a_vote_that_counts_holds_each_condition_and_says_so() -> None:
    asked = replace(
        VOTE,
        terms=SIGNED,
        voter=replace(BOB, signer="bob@x"),
        evidence_at=T0 - timedelta(seconds=90),
        approve_by=T0,
        run_by=T0 - timedelta(days=1),  # of another stage
        on_target=2,
        by_rule=8,
        acting=5,  # of another stage
    )

    assert all_of(asked) == VOTE_SAYS
    assert decide(asked).says == "rule 'restart' allows it"


def test_a_run_holds_each_condition_and_says_so() -> None:
    asked = replace(
        RUN,
        seen=SEEN,
        evidence_at=T0 - timedelta(minutes=10),
        run_by=T0 + timedelta(minutes=1),
        approve_by=T0 - timedelta(days=1),  # of another stage
    )

    assert all_of(asked) == RUN_SAYS


def test_an_offer_asks_for_no_people_and_no_clock() -> None:
    offer = replace(
        VOTE, stage=Stage.OFFER, evidence_at=T0 - timedelta(days=1), approve_by=T0 - timedelta(days=1)
    )

    assert [reason for reason, _ in all_of(offer)] == [
        Reason.NO_RULE,
        Reason.FROZEN,
        Reason.BUDGET,
        Reason.RATE,
    ]


def test_what_the_rule_does_not_limit_is_no_condition() -> None:
    bare = Terms(rule="restart", approvers=("sre",), quorum=1, evidence_max_age_s=600)

    assert [reason for reason, _ in all_of(replace(VOTE, terms=bare))] == [
        Reason.NO_RULE,
        Reason.STANDING,
        Reason.NOT_IN_GROUP,
        Reason.FROZEN,
    ]
    assert [reason for reason, _ in all_of(replace(RUN, terms=bare))] == [
        Reason.NO_RULE,
        Reason.QUORUM,
        Reason.FROZEN,
    ]


@pytest.mark.parametrize(
    ("voter", "terms", "says"),
    [
        pytest.param(ANN, TERMS, "may say no", id="who asked"),
        pytest.param(DAN, TERMS, "may say no", id="anybody, where one could break the glass alone"),
        pytest.param(DAN, replace(LONE, glass=()), "may say no", id="anybody, where one may be alone"),
        pytest.param(BOB, replace(TERMS, glass=()), "only sre may say no", id="an approver"),
    ],
)
def test_who_may_say_no_is_said(voter: Ballot, terms: Terms, says: str) -> None:
    asked = replace(VOTE, stage=Stage.VETO, voter=voter, terms=terms)

    assert all_of(asked)[1:] == (
        (Reason.STANDING, "a full member of the workspace"),
        (Reason.NOT_IN_GROUP, says),
    )


def test_a_stranger_to_the_group_says_no_in_vain() -> None:
    ruling = decide(replace(VOTE, stage=Stage.VETO, voter=DAN, terms=replace(TERMS, glass=())))

    assert (ruling.is_allowed, ruling.reason) == (False, Reason.NOT_IN_GROUP)


def test_a_freeze_that_the_glass_lifts_says_so() -> None:
    broken = replace(VOTE, voter=replace(BOB, way=Way.BREAK_GLASS, words=20), frozen=SALE)
    two = (*SALE, Frozen(name="weekend", until=T0 + timedelta(hours=1)))

    lifted = "frozen by 'sale' until 2026-06-02 03:00:00 UTC; break-glass lifts it"
    assert (Reason.FROZEN, lifted) in all_of(broken)
    assert decide(broken).says == "rule 'restart' allows it: break-glass"
    assert told(replace(VOTE, frozen=two)).startswith(
        "frozen by 'sale' until 2026-06-02 03:00:00 UTC and frozen by 'weekend' until 2026-06-01 04:00:00 UTC"
    )


def test_breaking_the_glass_says_what_it_takes() -> None:
    asked = replace(VOTE, voter=replace(BOB, way=Way.BREAK_GLASS, words=20))

    assert all_of(asked)[1:4] == (
        (Reason.STANDING, "a full member of the workspace"),
        (Reason.NOT_IN_GROUP, "only sre may break the glass"),
        (Reason.JUSTIFICATION, "a justification of at least 20 characters; given 20"),
    )


@pytest.mark.parametrize(
    ("voter", "terms", "reason", "says"),
    [
        pytest.param(
            replace(BOB, way=Way.BREAK_GLASS, words=99),
            replace(TERMS, glass=()),
            Reason.NOT_IN_GROUP,
            "the policy has no break-glass, so nobody can set its rules aside",
            id="no glass",
        ),
        pytest.param(
            replace(DAN, way=Way.BREAK_GLASS, words=99),
            TERMS,
            Reason.NOT_IN_GROUP,
            "only sre may break the glass",
            id="not theirs",
        ),
        pytest.param(
            replace(ANN, way=Way.BREAK_GLASS, words=99),
            replace(TERMS, lifts=(Lift.FREEZE,)),
            Reason.REQUESTER,
            "you asked for this, and break-glass does not lift that here",
            id="their own request",
        ),
        pytest.param(
            replace(ANN, groups=()),
            LONE,
            Reason.REQUESTER,
            "you asked for this; only sre may approve their own request here",
            id="not on call",
        ),
        pytest.param(
            ANN,
            LONE,
            Reason.TOO_EARLY,
            "you asked for this, and the card is not known to stand in a public channel, where anybody could "
            "say no; to approve alone, ask in one",
            id="a card that nobody sees",
        ),
    ],
)
def test_why_a_yes_does_not_count_is_said(voter: Ballot, terms: Terms, reason: Reason, says: str) -> None:
    asked = replace(VOTE, voter=voter, terms=terms)

    ruling = decide(asked)

    assert (ruling.is_allowed, ruling.reason, ruling.says) == (False, reason, says)
    assert (ruling.way is Way.BREAK_GLASS) is (voter.way is Way.BREAK_GLASS)
    assert {type(one.is_ok) for one in checks(asked)} == {bool}


def test_a_lone_on_call_counts_from_the_second_that_was_said() -> None:
    asked = replace(VOTE, terms=LONE, voter=ANN, shown_at=T0 - timedelta(seconds=180))

    ruling = decide(asked)

    assert (ruling.is_allowed, ruling.way, ruling.is_enough) == (True, Way.LONE, True)
    assert ruling.says == "rule 'restart' allows it: lone on-call"
    assert lone_from(asked, LONE) == T0


def test_a_voter_who_is_no_member_any_more_is_named_with_what_they_are() -> None:
    guest = replace(SEEN[0], standing=Standing.GUEST)

    assert told(replace(RUN, seen=(guest,))) == (
        f"bob said yes and is not a full member any more (guest) {FRESH}"
    )


def test_groups_that_a_voter_left_are_all_named() -> None:
    both = replace(BOB, groups=("oncall", "sre"))
    lost = replace(TERMS, approvers=("sre", "oncall"))

    says = told(replace(RUN, terms=lost, ballots=(both,), seen=(replace(SEEN[0], groups=()),)))

    assert says == f"bob said yes and is not in oncall or sre any more {FRESH}"


def test_a_look_that_is_too_old_says_from_when_it_is() -> None:
    old = replace(SEEN[0], at=T0 - timedelta(seconds=301))

    assert told(replace(RUN, seen=(old,))) == (
        f"who bob is was read at 2026-06-01 02:54:59 UTC last, at most 5 min old counts {FRESH}"
    )


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (90, "90 s"),
        (600, "10 min"),
        (3600, "1 h"),
        (5400, "90 min"),
        (86_400, "1 d"),
        (90_000, "25 h"),
        (172_800, "2 d"),
        (3599.6, "3600 s"),
    ],
)
def test_a_span_is_said_in_the_largest_unit_that_is_exact(seconds: float, says: str) -> None:
    assert span(seconds) == says


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The bot's machine keeps the time of Kolkata, five and a half hours ahead."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_east")
def test_the_zone_of_the_bots_machine_changes_nothing() -> None:
    nightly = Freeze(name="night", begins=cron("0 22 * * *"), lasts_s=3600.0, zone="UTC")
    lone = replace(VOTE, terms=LONE, voter=ANN, shown_at=T0)

    assert clock(T0) == "2026-06-01 03:00:00 UTC"
    assert "by ann alone from 03:03:00 UTC on" in told(lone)
    assert frozen_at([nightly], datetime(2026, 6, 1, 22, 30, tzinfo=UTC))
    assert not frozen_at([nightly], datetime(2026, 6, 1, 17, 0, tzinfo=UTC))


def test_a_clock_is_said_in_utc_to_the_second() -> None:
    there = T0.astimezone(timezone(timedelta(hours=9, minutes=30)))

    assert clock(there) == "2026-06-01 03:00:00 UTC"


NOBODY = tuple(replace(VOTE, voter=None, stage=stage) for stage in (Stage.VOTE, Stage.VETO))


@pytest.mark.parametrize("asked", [*NO.values(), *NOBODY], ids=lambda one: one.stage.value)
def test_each_condition_holds_or_does_not(asked: Question) -> None:
    assert {type(one.is_ok) for one in checks(asked)} == {bool}


def test_rules_that_are_not_the_one_of_the_terms_are_none() -> None:
    assert decide(replace(VOTE, rules=("another",))).reason is Reason.NO_RULE


GLASS = replace(BOB, way=Way.BREAK_GLASS, words=20)
FREEZE_ONLY = replace(TERMS, lifts=(Lift.FREEZE,))


@pytest.mark.parametrize(
    ("voter", "terms", "is_enough"),
    [
        pytest.param(GLASS, TERMS, True, id="break-glass that lifts the number"),
        pytest.param(GLASS, FREEZE_ONLY, False, id="break-glass that does not"),
        pytest.param(BOB, TERMS, False, id="an ordinary yes"),
    ],
)
def test_whose_yes_needs_no_other(voter: Ballot, terms: Terms, *, is_enough: bool) -> None:
    ruling = decide(replace(VOTE, voter=voter, terms=terms))

    assert (ruling.is_allowed, ruling.is_enough) == (True, is_enough)


@pytest.mark.parametrize(
    ("ballots", "terms", "holds"),
    [
        pytest.param((BOB,), TERMS, False, id="one of two"),
        pytest.param((BOB, replace(BOB, person="eve")), TERMS, True, id="two of two"),
        pytest.param((BOB, BOB), TERMS, False, id="one person twice"),
        pytest.param((BOB, DAN), TERMS, False, id="one of them may not"),
        pytest.param((GLASS,), TERMS, True, id="break-glass that lifts the number"),
        pytest.param((GLASS,), FREEZE_ONLY, False, id="break-glass that does not"),
        pytest.param((ANN,), replace(LONE, lone_after_s=0.0), True, id="a lone on-call"),
        pytest.param((ANN,), TERMS, False, id="who asked, where nobody may be alone"),
    ],
)
def test_how_many_yes_it_takes_to_run(ballots: tuple[Ballot, ...], terms: Terms, *, holds: bool) -> None:
    asked = replace(RUN, terms=replace(terms, quorum=2), ballots=ballots, shown_at=T0)

    (found,) = [one.is_ok for one in checks(asked) if one.reason is Reason.QUORUM]
    assert found is holds


def test_a_no_comes_in_by_the_rule_whatever_yes_stands() -> None:
    assert decide(replace(VOTE, stage=Stage.VETO, ballots=(GLASS,))).way is Way.RULE


def test_all_groups_that_may_approve_are_named() -> None:
    says = decide(replace(VOTE, voter=DAN, terms=replace(TERMS, approvers=("sre", "oncall")))).says

    assert says == "only sre or oncall may approve it"


def test_breaking_the_glass_for_another_needs_no_lift_of_ones_own_request() -> None:
    assert decide(replace(VOTE, voter=GLASS, terms=FREEZE_ONLY)).is_allowed


def test_all_groups_that_may_be_alone_are_named() -> None:
    terms = replace(LONE, lone=("sre", "oncall"))

    says = decide(replace(VOTE, voter=replace(ANN, groups=()), terms=terms)).says

    assert says == "you asked for this; only sre or oncall may approve their own request here"


@pytest.mark.parametrize(("age_s", "is_ok"), [(300, True), (301, False)])
def test_a_look_at_a_voter_counts_to_the_second(age_s: int, *, is_ok: bool) -> None:
    seen = replace(SEEN[0], at=T0 - timedelta(seconds=age_s))

    (found,) = [c.is_ok for c in checks(replace(RUN, seen=(seen,))) if c.reason is Reason.IDENTITY_OLD]
    assert found is is_ok


@pytest.mark.parametrize(
    ("changed", "is_allowed"),
    [
        ({"evidence_at": T0 - timedelta(seconds=600)}, True),
        ({"evidence_at": T0 - timedelta(seconds=601)}, False),
        ({"approve_by": T0}, True),
        ({"approve_by": T0 - timedelta(seconds=1)}, False),
        ({"failed_at": T0 - timedelta(seconds=60)}, True),
        ({"failed_at": T0 - timedelta(seconds=59)}, False),
        ({"on_target": 2, "by_rule": 8}, True),
        ({"on_target": 3}, False),
        ({"by_rule": 9}, False),
    ],
    ids=str,
)
def test_each_clock_and_count_ends_where_it_says(changed: dict[str, object], *, is_allowed: bool) -> None:
    assert decide(replace(VOTE, **changed)).is_allowed is is_allowed


@pytest.mark.parametrize(
    ("stage", "voter", "terms", "is_allowed"),
    [
        pytest.param(Stage.OFFER, None, TERMS, True, id="an offer that the glass could lift"),
        pytest.param(Stage.OFFER, None, replace(TERMS, glass=()), False, id="an offer without a glass"),
        pytest.param(Stage.VOTE, GLASS, TERMS, True, id="a yes by break-glass"),
        pytest.param(Stage.VOTE, BOB, TERMS, False, id="an ordinary yes"),
        pytest.param(
            Stage.VOTE, GLASS, replace(TERMS, lifts=(Lift.QUORUM,)), False, id="it lifts another thing"
        ),
        pytest.param(
            Stage.VOTE, BOB, replace(TERMS, is_freeze_ignored=True), True, id="a rule that ignores it"
        ),
    ],
)
def test_what_gets_through_a_freeze(
    stage: Stage, voter: Ballot | None, terms: Terms, *, is_allowed: bool
) -> None:
    asked = replace(VOTE, stage=stage, voter=voter, terms=terms, frozen=SALE)

    assert decide(asked).is_allowed is is_allowed


def test_a_run_goes_through_a_freeze_by_a_broken_glass_among_its_votes() -> None:
    frozen = replace(RUN, seen=SEEN, frozen=SALE)

    assert decide(replace(frozen, ballots=(GLASS,))).is_allowed
    assert not decide(frozen).is_allowed


@pytest.mark.parametrize("lifts", [(Lift.BUDGET,), (Lift.BUDGET, Lift.QUORUM)], ids=str)
def test_break_glass_lifts_the_budget_of_a_host_and_never_the_rate_of_the_rule(
    lifts: tuple[Lift, ...],
) -> None:
    asked = replace(VOTE, voter=GLASS, terms=replace(TERMS, lifts=lifts), on_target=3)

    assert decide(asked).is_allowed
    assert decide(replace(asked, by_rule=9)).reason is Reason.RATE


def test_a_run_is_told_by_the_least_ordinary_of_the_yes_that_count() -> None:
    both = replace(
        RUN,
        terms=replace(LONE, lone_after_s=0.0, identity_max_age_s=None),
        shown_at=T0,
        ballots=(BOB, ANN, replace(GLASS, person="eve")),
    )

    assert decide(both).way is Way.BREAK_GLASS
    assert decide(replace(both, ballots=(BOB, ANN))).way is Way.LONE
    assert decide(replace(both, ballots=(BOB,))).way is Way.RULE
    assert decide(both).is_enough is False  # that is a vote's to be
