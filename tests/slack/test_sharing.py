"""A channel that is shared with another organisation hears nothing more of an incident, which goes on."""

from pathlib import Path
from typing import Any

from bot.model.event import ChannelChange, ChannelChanged
from bot.slack.presenter import Presenter
from tests.slack.office import REQUESTER, Office, office
from tests.support.incidents import broken, ran
from tests.support.people import words_of


def presenter_of(place: Office) -> Presenter:
    presenter = place.edge.chat.presenter
    assert presenter is not None
    return presenter


async def share(place: Office, channel: str, *, is_shared: bool) -> str:
    """The channel's id after Slack has told the bot, and the bot has done what follows."""
    answer = await place.act("share", channel=channel, is_shared=is_shared)
    await place.slack.parts.delivery.until_idle()
    await place.until_served()
    return str(answer["channel"])


async def changes_of(place: Office) -> list[tuple[ChannelChange, str]]:
    return [(one.change, one.now) for one in (await place.desk.state("inc-1")).channel_changes]


async def test_nothing_more_is_posted_in_a_channel_that_became_shared(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        await place.people.command("/502 web-01")
        await place.shown("inc-1", "root")
        await share(place, "C0INCIDENTS", is_shared=True)
        before = [words_of(one) for one in await place.people.messages()]

        await place.append("inc-1", *ran(1, broken()))
        await presenter_of(place).settled()
        place.edge.chat.trouble("inc-1", "the ledger is away")
        await presenter_of(place).settled()

        assert [words_of(one) for one in await place.people.messages()] == before
        assert (await place.desk.state("inc-1")).verdict is not None
        assert await changes_of(place) == [(ChannelChange.SHARED, "C0INCIDENTS")]


async def test_the_thread_catches_up_as_soon_as_the_channel_is_not_shared_any_more(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        await place.people.command("/502 web-01")
        await place.shown("inc-1", "root")
        await share(place, "C0INCIDENTS", is_shared=True)
        await place.append("inc-1", *ran(1, broken()))
        await presenter_of(place).settled()

        await share(place, "C0INCIDENTS", is_shared=False)

        await place.shown("inc-1", "verdict")
        place.edge.chat.trouble("inc-1", "the ledger is away")
        await presenter_of(place).settled()
        assert any("It cannot go on" in words_of(one) for one in await place.people.messages())


async def test_a_private_channel_keeps_its_thread_under_its_new_id(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        await place.act("channel", channel="C0SECRET", user="U0BOT", is_member=True)
        await place.people.command("/502 web-01", channel="C0SECRET")
        root = (await place.shown("inc-1", "root")).shown["root"]

        moved = await share(place, "C0SECRET", is_shared=True)
        await place.append("inc-1", *ran(1, broken()))
        await presenter_of(place).settled()
        await share(place, moved, is_shared=False)
        state = await place.shown("inc-1", "verdict")

        assert moved != "C0SECRET"
        assert (ChannelChange.MOVED, moved) in await changes_of(place)
        assert state.place and state.place.channel == moved
        assert (state.shown["root"].channel, state.shown["root"].ts) == (moved, root.ts)
        verdict = await place.message("inc-1", "verdict")
        assert (verdict["channel"], verdict["thread_ts"]) == (moved, root.ts)
        await click_again(place, verdict)
        await place.shown("inc-1", "note:1")


async def click_again(place: Office, verdict: dict[str, Any]) -> None:
    """A button of the thread works where the thread is now."""
    await place.send_click(verdict, "again", "inc-1", user=REQUESTER.id)


async def test_an_event_that_slack_repeats_is_noted_once(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        await place.people.command("/502 web-01")
        await place.shown("inc-1", "root")
        await place.act("fault", kind="duplicate", count=1)

        await share(place, "C0INCIDENTS", is_shared=True)

        assert await changes_of(place) == [(ChannelChange.SHARED, "C0INCIDENTS")]


async def test_a_process_that_slack_did_not_tell_asks_anew_when_the_ledger_tells(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        await place.people.command("/502 web-01")
        await place.shown("inc-1", "root")
        world = place.slack.parts.world
        world.channels["C0INCIDENTS"].is_shared = True  # without an event
        told = ChannelChanged(channel="C0INCIDENTS", change=ChannelChange.SHARED, now="C0INCIDENTS")
        await place.ledger.append("inc-1", [told, *ran(1, broken())])

        place.hear(["inc-1"])
        await presenter_of(place).settled()

        assert set((await place.desk.state("inc-1")).shown) == {"root"}
