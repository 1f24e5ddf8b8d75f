"""The queue to Slack: what goes first, what is merged, and how trouble is sat out."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest

from bot.slack.blocks import Urgency
from bot.slack.failures import Away, RateLimited, Refused
from bot.slack.sender import Job, Sender, Sent
from tests.support.handtime import JumpTime


class Wire:
    """A Slack that writes down what came when, and fails as told."""

    def __init__(self) -> None:
        self.time = JumpTime()
        self.sender = Sender(self.time)
        self.calls: list[tuple[float, str]] = []
        #: Raised by the next calls, in order.
        self.trouble: list[Exception] = []
        #: Told by `find`.
        self.stands: str | None = None

    def job(
        self,
        name: str,
        what: Any = "post",
        *,
        incident: str = "i1",
        channel: str = "C1",
        order: int = 0,
        urgency: Urgency = Urgency.DETAIL,
        says: str = "",
    ) -> Job:
        async def send() -> str:
            self.calls.append((self.time.monotonic() - 1000.0, says or name))
            if self.trouble:
                raise self.trouble.pop(0)
            return f"ts-{name}"

        async def plain() -> str:
            self.calls.append((self.time.monotonic() - 1000.0, f"plain {name}"))
            return f"ts-{name}"

        async def find() -> str | None:
            return self.stands

        return Job(
            name=(incident, name),
            what=what,
            channel=channel,
            urgency=urgency,
            order=order,
            send=send,
            send_plain=plain,
            find=find,
        )

    async def all(self, *work: Coroutine[Any, Any, Any]) -> Sequence[Any]:
        """Every result, errors as values, with all the time they take."""
        done = asyncio.gather(*work, return_exceptions=True)
        await self.time.run(done)
        await self.sender.stop()
        return list(done.result())

    @property
    def said(self) -> list[str]:
        return [what for _, what in self.calls]


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def test_a_channel_gets_a_burst_and_then_one_message_a_second(wire: Wire) -> None:
    await wire.all(*(wire.sender.send(wire.job(f"m{n}", order=n)) for n in range(8)))

    assert [round(at) for at, _ in wire.calls] == [0, 0, 0, 0, 1, 2, 3, 4]


async def test_posts_of_an_incident_keep_the_order_of_its_thread(wire: Wire) -> None:
    await wire.all(*(wire.sender.send(wire.job(f"m{n}", order=n)) for n in (3, 1, 2, 0)))

    assert wire.said == ["m0", "m1", "m2", "m3"]


async def test_a_card_goes_before_the_details_of_another_incident(wire: Wire) -> None:
    details = [wire.sender.send(wire.job(f"d{n}", order=n)) for n in range(6)]
    card = wire.sender.send(wire.job("card", incident="i2", urgency=Urgency.CARD))

    await wire.all(*details, card)

    assert wire.said[0] == "card"


async def test_a_newer_version_takes_the_place_of_a_waiting_one(wire: Wire) -> None:
    wire.trouble = [RateLimited(10)]
    first = asyncio.create_task(wire.sender.send(wire.job("root", "update", says="old")))
    await wire.time.run(asyncio.ensure_future(_until(lambda: len(wire.calls) == 1)))

    assert wire.sender.renew(wire.job("root", "update", says="new"))
    await wire.all(_await(first))

    assert wire.said == ["old", "new"]


async def test_no_call_before_its_retry_after(wire: Wire) -> None:
    wire.trouble = [RateLimited(30)]

    await wire.all(wire.sender.send(wire.job("a", order=0)), wire.sender.send(wire.job("b", order=1)))

    assert wire.said == ["a", "a", "b"]
    assert wire.calls[1][0] >= 30


async def test_a_limited_channel_does_not_hold_up_another(wire: Wire) -> None:
    wire.trouble = [RateLimited(30)]

    await wire.all(
        wire.sender.send(wire.job("a")), wire.sender.send(wire.job("b", channel="C2", incident="i2"))
    )

    assert {what: at for at, what in wire.calls}["b"] == 0


async def test_updates_of_a_whole_workspace_stay_under_fifty_a_minute(wire: Wire) -> None:
    jobs = [
        wire.job(f"u{n}", "update", channel=f"C{n}", incident=f"i{n}", urgency=Urgency.OUTCOME)
        for n in range(100)
    ]

    await wire.all(*(wire.sender.send(job) for job in jobs))

    times = sorted(at for at, _ in wire.calls)
    assert len(times) == 100
    assert all(sum(at <= other < at + 60 for other in times) <= 50 for at in times)


async def test_progress_leaves_updates_for_what_matters(wire: Wire) -> None:
    progress = [
        wire.sender.send(wire.job(f"p{n}", "update", incident=f"i{n}", urgency=Urgency.PROGRESS))
        for n in range(15)
    ]
    await wire.time.run(asyncio.gather(*progress[:10]))
    at = wire.time.monotonic() - 1000.0

    await wire.all(
        *progress[10:], wire.sender.send(wire.job("out", "update", incident="x", urgency=Urgency.OUTCOME))
    )

    assert at == 0
    assert next(at for at, what in wire.calls if what == "out") == 0
    assert wire.said.index("out") == 10


async def test_ten_minutes_without_slack_lose_nothing(wire: Wire) -> None:
    wire.trouble = [Away("gone")] * 30

    sent = await wire.all(*(wire.sender.send(wire.job(f"m{n}", order=n)) for n in range(3)))

    assert all(isinstance(one, Sent) for one in sent)
    assert wire.calls[-1][0] > 600
    assert list(dict.fromkeys(wire.said)) == ["m0", "m1", "m2"]


async def test_a_post_that_went_through_after_all_is_not_sent_again(wire: Wire) -> None:
    wire.trouble = [Away("no answer")]
    wire.stands = "ts-found"

    (sent,) = await wire.all(wire.sender.send(wire.job("m")))

    assert sent.ts == "ts-found"
    assert wire.said == ["m"]


async def test_blocks_that_slack_refuses_become_plain_words(wire: Wire) -> None:
    wire.trouble = [Refused("invalid_blocks", ["bad"])]

    (sent,) = await wire.all(wire.sender.send(wire.job("m")))

    assert sent.ts == "ts-m"
    assert wire.said == ["m", "plain m"]


async def test_what_slack_refuses_for_good_is_raised_and_the_queue_goes_on(wire: Wire) -> None:
    wire.trouble = [Refused("not_in_channel")]

    first, second = await wire.all(
        wire.sender.send(wire.job("a", order=0)), wire.sender.send(wire.job("b", order=1))
    )

    assert isinstance(first, Refused) and first.error == "not_in_channel"
    assert isinstance(second, Sent)


async def test_a_bug_in_one_message_does_not_stop_the_others(wire: Wire) -> None:
    wire.trouble = [ZeroDivisionError()]

    first, second = await wire.all(
        wire.sender.send(wire.job("a", order=0)), wire.sender.send(wire.job("b", order=1))
    )

    assert isinstance(first, ZeroDivisionError)
    assert isinstance(second, Sent)


async def _await(task: "asyncio.Task[Any]") -> Any:
    return await task


async def _until(is_so: Any) -> None:
    while not is_so():  # noqa: ASYNC110 - turns of the loop, no time passes
        await asyncio.sleep(0)
