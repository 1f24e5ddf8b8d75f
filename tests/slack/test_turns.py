"""Two servers on one ledger and one Slack: each incident is shown by one of them."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.incident import Incident
from bot.model.lease import show_of
from bot.ports import Ledger
from bot.slack import SlackEdge, turns
from tests.slack.office import RULES, Office, office
from tests.support.alone import Alone, Pair
from tests.support.forgetful import ForgetfulLedger
from tests.support.handtime import JumpTime
from tests.support.incidents import T0, broken, ran
from tests.support.people import words_of


@dataclass
class Server:
    """One of two, and what it has to itself."""

    edge: SlackEdge
    leases: Alone

    async def dies(self) -> None:
        """It stops where it stands; that it is gone, others know at once."""
        await self.edge.stop()
        self.leases.die()


def server(place: Office, leases: Alone, ledger: Ledger | None = None) -> Server:
    edge = SlackEdge(place.desk, ledger or place.ledger, RULES, place.settings, leases=leases)
    return Server(edge, leases)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as made:
        await made.edge.stop()
        yield made


@asynccontextmanager
async def started(made: Server) -> AsyncIterator[Server]:
    await made.edge.start()
    try:
        yield made
    finally:
        await made.edge.stop()


async def posted(place: Office) -> Counter[tuple[str, str]]:
    """How often each message of each thread stands there; clocks in it are left out."""
    seen = [m for m in await place.people.messages() if m["bot_id"] and not m["ephemeral_to"]]
    return Counter((m["thread_ts"] or "", re.sub(r"<!date[^>]*>", "", words_of(m))[:60]) for m in seen)


async def test_nothing_is_posted_by_both(place: Office) -> None:
    both = Pair()
    async with started(server(place, both.one)) as one, started(server(place, both.two)) as two:
        for number in range(1, 5):
            await place.people.command("/502 web-01")
            for each in (one, two):
                each.edge.chat.hear([f"inc-{number}"])
            await place.shown(f"inc-{number}", "root")
        names = [f"inc-{number}" for number in range(1, 5)]
        for name in names:
            await place.ledger.append(name, list(ran(1, broken())))
        for each in (two, one):
            each.edge.chat.hear(names)
        for name in names:
            await place.shown(name, "root", "verdict", "group:proxy")

        counted = await posted(place)

    roots = sum(count for (thread, _), count in counted.items() if not thread)
    assert roots == 4
    assert [what for what, count in counted.items() if what[0] and count > 1] == []


async def test_the_opener_shows_it_even_when_another_hears_of_it_first(
    place: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a machine that stands still the moment would pass before the opener could begin.
    monkeypatch.setattr(turns, "OPENER_FIRST_S", 3600.0)
    both = Pair()
    async with started(server(place, both.one)) as one, started(server(place, both.two)) as two:
        assert two.edge.sockets is not None
        await two.edge.sockets.stop()  # so that the request comes to the first

        two.edge.chat.hear(["inc-1"])
        await place.people.command("/502 web-01")
        two.edge.chat.hear(["inc-1"])
        await place.shown("inc-1", "root")

        assert one.leases.holds(show_of("inc-1"))
        assert not two.leases.holds(show_of("inc-1"))


async def test_what_a_dead_server_left_is_completed_by_the_other(place: Office) -> None:
    both = Pair()
    async with started(server(place, both.one)) as one:
        await place.people.command("/502 web-01")
        await place.shown("inc-1", "root")
        async with started(server(place, both.two)) as two:
            await place.ledger.append("inc-1", list(ran(1, broken())))
            two.edge.chat.hear(["inc-1"])
            await one.dies()

            await place.shown("inc-1", "verdict", "group:proxy")

    assert set((await posted(place)).values()) == {1}


async def test_what_the_dead_server_posted_without_writing_it_down_is_found(place: Office) -> None:
    both = Pair()
    forgetful = ForgetfulLedger(place.ledger, "verdict")
    async with started(server(place, both.one, forgetful)) as one:
        place.edge = one.edge
        await place.people.command("/502 web-01")
        await place.shown("inc-1", "root")
        await place.append("inc-1", *ran(1, broken()))
        await place.people.until(lambda seen: [one for one in seen if "Proof" in words_of(one)])
        await place.shown("inc-1", "root", "group:proxy")
        async with started(server(place, both.two)) as two:
            two.edge.chat.hear(["inc-1"])
            assert "verdict" not in (await place.desk.state("inc-1")).shown
            await one.dies()

            await place.shown("inc-1", "verdict")

    assert set((await posted(place)).values()) == {1}


async def test_a_server_that_was_frozen_posts_nothing_more_of_what_another_shows(place: Office) -> None:
    both = Pair()
    async with started(server(place, both.one)) as one:
        await place.people.command("/502 web-01")
        await place.shown("inc-1", "root")
        async with started(server(place, both.two)) as two:
            both.two.take_from(both.one, show_of("inc-1"))
            await place.ledger.append("inc-1", list(ran(1, broken())))
            one.edge.chat.hear(["inc-1"])
            two.edge.chat.hear(["inc-1"])

            await place.shown("inc-1", "verdict", "group:proxy")

    assert set((await posted(place)).values()) == {1}


async def test_an_incident_opened_elsewhere_is_left_to_its_opener_for_a_moment() -> None:
    mine = turns.Turns(Alone(), JumpTime(), lambda _: None)
    state = Incident(id="inc-1", opened_at=T0)

    at_once = await mine.take(state, T0)
    later = await mine.take(state, T0 + timedelta(seconds=turns.OPENER_FIRST_S))
    await mine.stop()

    assert (at_once, later) == (False, True)


async def test_whoever_shows_it_is_waited_for_once_however_often_it_goes_on() -> None:
    leases, looks = Alone(), list[str]()
    leases.busy.add(show_of("inc-1"))
    mine = turns.Turns(leases, JumpTime(), looks.append)
    state = Incident(id="inc-1", opened_at=T0)

    for _ in range(3):
        await mine.take(state, T0 + timedelta(seconds=turns.OPENER_FIRST_S))
    leases.free(show_of("inc-1"))

    assert looks == ["inc-1"]
