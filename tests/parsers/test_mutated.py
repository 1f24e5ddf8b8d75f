"""What real hosts said, with other numbers and signs in it: no parser and no rule breaks."""

import contextlib
import functools
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.judge import judge
from tests.support import asked, recorded
from tests.support.asked import output
from tests.support.hostile import times
from tests.support.recorded import parser

#: Cases that between them have every step; in `make hostile` all of them are taken.
NAMED = ("docker_crash_loop", "php_frozen", "socket_permission", "uwsgi_harakiri", "gunicorn_worker_timeout")
STEPS = {step.id: step.parse for step in asked.runbook().steps if step.parse}
NUMBERS = st.one_of(
    st.from_regex(r"[0-9]{1,25}", fullmatch=True),
    st.sampled_from(["²", "٣", "１２", "-1", "1.2.3", "", "0", "0001", "9999", "1e999", "nan"]),
)
_NUMBER = re.compile(r"\d+")


@functools.cache
def _cases() -> tuple[dict[str, object], ...]:
    every = sorted((recorded.CASES / "502").glob("*.yaml"))
    taken = [path for path in every if path.stem in NAMED] if times(0, of=1) == 0 else every
    return tuple(map(recorded.read, taken))


@functools.cache
def _said(parse: str) -> tuple[str, ...]:
    """Different outputs that this parser has read."""
    steps = [step for step, name in STEPS.items() if name == parse]
    texts = (case["steps"][step]["stdout"] for case in _cases() for step in steps if step in case["steps"])  # type: ignore[index, operator]
    return tuple(dict.fromkeys(texts)) or ("",)


@st.composite
def _changed(draw: st.DrawFn, parse: str) -> str:
    """One of them, or a part of it, with other numbers in some places."""
    lines = draw(st.sampled_from(_said(parse))).split("\n")
    first = draw(st.integers(0, max(0, len(lines) - 1)))
    text = "\n".join(lines[first : first + 40] if draw(st.booleans()) else lines[:40])
    places = list(_NUMBER.finditer(text))
    chosen = draw(st.lists(st.integers(0, max(0, len(places) - 1)), max_size=8, unique=True))
    for place in sorted(chosen, reverse=True) if places else ():
        text = text[: places[place].start()] + draw(NUMBERS) + text[places[place].end() :]
    return text


@pytest.mark.parametrize("parse", sorted(set(STEPS.values())))
@settings(max_examples=times(60, of=2000), deadline=None)
@given(data=st.data())
def test_no_number_breaks_a_parser(parse: str, data: st.DataObject) -> None:
    with contextlib.suppress(ParseError):
        parser(parse)(output("x", data.draw(_changed(parse))))


@settings(max_examples=times(40, of=4000), deadline=None)
@given(data=st.data())
def test_no_number_breaks_a_rule(data: st.DataObject) -> None:
    case = dict(data.draw(st.sampled_from(_cases())))
    steps = dict(case["steps"])  # type: ignore[call-overload]
    for step in _some(data, [name for name in STEPS if name in steps]):
        steps[step] = {**steps[step], "stdout": data.draw(_changed(STEPS[step] or ""))}
    case["steps"] = steps
    runbook = asked.runbook()

    evidence = recorded.evidence_of(case, runbook)

    judge(evidence, host=recorded.host_of(case), causes=runbook.causes, remedies=runbook.remedies)


def _some(data: st.DataObject, names: list[str]) -> Iterator[str]:
    yield from data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))


#: Times at the ends of the calendar, where another zone lies outside of it.
DAYS = ("0001-01-01T00:00:00{}", "9999-12-31T23:59:59{}")


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("zone", ["+14:00", "-14:00", "Z"])
def test_a_time_at_the_end_of_the_calendar_is_none(day: str, zone: str) -> None:
    at = day.format(zone)

    assert [e.at for e in parser("journal")(output("x", f"{at} web-01 app[9]: x\n")).entries] == [None]
    assert [e.at for e in parser("container_log")(output("x", f"{at} x\n")).entries] == []


def test_an_exit_code_of_no_digits_is_none() -> None:
    assert parser("container_events")(output("x", "die,exitCode=²,at=1796035653131222157\n")).entries == ()


PRESSURES = {
    "# pressure\nsome avg10=1\n": {},
    "# pressure cpu\nsome avg10=1.2.3\n": {"cpu": 1.2},
    "# pressure cpu\nsome avg10=0.50 avg60=0.10\n": {"cpu": 0.5},
}


@pytest.mark.parametrize("text", PRESSURES)
def test_of_a_pressure_what_is_a_number_counts(text: str) -> None:
    assert parser("resources")(output("x", text)).pressure == PRESSURES[text]


@pytest.mark.parametrize("name", ["Ports", "Error"])
def test_a_property_that_is_nested_without_end_is_left_out(name: str) -> None:
    text = f"Status=running\n{name}={'[' * 50_000}\n"

    assert parser("container_state")(output("x", text)).container is not None
