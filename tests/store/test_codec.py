"""Events as canonical JSON and back."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import LedgerUnavailable
from bot.model.event import (
    ApprovalClosed,
    ChannelChange,
    ChannelChanged,
    Closing,
    Event,
    Exported,
    Noted,
    Refused,
    RunFailed,
)
from bot.store.codec import decode, encode
from bot.store.system import ChainOpened, ExportWritten, ServerStarted
from tests.support.incidents import MEI, OLU, T0, broken, healthy, ran, whole_incident

NOTE = Noted(by=MEI, person="mei", text="hello")
EXAMPLES = (
    *whole_incident(),
    NOTE,
    RunFailed(run=1, why="boom"),
    ApprovalClosed(approval="a1", how=Closing.EXPIRED, why="late"),
    Refused(by=OLU, person="olu", wanted="x", why="y", approval="a1"),
    Exported(by=OLU, person="olu", form="md", sha256="0", head="1:0"),
    ChannelChanged(channel="G1", change=ChannelChange.MOVED, now="C1"),
)


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.kind)
def test_every_kind_of_event_comes_back_as_it_was(event: Event) -> None:
    told = decode(encode(event, chain="INC-1", at=T0))

    assert told.event == event
    assert (told.chain, told.kind, told.at) == ("INC-1", event.kind, T0)


def test_the_examples_leave_no_kind_out() -> None:
    assert {type(event) for event in EXAMPLES} == set(get_args(Event))


@pytest.mark.parametrize(
    "event",
    [
        ChainOpened(incident="INC-1", genesis="0" * 64),
        ExportWritten(incident="INC-1", form="md", sha256="0", head="1:0"),
        ServerStarted(pid=1, host="box", database="SQLite 3"),
    ],
    ids=lambda event: event.kind,
)
def test_system_events_come_back_as_they_were(event: ChainOpened | ExportWritten | ServerStarted) -> None:
    assert decode(encode(event, chain="system", at=T0)).event == event


def test_is_canonical_and_dated_in_utc_to_the_microsecond() -> None:
    at = datetime(2026, 1, 31, 4, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))

    body = encode(NOTE, chain="INC-1", at=at)

    told = json.loads(body)
    assert told["at"] == "2026-01-31T03:00:00.000005Z"
    assert body == json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_two_encodings_of_one_event_differ_by_their_id() -> None:
    first, second = (json.loads(encode(NOTE, chain="INC-1", at=T0)) for _ in range(2))

    assert first.pop("id") != second.pop("id")
    assert first == second


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_survives(text: str) -> None:
    body = encode(replace(NOTE, text=text), chain="INC-1", at=T0)

    event = decode(body).event
    assert isinstance(event, Noted)
    assert event.text == text


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    event = decode(encode(replace(NOTE, text="a\ud800b"), chain="INC-1", at=T0)).event

    assert isinstance(event, Noted)
    assert event.text == "a\ufffdb"


@pytest.mark.parametrize("run", [2**53 - 1, 2**53, 2**70, -(2**60)])
def test_whole_numbers_of_any_size_come_back_exactly(run: int) -> None:
    assert decode(encode(RunFailed(run=run, why=""), chain="INC-1", at=T0)).event == RunFailed(
        run=run, why=""
    )


@pytest.mark.parametrize(
    ("given", "stored"), [(0.1234567891, 0.123457), (1e300, 1e300), (float("inf"), float("inf")), (0.0, 0.0)]
)
def test_durations_keep_their_microseconds(given: float, stored: float) -> None:
    ended = replace(ran(1, healthy())[2], duration_s=given)

    assert decode(encode(ended, chain="INC-1", at=T0)).event == replace(ended, duration_s=stored)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "[]",
        "null",
        '"x"',
        "{" * 100_000,
        encode(NOTE, chain="INC-1", at=T0).replace('"v":1', '"v":2'),
        encode(NOTE, chain="INC-1", at=T0).replace('"kind":"note"', '"kind":"dream"'),
        encode(NOTE, chain="INC-1", at=T0).replace('"text":"hello"', '"txt":"hello"'),
        encode(NOTE, chain="INC-1", at=T0).replace(".000000Z", ""),
        encode(NOTE, chain="INC-1", at=T0).replace('"slack"', '"pigeon"'),
    ],
    ids=lambda body: body[:30],
)
def test_what_is_not_ours_is_refused_as_such(body: str) -> None:
    with pytest.raises(LedgerUnavailable, match="an entry"):
        decode(body)


def test_a_time_is_always_aware() -> None:
    assert decode(encode(NOTE, chain="INC-1", at=T0)).at.tzinfo == UTC


def test_a_verdict_of_before_its_newer_fields_is_still_read() -> None:
    ended = ran(1, broken())[-1]
    body = json.loads(encode(ended, chain="INC-1", at=T0))
    for part in (body["event"]["verdict"], *body["event"]["verdict"]["found"]):
        part["restart"].pop("is_sure")
        part.pop("mend", None)
        part.pop("changed", None)

    assert decode(json.dumps(body)).event == ended
