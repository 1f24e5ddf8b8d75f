"""Broken glass is told and to be reviewed, whatever Slack does meanwhile. Time is driven by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.event import Voted
from bot.model.ruling import Way
from bot.slack.blocks import Block
from bot.slack.failures import Refused
from tests.slack.test_outages import ALERTS, OUTAGES, ROOM, FailingSlack, Outage, Stage, stage
from tests.support.incidents import SAM, broken, opened, proposed, ran, voted

#: The bar for an alarm that Slack takes, and for one after Slack takes alarms again.
WITHIN_S = 60
GLASSES = 5
PEACE = Outage(since_s=0, until_s=0, how="none")


class ClosedChannel(FailingSlack):
    """Slack takes everything but what is for the channel of alerts."""

    async def post(
        self,
        channel: str,
        *,
        thread: str | None,
        text: str,
        blocks: Sequence[Block],
        mark: Mapping[str, str] | None = None,
    ) -> str:
        if channel == ALERTS and self.time.monotonic() - 1000.0 < self.outage.until_s:
            raise Refused("not_in_channel")
        return await super().post(channel, thread=thread, text=text, blocks=blocks, mark=mark)


def closed_until(seconds: float) -> Outage:
    return Outage(since_s=seconds, until_s=seconds, how="closed")


def glass(on: Stage, approval: str) -> Voted:
    review_by = on.ledger_now + timedelta(days=1)
    return replace(
        voted("sam", approval=approval),
        by=SAM,
        way=Way.BREAK_GLASS,
        is_enough=True,
        reason="nobody answers the page",
        alert=ALERTS,
        review_by=review_by,
    )


async def break_glasses(on: Stage, *, every_s: float) -> None:
    """One after the other, every third in an incident that was asked for in a terminal."""
    began = on.now_s
    for number in range(GLASSES):
        await on.until(began + number * every_s)
        name, approval = f"inc-{number}", f"a{number}"
        place = ROOM if number % 3 else None
        offer = proposed(approval, at=on.ledger_now)
        await on.tell(name, replace(opened(), place=place), *ran(1, broken()), offer)
        await on.tell(name, glass(on, approval))
        assert (await on.state(name)).review_by is not None  # the task is there before Slack was asked


def rung_at_s(on: Stage) -> dict[str, float]:
    """Incident -> when its alarm came to stand; one that stands twice fails."""
    rung = [one for one in on.slack.standing if one.key.startswith("alarm:")]
    found = {one.key.partition("@")[2]: one.at_s for one in rung}
    assert len(found) == len(rung)
    return found


@pytest.mark.parametrize("outage", OUTAGES)
async def test_every_broken_glass_is_told_within_a_minute_of_slack_being_back(outage: Outage) -> None:
    async with stage(replace(outage)) as on:
        await on.until(outage.since_s + 0.1)
        await break_glasses(on, every_s=1)
        back_s = max(on.now_s, outage.until_s, outage.since_s + outage.silence_s)
        await on.until(back_s + WITHIN_S)

        assert len(rung_at_s(on)) == GLASSES


async def test_in_peace_every_one_is_told_within_a_minute() -> None:
    async with stage(PEACE) as on:
        await break_glasses(on, every_s=5)
        await on.until(GLASSES * 5 + WITHIN_S)

        rung = rung_at_s(on)
        assert [n for n in range(GLASSES) if rung[f"inc-{n}"] - n * 5 > WITHIN_S] == []


@pytest.mark.parametrize("closed_s", [30, 600])
async def test_a_channel_that_the_bot_may_not_post_in_is_tried_until_it_may(closed_s: int) -> None:
    async with stage(closed_until(closed_s), ClosedChannel) as on:
        await break_glasses(on, every_s=1)
        await on.until(closed_s + WITHIN_S + GLASSES)

        assert len(rung_at_s(on)) == GLASSES


async def test_the_thread_says_once_that_the_channel_could_not_be_told() -> None:
    async with stage(closed_until(3600), ClosedChannel) as on:
        await on.tell("inc-1", replace(opened(), place=ROOM), *ran(1, broken()), proposed(at=on.ledger_now))
        await on.until(30)
        await on.tell("inc-1", glass(on, "a1"))
        await on.until(1800)
        keys = [one.key for one in on.slack.standing]

    assert "alert:a1@inc-1" in keys
    assert [one for one in keys if one.startswith("trouble")] == ["trouble@inc-1"]
