"""A payload that Slack signed but that lacks Slack's shape is answered, runs nothing and is written down."""

import json
import logging
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.devslack.transport import Outcome, Sort
from bot.model.refusal import AskRefused
from bot.slack.shape import flaw_of
from tests.slack.office import APPROVER, Office, office
from tests.slack.test_http import post, signed

#: All of them with `make hostile-slack`.
MUTATIONS = int(os.environ.get("RUNBOOK_BOT_TAMPERED", "50"))
WANTED = "a payload that is not as Slack makes it"
Body = dict[str, Any]

PERSON = {"id": APPROVER.id, "team_id": "T0LOCAL"}
CLICK: Body = {
    "type": "block_actions",
    "user": PERSON,
    "team": {"id": "T0LOCAL"},
    "enterprise": None,
    "channel": {"id": "C0INCIDENTS"},
    "container": {"type": "message", "message_ts": "1.1", "channel_id": "C0INCIDENTS"},
    "message": {"ts": "1.1", "thread_ts": "1.0"},
    "trigger_id": "1.2.odd",
    "actions": [{"action_id": "approve", "block_id": "decide", "value": "a1", "action_ts": "1.2"}],
}
FORM: Body = {
    "type": "view_submission",
    "user": PERSON,
    "team": {"id": "T0LOCAL"},
    "trigger_id": "1.3.odd",
    "view": {
        "id": "V1",
        "hash": "1.h",
        "type": "modal",
        "callback_id": "note",
        "private_metadata": json.dumps({"channel": "C0INCIDENTS", "thread": "1.0"}),
        "state": {"values": {"note": {"text": {"type": "plain_text_input", "value": "it burns"}}}},
    },
    "response_urls": [],
}
SHORTCUT: Body = {
    "type": "message_action",
    "callback_id": "diagnose",
    "user": PERSON,
    "team": {"id": "T0LOCAL"},
    "channel": {"id": "C0INCIDENTS"},
    "message_ts": "1.1",
    "message": {"ts": "1.1", "text": "", "files": [{"name": "error.log", "url_private": "http://x/y"}]},
    "trigger_id": "1.4.odd",
}
MENTION: Body = {
    "type": "event_callback",
    "team_id": "T0LOCAL",
    "event": {
        "type": "app_mention",
        "user": APPROVER.id,
        "team": "T0LOCAL",
        "channel": "C0INCIDENTS",
        "text": "<@U0BOT> help",
        "ts": "1.5",
    },
    "event_id": "Ev1",
    "authorizations": [{"enterprise_id": None, "team_id": "T0LOCAL", "user_id": "U0BOT", "is_bot": True}],
}
COMMAND: Body = {
    "command": "/502",
    "text": "help",
    "team_id": "T0LOCAL",
    "user_id": APPROVER.id,
    "channel_id": "C0INCIDENTS",
    "trigger_id": "1.6.odd",
}
GOOD = {
    Sort.INTERACTIVE: (CLICK, FORM, SHORTCUT),
    Sort.EVENT: (MENTION,),
    Sort.COMMAND: (COMMAND,),
}
ODD: tuple[Any, ...] = (
    None, 7, 0.5, True, "x", "\0", "\ud800", "x" * 3000, [], [1], ["x"], [None], {}, {"id": 7}, {"id": {}},
    {"id": ["x"]}, {"text": []},
)  # fmt: skip

MISSHAPEN: dict[str, Body] = {
    "actions are no list": CLICK | {"actions": 7},
    "actions are an object": CLICK | {"actions": {"action_id": "approve", "value": "a1"}},
    "actions are nothing": CLICK | {"actions": None},
    "there are no actions": CLICK | {"actions": []},
    "an action is a number": CLICK | {"actions": [1]},
    "an action is a text": CLICK | {"actions": ["approve"]},
    "a button's name is a list": CLICK | {"actions": [{"action_id": ["approve"], "value": "a1"}]},
    "a button's name is a number": CLICK | {"actions": [{"action_id": 7, "value": "a1"}]},
    "a button's name is an object": CLICK | {"actions": [{"action_id": {"a": "approve"}, "value": "a1"}]},
    "a button has no name": CLICK | {"actions": [{"value": "a1"}]},
    "the person is a text": CLICK | {"user": APPROVER.id},
    "the channel is a list": CLICK | {"channel": ["C0INCIDENTS"]},
    "the workspace is a number": CLICK | {"team": 7},
    "the form is nothing": FORM | {"view": None},
    "the form has no name": FORM | {"view": {"type": "modal"}},
    "the fields are a list": FORM | {"view": FORM["view"] | {"state": []}},
    "a kind there is not": CLICK | {"type": "approve_all"},
}


@pytest.fixture(params=["http", "socket"])
async def place(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    async with office(tmp_path, mode=request.param) as made:
        yield made


async def deliver(place: Office, sort: Sort, body: Body) -> int:
    """The status of the answer; over a socket 200 for an acknowledgement and 404 for none."""
    if place.edge.door is None:
        ack = await place.slack.parts.delivery.interaction(sort, body)
        return 200 if ack.outcome is Outcome.ACKED else 404
    if sort is Sort.EVENT:
        raw, kind = json.dumps(body).encode(), "application/json"
    else:
        form = {"payload": json.dumps(body)} if sort is Sort.INTERACTIVE else body
        raw, kind = urlencode(form, errors="replace").encode(), "application/x-www-form-urlencoded"
    return await post(place, raw, signed(place.slack.signing_secret, raw) | {"Content-Type": kind})


async def refused(place: Office) -> list[AskRefused]:
    """Every refusal of this kind, once all that came is served."""
    await place.until_served()
    events = [one.event for one in await place.ledger.system.events(kinds=(AskRefused,))]
    return [one for one in events if isinstance(one, AskRefused) and one.wanted.startswith(WANTED)]


def mutants(sort: Sort) -> Iterator[Body]:
    """Each part of each payload of this sort in turn is something else."""
    for good in GOOD[sort]:
        for path in paths(good):
            for odd in ODD:
                body = deepcopy(good)
                holder: Any = body
                for key in path[:-1]:
                    holder = holder[key]
                holder[path[-1]] = odd
                yield body


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield (*before, key)
        yield from paths(part, (*before, key))


def some(bodies: list[tuple[Sort, Body]]) -> list[tuple[Sort, Body]]:
    return random.Random(4).sample(bodies, min(MUTATIONS, len(bodies)))


def all_mutants() -> list[tuple[Sort, Body]]:
    """Each once: the same bytes again would rightly be served once."""
    found = {json.dumps(body): (sort, body) for sort in GOOD for body in mutants(sort)}
    return list(found.values())


async def test_each_is_refused_and_recorded_with_whom_it_names(place: Office) -> None:
    got = {name: await deliver(place, Sort.INTERACTIVE, body) for name, body in MISSHAPEN.items()}

    assert got == dict.fromkeys(MISSHAPEN, 200)
    named = Counter(event.by.id for event in await refused(place))
    assert named == {APPROVER.id: len(MISSHAPEN) - 1, "": 1}  # whose person is a text names nobody
    assert place.desk.votes == [] and place.desk.asked == []


async def test_whatever_part_is_misshapen_nothing_runs_and_each_is_written_down(place: Office) -> None:
    wrong = some([one for one in all_mutants() if flaw_of(one[1]) is not None])
    if place.edge.door is not None:  # a command's fields are always texts there
        wrong = [one for one in wrong if one[0] is not Sort.COMMAND]

    statuses = {await deliver(place, sort, body) for sort, body in wrong}

    assert statuses == {200}
    assert len(await refused(place)) == len(wrong)
    assert place.desk.votes == [] and place.desk.asked == []


async def test_what_is_odd_but_has_slacks_shape_is_no_bug_either(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    odd = some([one for one in all_mutants() if flaw_of(one[1]) is None])

    async with office(tmp_path, mode="http") as place:
        statuses = {await deliver(place, sort, body) for sort, body in odd}
        assert await refused(place) == []

    assert statuses <= {200, 404}
    assert place.desk.votes == []
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


RAW = {
    "no JSON": (b"payload=%7B", "application/x-www-form-urlencoded"),
    "JSON that is a list": (b"payload=[1]", "application/x-www-form-urlencoded"),
    "an event that is a list": (b"[1]", "application/json"),
    "half an event": (b"{", "application/json"),
    "deeper than can be read": (b"payload=" + b"[" * 60_000, "application/x-www-form-urlencoded"),
}


async def test_a_signed_body_that_is_no_payload_is_answered_and_recorded(tmp_path: Path) -> None:
    async with office(tmp_path, mode="http") as place:
        got = {}
        for name, (raw, kind) in RAW.items():
            headers = signed(place.slack.signing_secret, raw) | {"Content-Type": kind}
            got[name] = await post(place, raw, headers)

        assert got == dict.fromkeys(RAW, 200)
        assert [event.by.id for event in await refused(place)] == [""] * len(RAW)


async def test_a_body_is_not_read_in_an_encoding_that_nobody_signed(tmp_path: Path) -> None:
    async with office(tmp_path, mode="http") as place:
        got = {}
        for charset in ("utf-16", "utf-7", "none-such", "UTF-8"):
            raw = urlencode({"payload": json.dumps(CLICK), "about": charset}).encode()
            kind = {"Content-Type": f"application/x-www-form-urlencoded; charset={charset}"}
            got[charset] = await post(place, raw, signed(place.slack.signing_secret, raw) | kind)

    assert got == {"utf-16": 401, "utf-7": 401, "none-such": 401, "UTF-8": 200}


async def test_an_envelope_without_a_payload_is_acknowledged_and_recorded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    payloads: tuple[Any, ...] = ([CLICK], "approve", 7, None)

    async with office(tmp_path) as place:
        statuses = {await deliver(place, Sort.INTERACTIVE, payload) for payload in payloads}
        assert len(await refused(place)) == len(payloads)

    assert statuses == {200}
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
