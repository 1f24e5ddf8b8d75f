"""Slack away, failing or asking for silence while incidents go on: the ledger holds what is to be shown.

Time is driven by hand. Whatever happens, each message stands once, in its place, as it should be in the end.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.model.event import Event, Noted, Place
from bot.model.incident import Incident, fold
from bot.slack.blocks import Block, Message, Upload, View, messages, wanted_texts
from bot.slack.delivery import is_shown
from bot.slack.failures import Away, RateLimited
from bot.slack.presenter import Presenter
from bot.slack.sender import Sender
from tests.support.handtime import JumpTime
from tests.support.incidents import (
    MEI,
    T0,
    action_ended,
    broken,
    claimed,
    healthy,
    intended,
    opened,
    proposed,
    ran,
    ready,
    voted,
)
from tests.support.memory_ledger import MemoryLedger

ROOM = Place(team="T1", channel="C1")
#: The channel that is told of broken glass.
ALERTS = "C9"


@dataclass(kw_only=True)
class Standing:
    """A message or file as it stands in Slack."""

    ts: str
    thread: str | None
    key: str
    text: str
    #: Seconds since the beginning.
    at_s: float


@dataclass(kw_only=True)
class Outage:
    """What Slack does to every call from one second to another."""

    since_s: float
    until_s: float
    how: str
    #: 429: seconds of silence that are asked for.
    silence_s: float = 0.0


@dataclass
class FailingSlack:
    """What the presenter uses of `bot.slack.api.Api`, on one channel and the one for alerts."""

    time: JumpTime
    outage: Outage
    standing: list[Standing] = field(default_factory=list)
    #: Calls that came while silence was asked for.
    early: list[float] = field(default_factory=list)
    calls: int = 0
    #: By method, as Slack counts.
    _silent_until: dict[str, float] = field(default_factory=dict)
    _failures: int = 0

    async def post(
        self,
        channel: str,
        *,
        thread: str | None,
        text: str,
        blocks: Sequence[Block],
        mark: Mapping[str, str] | None = None,
    ) -> str:
        assert channel in (ROOM.channel, ALERTS) and mark is not None
        with_effect = self._trouble("post")
        ts = self._stand(thread, mark["key"], mark["incident"], text)
        if with_effect is not None:
            raise with_effect
        return ts

    async def update(self, channel: str, ts: str, *, text: str, blocks: Sequence[Block]) -> None:
        self._trouble("update", may_take_effect=False)
        next(one for one in self.standing if one.ts == ts).text = text

    async def upload(
        self, channel: str, *, thread: str | None, name: str, title: str, content: bytes, says: str = ""
    ) -> str:
        with_effect = self._trouble("upload")
        ts = self._stand(thread, f"title:{title}", "", title)
        if with_effect is not None:
            raise with_effect
        return ts

    async def posted(
        self, channel: str, incident: str, *, thread: str | None, since: datetime
    ) -> dict[str, str]:
        self._trouble("history", may_take_effect=False)
        mine = [one for one in self.standing if one.thread == thread and one.key.endswith(f"@{incident}")]
        files = [one for one in self.standing if one.thread == thread and one.key.startswith("title:")]
        return {one.key.partition("@")[0]: one.ts for one in [*mine, *files]}

    def _stand(self, thread: str | None, key: str, incident: str, text: str) -> str:
        ts = f"{len(self.standing) + 1:04}.0"
        at_s = self.time.monotonic() - 1000.0
        self.standing.append(Standing(ts=ts, thread=thread, key=f"{key}@{incident}", text=text, at_s=at_s))
        return ts

    def _trouble(self, method: str, *, may_take_effect: bool = True) -> Exception | None:
        """Raises for a call that does nothing; gives what a call raises after it was done."""
        self.calls += 1
        now = self.time.monotonic() - 1000.0
        if now < self._silent_until.get(method, 0.0):
            self.early.append(now)
        if not self.outage.since_s <= now < self.outage.until_s:
            return None
        self._failures += 1
        if self.outage.how == "silence":
            self._silent_until[method] = now + self.outage.silence_s
            raise RateLimited(self.outage.silence_s)
        if self.outage.how == "every other call is done" and may_take_effect and self._failures % 2:
            return Away("503, and it was done")
        raise Away(self.outage.how)


OUTAGES = (
    pytest.param(Outage(since_s=30, until_s=630, how="no route"), id="ten minutes away"),
    pytest.param(Outage(since_s=30, until_s=90, how="503"), id="a minute of 5xx"),
    pytest.param(Outage(since_s=30, until_s=90, how="every other call is done"), id="5xx that took effect"),
    pytest.param(Outage(since_s=30, until_s=90, how="silence", silence_s=20), id="a minute of 429"),
    pytest.param(Outage(since_s=30, until_s=31, how="silence", silence_s=60), id="Retry-After of a minute"),
)


@dataclass
class Stage:
    time: JumpTime
    ledger: MemoryLedger
    slack: FailingSlack
    presenter: Presenter

    @property
    def now_s(self) -> float:
        """Seconds since the beginning."""
        return self.time.monotonic() - 1000.0

    @property
    def ledger_now(self) -> datetime:
        return T0 + timedelta(seconds=self.now_s)

    async def until(self, seconds: float) -> None:
        left_s = seconds - self.now_s
        await self.time.run(asyncio.ensure_future(self.time.sleep(left_s)))  # type: ignore[arg-type]

    async def tell(self, incident: str, *events: Event) -> None:
        await self.ledger.append(incident, events)
        self.presenter.changed(incident)

    async def state(self, incident: str) -> Incident:
        return fold(await self.ledger.entries(incident))

    async def wanted(self, state: Incident) -> tuple[Message | Upload, ...]:
        """What should stand in Slack of it."""
        return messages(state, await self.presenter.view(state, wanted_texts(state)))


@asynccontextmanager
async def stage(outage: Outage, kind: type[FailingSlack] = FailingSlack) -> AsyncIterator[Stage]:
    time = JumpTime()
    ledger, slack = MemoryLedger(time), kind(time, outage)
    sender = Sender(time)
    presenter = Presenter(
        api=slack,  # type: ignore[arg-type]  # what it uses of it
        ledger=ledger,
        sender=sender,
        time=time,
        view_of=lambda _: View(runbook=None),
        team=ROOM.team,
    )
    await presenter.start()
    yield Stage(time, ledger, slack, presenter)
    await presenter.stop()
    await sender.stop()


@pytest.mark.parametrize("outage", OUTAGES)
async def test_an_outage_loses_nothing_doubles_nothing_and_keeps_the_order(outage: Outage) -> None:
    async with stage(replace(outage)) as on:
        await on.tell("inc-1", replace(opened(), place=ROOM))
        await on.until(29)
        await _everything_happens(on, outage)
        await on.until(outage.until_s + 400)
        states = {name: await on.state(name) for name in ("inc-1", "inc-2")}
        wanted = {name: await on.wanted(state) for name, state in states.items()}

    assert all(is_shown(states[name], wanted[name]) for name in wanted)
    assert on.slack.early == []
    for name, every in wanted.items():
        thread = states[name].shown["root"].ts
        stand = [one for one in on.slack.standing if one.thread == thread]
        keys = [one.key.partition("@")[0].removeprefix("title:") for one in stand]
        assert len(keys) == len(set(keys)), keys
        assert len(stand) == len(every) - 1
        at = {key: states[name].shown[key].ts for key in (one.key for one in every)}
        assert [at[one.key] for one in every] == sorted(at.values())
    roots = [one for one in on.slack.standing if one.thread is None]
    assert len(roots) == 2


async def _everything_happens(on: Stage, outage: Outage) -> None:
    """A whole incident from its verdict to the recheck, and the begin of another, during the outage."""
    await on.until(outage.since_s + 0.2)
    evidence = await on.ledger.keep("some output\n")
    now = await on.ledger.now()
    await on.tell("inc-1", *ran(1, broken(), evidence=evidence), proposed(at=now))
    await on.until(outage.since_s + 5)
    await on.tell("inc-2", replace(opened("web-02"), place=ROOM))
    await on.tell("inc-1", voted(), claimed(), intended())
    await on.until(outage.since_s + 10)
    await on.tell("inc-1", action_ended(), ready(), *ran(2, healthy(), reason="recheck:a1"))
    await on.tell("inc-2", *ran(1, broken()), Noted(by=MEI, person="mei", text="looking"))


async def test_no_call_is_made_for_as_long_as_slack_asked_for_silence() -> None:
    outage = Outage(since_s=30, until_s=31, how="silence", silence_s=60)
    async with stage(outage) as on:
        await on.tell("inc-1", replace(opened(), place=ROOM))
        await on.until(30.2)
        await on.tell("inc-1", Noted(by=MEI, person="mei", text="one"))
        await on.until(30.9)
        asked = on.slack.calls
        await on.tell("inc-1", Noted(by=MEI, person="mei", text="two"))
        await on.until(89)
        meanwhile = on.slack.calls
        await on.until(120)

    assert meanwhile == asked
    assert len([one for one in on.slack.standing if one.key.startswith("note")]) == 2
