"""The fold: what is going on, what is undone, and that no order of entries can break it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.event import (
    ChannelChange,
    ChannelChanged,
    Event,
    Exported,
    Noted,
    Outcome,
    Place,
    Refused,
    RunFailed,
    RunStarted,
)
from bot.model.incident import ApprovalStatus, IncidentStatus, Undone, Work, fold
from tests.support.incidents import (
    MEI,
    OLU,
    action_ended,
    broken,
    chained,
    claimed,
    healthy,
    intended,
    opened,
    proposed,
    ran,
    ready,
    shown,
    voted,
    whole_incident,
)

RUN = ran(1, broken())
STARTED = (opened(), *RUN, proposed(), voted(), claimed(), intended())
RECHECK = RunStarted(run=2, reason="recheck:a1", runbook_digest="d", steps=("error_log",))
FAILED = RunFailed(run=1, why="boom")
AGAIN = Noted(by=MEI, person="mei", text="asked for another look", wants_look=True)
LOOK_AGAIN = Undone(work=Work.LOOK_AGAIN)


@pytest.mark.parametrize(
    ("events", "status", "undone"),
    [
        ((), IncidentStatus.BROKEN, ()),
        ((opened(),), IncidentStatus.LOOKING, (Undone(work=Work.START_RUN, run=1),)),
        ((opened(), RUN[0]), IncidentStatus.LOOKING, (Undone(work=Work.END_RUN, run=1),)),
        ((opened(), *RUN), IncidentStatus.DONE, ()),
        ((opened(), RUN[0], FAILED), IncidentStatus.BROKEN, ()),
        (STARTED[:5], IncidentStatus.DECIDING, ()),
        (STARTED[:6], IncidentStatus.ACTING, (Undone(work=Work.CLAIM, approval="a1"),)),
        (STARTED[:7], IncidentStatus.ACTING, (Undone(work=Work.INTEND, approval="a1"),)),
        (STARTED, IncidentStatus.ACTING, (Undone(work=Work.SETTLE, approval="a1"),)),
        (
            (*STARTED, action_ended()),
            IncidentStatus.RECHECKING,
            (Undone(work=Work.RECHECK, approval="a1"),),
        ),
        ((*STARTED, action_ended(Outcome.NOT_RUN)), IncidentStatus.DONE, ()),
        (
            (*STARTED, action_ended(), RECHECK),
            IncidentStatus.RECHECKING,
            (Undone(work=Work.END_RUN, run=2),),
        ),
        ((*STARTED, action_ended(), *ran(2, healthy(), reason="recheck:a1")), IncidentStatus.DONE, ()),
        ((opened(), AGAIN), IncidentStatus.LOOKING, (Undone(work=Work.START_RUN, run=1),)),
        ((opened(), *RUN, AGAIN), IncidentStatus.LOOKING, (LOOK_AGAIN,)),
        ((opened(), *RUN, AGAIN, AGAIN, *ran(2, healthy(), reason="again")), IncidentStatus.DONE, ()),
        (
            (*STARTED, AGAIN, *ran(2, healthy(), reason="precheck:a1"), action_ended()),
            IncidentStatus.RECHECKING,
            (Undone(work=Work.RECHECK, approval="a1"), LOOK_AGAIN),
        ),
        ((*STARTED, AGAIN, action_ended(), *ran(2, healthy(), reason="recheck:a1")), IncidentStatus.DONE, ()),
    ],
)
def test_knows_what_is_going_on_and_what_a_restart_must_continue(
    events: tuple[Event, ...], status: IncidentStatus, undone: tuple[Undone, ...]
) -> None:
    incident = fold(chained(events))

    assert (incident.status, incident.undone) == (status, undone)


def test_tells_a_whole_incident() -> None:
    entries = chained(whole_incident())

    incident = fold(entries)

    assert (incident.id, incident.host, incident.runbook) == ("INC-1", "web-01", "502")
    assert (incident.seq, incident.head) == (len(entries), entries[-1].hash)
    assert [run.number for run in incident.runs] == [1, 2]
    assert incident.runs[0].steps[0].event.step == "error_log"
    assert incident.runs[1].recheck_of == "a1"
    assert incident.first_verdict == broken()
    assert incident.verdict == healthy()
    assert incident.approvals[0].status is ApprovalStatus.DONE
    assert incident.approvals[0].ready == ready()
    assert incident.acting is None
    assert incident.ignored == 0


def test_names_the_steps_that_have_not_answered() -> None:
    incident = fold(chained((opened(), replace(RUN[0], steps=("a", "error_log", "b")), RUN[1])))

    assert incident.run is not None
    assert incident.run.missing == ("a", "b")


def test_shows_where_each_message_stands_last() -> None:
    moved = replace(shown(), ts="9.9")

    incident = fold(chained((opened(), shown(), shown("verdict"), moved)))

    assert incident.shown == {"root": moved, "verdict": shown("verdict")}


def test_a_channel_with_another_id_is_where_its_messages_and_its_thread_are() -> None:
    placed = replace(opened(), place=Place(team="T0", channel="G1", thread="1.0"))
    moved = ChannelChanged(channel="G1", change=ChannelChange.MOVED, now="C1")
    root, alarm = replace(shown(), channel="G1"), replace(shown("alarm:a1"), channel="C9")
    # Sent just before, written down just after.
    late = replace(shown("verdict"), channel="G1")

    incident = fold(chained((placed, root, alarm, moved, late)))

    assert incident.place == Place(team="T0", channel="C1", thread="1.0")
    assert {key: one.channel for key, one in incident.shown.items()} == {
        "root": "C1",
        "alarm:a1": "C9",
        "verdict": "C1",
    }
    assert incident.channel_changes == (moved,)


def test_a_channel_that_moves_twice_is_followed_twice() -> None:
    moves = [
        ChannelChanged(channel=old, change=ChannelChange.MOVED, now=now)
        for old, now in (("G1", "C1"), ("C1", "C2"))
    ]

    incident = fold(chained((replace(opened(), place=Place(team="T0", channel="G1")), *moves)))

    assert incident.place == Place(team="T0", channel="C2")
    assert [incident.channel_now(one) for one in ("G1", "C1", "C9")] == ["C2", "C2", "C9"]


def test_keeps_notes_refusals_and_exports() -> None:
    note = Noted(by=MEI, person="mei", text="rebooting the switch")
    refused = Refused(by=OLU, person="olu", wanted="approve a1", why="asked for it")
    exported = Exported(by=OLU, person="olu", form="md", sha256="0", head="1:0")

    incident = fold(chained((opened(), note, refused, exported)))

    assert [one.event for one in incident.notes] == [note]
    assert [one.event for one in incident.refusals] == [refused]
    assert incident.exports == (exported,)


@pytest.mark.parametrize(
    "extra",
    [opened("web-02"), RUN[0], RUN[1], RUN[2], FAILED, proposed(), claimed(), voted(approval="a9")],
    ids=lambda event: event.kind,
)
def test_ignores_and_counts_what_cannot_be_true(extra: Event) -> None:
    honest = fold(chained(STARTED))

    incident = fold(chained((*STARTED, extra)))

    assert incident.ignored == 1
    assert replace(
        incident, seq=honest.seq, head=honest.head, clock_at=honest.clock_at, ignored=0
    ) == replace(honest, head=honest.head)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(whole_incident()), max_size=25))
def test_never_breaks_whatever_the_order(events: list[Event]) -> None:
    incident = fold(chained(events))

    assert incident.seq == len(events)
    assert isinstance(incident.status, IncidentStatus)
    for approval in incident.approvals:
        is_acting = approval.status in {ApprovalStatus.STARTED, ApprovalStatus.DONE}
        assert not is_acting or (approval.intent and approval.claim and not approval.votes_missing)
