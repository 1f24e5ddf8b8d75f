"""Two servers on one ledger and one Slack: each incident is shown by one of them."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.ports import Ledger
from bot.slack import SlackEdge
from tests.slack.office import RULES, Office, office
from tests.support.forgetful import ForgetfulLedger
from tests.support.incidents import broken, ran
from tests.support.people import words_of

#: Longer than two pauses of the sweep, by which one server hears of the other.
PATIENCE_S = 5.0


def server(place: Office, ledger: Ledger | None = None) -> SlackEdge:
    return SlackEdge(place.desk, ledger or place.ledger, RULES, place.settings, patience_s=PATIENCE_S)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as made:
        await made.edge.stop()
        made.edge = server(made)
        await made.edge.start()
        yield made


@pytest.fixture
async def other(place: Office) -> AsyncIterator[SlackEdge]:
    made = server(place)
    await made.start()
    yield made
    await made.stop()


async def posted(place: Office) -> Counter[tuple[str, str]]:
    """How often each message of each thread stands there; clocks in it are left out."""
    seen = [m for m in await place.people.messages() if m["bot_id"] and not m["ephemeral_to"]]
    return Counter((m["thread_ts"] or "", re.sub(r"<!date[^>]*>", "", words_of(m))[:60]) for m in seen)


def follow(edge: SlackEdge) -> None:
    """What the sweep does, without its pause."""
    presenter = edge.chat.presenter
    assert presenter is not None
    for number in range(1, 5):
        presenter.changed(f"inc-{number}")


async def test_nothing_is_posted_by_both(place: Office, other: SlackEdge) -> None:
    for number in range(1, 5):
        await place.people.command("/502 web-01")
        follow(other)
        follow(place.edge)
        await place.shown(f"inc-{number}", "root")
    for number in range(1, 5):
        await place.ledger.append(f"inc-{number}", list(ran(1, broken())))
    follow(other)
    follow(place.edge)
    for number in range(1, 5):
        await place.shown(f"inc-{number}", "root", "verdict", "group:proxy")

    counted = await posted(place)

    roots = sum(count for (thread, _), count in counted.items() if not thread)
    assert roots == 4
    assert [what for what, count in counted.items() if what[0] and count > 1] == []


async def test_what_a_dead_server_left_is_completed_by_the_other(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    await place.edge.stop()
    place.edge = server(place)
    await place.edge.start()

    await place.ledger.append("inc-1", list(ran(1, broken())))
    follow(place.edge)

    await place.shown("inc-1", "verdict", "group:proxy")
    assert set((await posted(place)).values()) == {1}


async def test_what_the_dead_server_posted_without_writing_it_down_is_found(
    place: Office, other: SlackEdge
) -> None:
    assert other.sockets is not None
    await other.sockets.stop()  # so that the request does not come to this one
    await place.edge.stop()
    place.edge = server(place, ForgetfulLedger(place.ledger, "verdict"))
    await place.edge.start()
    await place.people.command("/502 web-01")
    await place.append("inc-1", *ran(1, broken()))
    await place.people.until(lambda seen: [one for one in seen if "Proof" in words_of(one)])
    await place.shown("inc-1", "root", "group:proxy")
    await place.edge.stop()
    assert "verdict" not in (await place.desk.state("inc-1")).shown

    follow(other)

    await place.shown("inc-1", "verdict")
    assert set((await posted(place)).values()) == {1}
