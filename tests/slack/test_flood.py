"""A thousand commands in ten seconds, and people who vote meanwhile; each in a process of its own.

RUNBOOK_BOT_FLOOD says how many commands (`make hostile-slack`: 1,000); then the times are judged, too.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest

from bot.devslack import DevSlack, Options
from bot.devslack.seed import DEMO, Person, Room, Seed
from bot.model.event import Entry, Event, IncidentOpened, Intended, Voted
from bot.slack import manifest
from bot.store import SqliteLedger
from tests.support.farm import farm
from tests.support.kept_port import kept_port
from tests.support.people import APPROVER, CHANNEL, REQUESTER, People, has_button, words_of
from tests.support.server_process import server_process
from tests.support.unhurried import UNHURRIED

COMMANDS = int(os.environ.get("RUNBOOK_BOT_FLOOD", "60"))
IS_LONG = "RUNBOOK_BOT_FLOOD" in os.environ
#: A hundred commands a second.
FLOOD_S = COMMANDS / 100
HOSTS = 20
#: Broken hosts, each with a card to vote on.
CARDS = tuple(f"web-{number:02}" for number in range(1, HOSTS, 2))[: 10 if IS_LONG else 1]
FLOODER, FLOODED = "U0FLOODER", "C0FLOODED"
#: Many people in many channels: as many as Slack tells the bot of in a minute.
CROWD = [f"U0CROWD{number:02}" for number in range(90)]
ROOMS = [f"C0ROOM{number:02}" for number in range(30)]


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One vote, from the click."""

    ack_ms: float
    counted_s: float
    #: Until the action was begun: the host was looked at once more before.
    begun_s: float


@dataclass(kw_only=True)
class Place:
    """The world around the bot's process."""

    folder: Path
    slack: DevSlack
    people: People
    process: asyncio.subprocess.Process
    ports: frozenset[int]

    async def cards(self) -> list[dict[str, Any]]:
        """One message for each broken host, once all can be voted on."""
        for at in range(0, len(CARDS), 5):
            await self.people.command(f"/502 {' '.join(CARDS[at : at + 5])}", user=REQUESTER)

        def all_of(seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
            cards = [one for one in seen if has_button(one, "approve")]
            return cards if len(cards) >= len(CARDS) else []

        return list(await self.people.until(all_of, within_s=120))

    async def flood(self, script: Sequence[dict[str, Any]]) -> list[float]:
        """Milliseconds until each was acknowledged; fails where one was not."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.flood", self.slack.page_url,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            out, _ = await process.communicate(json.dumps(script).encode())
        finally:
            if process.returncode is None:  # a vote broke meanwhile
                process.kill()
                await process.communicate()
        acks = json.loads(out)["ack_ms"]
        assert None not in acks
        return sorted(acks)

    async def entries(self) -> list[Entry]:
        async with await SqliteLedger.open(self.folder / "ledger.db") as ledger:
            names = await ledger.incidents(limit=5000)
            return [one for name in names for one in await ledger.entries(name)]

    @property
    def connections(self) -> int:
        """Established ones to the hosts."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(row[3] == "01" and int(row[2].partition(":")[2], 16) in self.ports for row in rows)

    def memory_mb(self, name: str) -> float:
        """VmRSS or VmHWM of the bot."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def seed() -> Seed:
    crowd = tuple(Person(id=user, name=user.lower(), real_name=user) for user in (FLOODER, *CROWD))
    app = next(one for one in DEMO.people if one.id == "U0BOT")
    members = tuple(one.id for one in (*DEMO.people, *crowd))
    rooms = tuple(Room(id=room, name=room.lower(), members=members) for room in (FLOODED, *ROOMS))
    return Seed(people=(*DEMO.people[:-1], *crowd, app), rooms=(*DEMO.rooms, *rooms), circles=DEMO.circles)


@asynccontextmanager
async def place(folder: Path, mode: str) -> AsyncIterator[Place]:
    async with AsyncExitStack() as closing:
        port = closing.enter_context(kept_port())
        url = f"http://127.0.0.1:{port}/slack/events" if mode == "http" else None
        slack = DevSlack(Options(manifest=manifest(), seed=seed(), request_url=url, **UNHURRIED))
        closing.push_async_callback(slack.stop)
        await slack.start()
        people = People(slack.page_url)
        closing.push_async_callback(people.aclose)

        async def is_ready() -> bool:
            return await _listens(port) if mode == "http" else await people.see_the_app()

        fleet = await closing.enter_async_context(farm(folder, HOSTS))
        process = await closing.enter_async_context(
            server_process(folder, fleet, slack, is_ready=is_ready, slack_mode=mode, http_port=str(port))
        )
        lines = (folder / "known_hosts").read_text().splitlines()
        ports = frozenset(int(line.partition("]:")[2].split()[0]) for line in lines)
        yield Place(folder=folder, slack=slack, people=people, process=process, ports=ports)


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def by_one() -> list[dict[str, Any]]:
    """One person, who is soon told to wait."""
    return [
        {"at_s": number / 100, "user": FLOODER, "channel": FLOODED, "text": f"/502 web-{number % HOSTS:02}"}
        for number in range(COMMANDS)
    ]


def by_many() -> list[dict[str, Any]]:
    """More than half of it is within what each person and each channel may ask."""
    return [
        {
            "at_s": number / 100,
            "user": CROWD[number % len(CROWD)],
            "channel": ROOMS[number % len(ROOMS)],
            "text": f"/502 web-{number % HOSTS:02}",
        }
        for number in range(COMMANDS)
    ]


#: Who floods, and over which way; all of them where the times are judged.
FLOODS = [("socket", by_one), ("http", by_one), ("socket", by_many)][: 3 if IS_LONG else 1]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("mode", "script"), FLOODS, ids=[f"{mode}-{one.__name__}" for mode, one in FLOODS])
async def test_votes_do_not_wait_behind_a_flood(tmp_path: Path, mode: str, script: Any) -> None:
    async with place(tmp_path, mode) as here:
        cards = await here.cards()
        before_mb = here.memory_mb("VmRSS")

        clicks = []
        most_connections = 0
        async with asyncio.TaskGroup() as group:
            flooding = group.create_task(here.flood(script()))
            for card in cards:
                await asyncio.sleep(FLOOD_S / len(cards) / 2)  # spread over the flood
                clicked_at = datetime.now(UTC)
                answer = await here.people.click(card, "approve", user=APPROVER)
                clicks.append((words_of(card), clicked_at, float(answer["ack_ms"])))
                most_connections = max(most_connections, here.connections)
        acks = flooding.result()
        asked = await here.people.command("/502 web-02", user=APPROVER)
        entries = await _until_begun(here, len(cards))
        grown_mb = here.memory_mb("VmHWM") - before_mb

    votes = [_vote(entries, *click) for click in clicks]
    opened = [one.event for one in entries if isinstance(one.event, IncidentOpened)]
    print(
        f"\n{COMMANDS} commands over {mode} {script.__name__}: {len(opened)} incidents; ack ms {_of(acks)}; "
        f"votes: ack ms {_of([one.ack_ms for one in votes])}; counted s "
        f"{_of([one.counted_s for one in votes])}; action begun s {_of([one.begun_s for one in votes])}; "
        f"{most_connections} SSH connections at most, {grown_mb:.0f} MB more"
    )
    assert asked["ok"]
    assert most_connections <= 20
    if IS_LONG:
        assert quantiles(acks, n=100)[98] < 2000
        assert max(one.counted_s for one in votes) < 3
        assert grown_mb < 50


async def _until_begun(here: Place, count: int) -> list[Entry]:
    """The ledger, once every vote led to an action."""
    until = time.monotonic() + 120
    while True:
        entries = await here.entries()
        if sum(isinstance(one.event, Intended) for one in entries) >= count:
            return entries
        assert time.monotonic() < until, "not every action was begun in two minutes"
        await asyncio.sleep(1.0)  # another process cannot set an event here


def _vote(entries: Sequence[Entry], words: str, clicked_at: datetime, ack_ms: float) -> Vote:
    incident = next(one.incident for one in entries if _is_of_card(one.event, words))
    mine = [one for one in entries if one.incident == incident]
    counted = next(one.at for one in mine if isinstance(one.event, Voted))
    begun = next(one.at for one in mine if isinstance(one.event, Intended))
    return Vote(
        ack_ms=ack_ms,
        counted_s=(counted - clicked_at).total_seconds(),
        begun_s=(begun - clicked_at).total_seconds(),
    )


def _is_of_card(event: Event, words: str) -> bool:
    if not isinstance(event, IncidentOpened) or event.place is None:
        return False
    return event.host in words and event.place.channel == CHANNEL


def _of(figures: Sequence[float]) -> str:
    ordered = sorted(figures)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"p50 {median(ordered):.3g}, p99 {p99:.3g}, max {ordered[-1]:.3g}"
