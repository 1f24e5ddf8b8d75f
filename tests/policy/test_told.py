"""What people read of a decision: in the timeline, on the card, in the terminal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.event import Event, Noted
from bot.model.incident import Incident, fold
from bot.model.ruling import Frozen, Question, Reason, Ruling, Stage, Way
from bot.slack.blocks import View, glass_view, messages
from bot.story import export, timeline
from tests.support.incidents import (
    MEI,
    OLU,
    T0,
    broken,
    chained,
    claimed,
    opened,
    proposed,
    ran,
    shown,
    voted,
)
from tests.support.people import words_of

UNTIL = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
RULING = Ruling(
    question=Question(
        stage=Stage.VOTE,
        action="restart_unit",
        host="web-01",
        target="shop.service",
        at=T0,
        policy="p1",
        rules=(),
        terms=None,
        requester="olu",
        frozen=(Frozen(name="sale", until=UNTIL),),
    ),
    is_allowed=False,
    reason=Reason.NO_RULE,
    says="no policy rule allows it",
)
OFFER = replace(
    proposed(),
    frozen="sale until 2026-11-30 06:00 UTC",
    break_glass="sre (mei)",
    lone="oncall (olu)",
    lone_after_s=180.0,
)
GLASS = replace(
    voted(), way=Way.BREAK_GLASS, is_enough=True, reason="checkout is down", review_by=T0 + timedelta(days=1)
)


def incident(*events: Event) -> Incident:
    return fold(chained([opened(), *ran(1, broken()), *events]))


def written(form: str, *events: Event) -> str:
    return export(timeline(chained([opened(), *ran(1, broken()), *events])), form).decode()


@pytest.mark.parametrize("form", ["md", "html", "csv", "json"])
@pytest.mark.parametrize(
    ("vote", "says"),
    [
        pytest.param(replace(voted(), way=Way.LONE, is_enough=True), "lone on-call", id="alone"),
        pytest.param(GLASS, "break-glass", id="by break-glass"),
        pytest.param(GLASS, "checkout is down", id="with its justification"),
        pytest.param(replace(voted(), ruling=RULING), "no policy rule allows it", id="with the decision"),
    ],
)
def test_every_form_of_the_timeline_tells_how_a_yes_came_in(form: str, vote: Event, says: str) -> None:
    assert says in written(form, proposed(), vote)


def test_the_timeline_says_when_a_review_is_due_and_that_it_was_done() -> None:
    review = Noted(by=MEI, person="mei", text="review: right call", is_review=True)

    text = written("csv", proposed(), GLASS, review)

    assert "approved a1 by break-glass; to be reviewed by 2026-02-01 03:00 UTC" in text
    assert "reviewed the break-glass" in text


def test_an_incident_is_due_for_review_until_somebody_did_it() -> None:
    early = Noted(by=MEI, person="mei", text="review: x", is_review=True)

    assert incident(proposed()).review_by is None
    assert incident(proposed(), GLASS).review_by == T0 + timedelta(days=1)
    assert incident(early, proposed(), GLASS).review_by is not None
    assert incident(proposed(), GLASS, early).review_by is None


def test_the_requesters_own_yes_counts_by_another_door_only() -> None:
    mine = replace(voted("olu"), by=OLU)

    assert incident(proposed(), mine).approvals[0].votes == ()
    assert incident(proposed(), replace(mine, way=Way.LONE, is_enough=True)).approvals[0].votes_missing == 0
    assert incident(proposed(), mine, claimed()).ignored == 2


def test_one_broken_glass_is_one_of_two_unless_it_is_enough() -> None:
    two = proposed(quorum=2)

    assert incident(two, replace(GLASS, is_enough=False)).approvals[0].votes_missing == 1
    assert incident(two, GLASS).approvals[0].votes_missing == 0


def card_of(*events: Event) -> str:
    state = incident(*events)
    found = {one.key: one for one in messages(state, View(runbook=None))}
    return words_of(list(found["card:a1"].blocks))  # type: ignore[union-attr]


def test_the_alarm_names_the_review_as_it_can_be_typed() -> None:
    state = incident(proposed(), replace(GLASS, alert="C0SECURITY"))
    found = {one.key: one for one in messages(state, View(runbook=None))}

    said = words_of(list(found["alarm:a1"].blocks))  # type: ignore[union-attr]

    assert f"`/502 note {state.id} review: WHAT YOU FOUND`" in said


def test_the_card_says_in_plain_sight_who_may_be_alone_and_from_when() -> None:
    said = card_of(shown(), OFFER)

    assert "Frozen:  sale until 2026-11-30 06:00 UTC" in said
    assert "Break-glass:  sre (mei)" in said
    assert "whoever asked may approve alone, if of  oncall (olu)" in said


def test_the_delay_counts_from_when_the_card_stood_there() -> None:
    state = incident(OFFER, shown("card:a1"), shown("card:a1"))
    since = state.shown_since["card:a1"]

    first = next(entry.at for entry in chained([opened(), *ran(1, broken()), OFFER, shown("card:a1")])[-1:])
    assert since == first
    assert f"from  {since + timedelta(seconds=180):%H:%M:%S} UTC" in card_of(
        OFFER, shown("card:a1"), shown("card:a1")
    )


def test_the_form_for_break_glass_names_what_runs_and_asks_for_words() -> None:
    view = glass_view("{}", incident(OFFER).approvals[0])

    assert "shop.service" in words_of(view) and "web-01" in words_of(view)
    (box,) = [block["element"] for block in view["blocks"] if block["type"] == "input"]  # type: ignore[attr-defined]
    assert box["min_length"] == 20
