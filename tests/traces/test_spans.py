"""What the entries of an incident say took how long."""

import json
from datetime import timedelta

import pytest

from bot.model.command import Ended
from bot.model.event import Event, Outcome, Ready, RunFailed, StepEnded
from bot.traces.spans import Span, spans_of
from tests.support.incidents import (
    action_ended,
    broken,
    chained,
    claimed,
    intended,
    opened,
    proposed,
    ran,
    voted,
    whole_incident,
)


def told(*events: Event) -> tuple[Span, ...]:
    return spans_of(chained(events))


def test_a_whole_incident_is_one_trace_under_one_span() -> None:
    spans = told(*whole_incident())

    roots = [span for span in spans if span.parent is None]
    ids = {span.id for span in spans}
    assert [root.name for root in roots] == ["502 web-01"]
    assert roots[0].attributes["cause"] == "upstream_down"
    assert len(ids) == len(spans) and len({span.trace for span in spans}) == 1
    assert all(span.parent in ids for span in spans if span.parent is not None)
    assert {"look ask", "look recheck", "step error_log", "approval restart_unit", "action"} <= {
        span.name for span in spans
    }
    assert all(span.begun_at <= span.ended_at for span in spans)


def test_steps_are_children_of_their_look_and_take_as_long_as_they_took() -> None:
    spans = {span.name: span for span in told(opened(), *ran(1, broken()))}

    step = spans["step error_log"]

    assert step.parent == spans["look ask"].id
    assert step.ended_at - step.begun_at == timedelta(seconds=0.0125)


def test_the_same_entries_give_the_same_spans_and_another_incident_none_of_them() -> None:
    entries = chained(whole_incident())

    other = spans_of(chained(whole_incident(), incident="inc-other"))

    assert spans_of(entries) == spans_of(entries)
    assert not {span.id for span in other} & {span.id for span in spans_of(entries)}


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNKNOWN, Outcome.NOT_RUN])
def test_an_action_that_was_not_done_is_an_error(outcome: Outcome) -> None:
    spans = told(
        opened(), *ran(1, broken()), proposed(), voted(), claimed(), intended(), action_ended(outcome)
    )

    assert [span.error for span in spans if span.name == "action"] == [outcome.value]


def test_a_look_that_failed_and_a_step_that_was_not_read_are_errors() -> None:
    start, *_ = ran(1, broken())
    lost = StepEnded(
        run=1,
        step="error_log",
        argv=("tail",),
        ended=Ended.TIMED_OUT,
        exit_status=None,
        duration_s=5.0,
        gap="timed out: no answer",
    )

    spans = {span.name: span for span in told(opened(), start, lost, RunFailed(run=1, why="gone"))}

    assert spans["step error_log"].error == "not read: timed out"
    assert spans["look ask"].error == "the look failed"
    assert spans["502 web-01"].error is None


def test_a_service_that_does_not_come_back_is_an_error() -> None:
    away = Ready(approval="a1", is_ready=False, after_s=30.0, says="502")
    course = (opened(), *ran(1, broken()), proposed(), voted(), claimed(), intended(), action_ended(), away)

    spans = {span.name: span for span in told(*course)}

    assert spans["until the service answers"].error is not None
    assert spans["until the service answers"].begun_at == spans["action"].ended_at


def test_nothing_that_a_host_or_a_person_wrote_is_told() -> None:
    spans = told(*whole_incident())

    said = json.dumps([[span.name, dict(span.attributes), span.error] for span in spans])

    assert not [word for word in ("Connection refused", "mei", "olu", "systemctl") if word in said]


def test_no_entries_are_no_spans_and_an_end_without_a_beginning_is_none() -> None:
    assert spans_of(()) == ()
    assert told(action_ended()) == ()
