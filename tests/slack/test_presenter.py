"""What stands in Slack follows the ledger, through crashes, outages and deletions."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.model.event import Shown
from bot.model.incident import Incident
from bot.slack.presenter import Presenter
from bot.slack.sender import Job, Sent
from tests.slack.office import APPROVER, Office, office
from tests.support.forgetful import ForgetfulLedger
from tests.support.incidents import broken, opened, proposed, ran
from tests.support.people import has_button, words_of


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as made:
        yield made


def presenter_of(place: Office) -> Presenter:
    presenter = place.edge.chat.presenter
    assert presenter is not None
    return presenter


async def by_bot(place: Office) -> list[dict[str, Any]]:
    """Everything that the bot posted for all to see."""
    return [m for m in await place.people.messages() if m["bot_id"] and not m["ephemeral_to"]]


@pytest.mark.parametrize("lost", [("root",), ("verdict",), ("card:a1", "file:1"), ("root", "verdict")])
async def test_a_kill_between_post_and_record_posts_nothing_twice(
    place: Office, lost: tuple[str, ...]
) -> None:
    place.seen = forgetful = ForgetfulLedger(place.ledger, *lost)
    await place.restart()
    await place.people.command("/502 web-01")
    await place.people.until(lambda seen: [m for m in seen if "502 · web-01" in words_of(m)])
    evidence = await place.ledger.keep("some output\n")
    offer = proposed(at=await place.ledger.now())
    await place.append("inc-1", *ran(1, broken(), evidence=evidence), offer)
    await place.people.until(lambda seen: [m for m in seen if m["files"]])
    await presenter_of(place).settled()
    before = await by_bot(place)

    place.seen = place.ledger
    await place.restart()
    await place.shown("inc-1", "root", "verdict", "card:a1", "group:proxy", "file:1")
    await presenter_of(place).settled()

    assert set(lost) <= set(forgetful.forgotten)
    assert [m["ts"] for m in await by_bot(place)] == [m["ts"] for m in before]


async def test_a_click_counts_as_soon_as_slack_has_taken_the_card(
    place: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    presenter, has_taken, may_go_on = presenter_of(place), asyncio.Event(), asyncio.Event()
    seen_by = presenter._seen_by

    async def late(shown: Shown) -> Shown:
        """Slack says late who can see it."""
        if shown.key == "card:a1":
            has_taken.set()
            await may_go_on.wait()
        return await seen_by(shown)

    monkeypatch.setattr(presenter, "_seen_by", late)
    await place.append("inc-1", *ran(1, broken()), proposed(at=await place.ledger.now()))
    await has_taken.wait()
    card = await place.people.until(
        lambda seen: next((one for one in seen if has_button(one, "approve")), None)
    )

    await place.people.click(card, "approve", user=APPROVER.id)
    await place.until_served()
    votes = len(place.desk.votes)
    may_go_on.set()

    assert votes == 1
    assert (await place.desk.state("inc-1")).refusals == ()
    await place.until_words("inc-1", "card:a1", "Approved by")


async def test_a_click_waits_for_slack_to_say_where_the_card_stands(
    place: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    presenter, may_go_on = presenter_of(place), asyncio.Event()
    send, stands = presenter._sender.send, presenter.stands

    async def late(job: Job) -> Sent:
        """Slack has it, and says so late."""
        sent = await send(job)
        if job.name[1] == "card:a1":
            await may_go_on.wait()
        return sent

    def looked_for(incident: Incident) -> Mapping[str, Shown]:
        found = stands(incident)
        may_go_on.set()
        return found

    monkeypatch.setattr(presenter._sender, "send", late)
    monkeypatch.setattr(presenter, "stands", looked_for)
    await place.append("inc-1", *ran(1, broken()), proposed(at=await place.ledger.now()))
    card = await place.people.until(
        lambda seen: next((one for one in seen if has_button(one, "approve")), None)
    )

    await place.people.click(card, "approve", user=APPROVER.id)
    await place.until_served()

    assert len(place.desk.votes) == 1
    assert (await place.desk.state("inc-1")).refusals == ()


async def test_a_start_completes_the_thread_of_an_incident_that_was_cut_off(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    await place.edge.stop()
    await place.ledger.append("inc-1", list(ran(1, broken())))

    await place.restart()

    await place.shown("inc-1", "verdict", "group:proxy")


async def test_what_another_process_appends_is_shown(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    await presenter_of(place).settled()

    await place.ledger.append("inc-1", list(ran(1, broken())))

    await place.shown("inc-1", "verdict")


async def test_an_incident_of_the_terminal_is_not_shown(place: Office) -> None:
    await place.ledger.append("inc-9", [opened(), *ran(1, broken())])

    presenter_of(place).changed("inc-9")
    await presenter_of(place).settled()

    assert await by_bot(place) == []


async def test_slack_being_away_loses_nothing(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    await place.act("fault", kind="hangup", method="chat.postMessage", count=2)
    await place.act("fault", kind="server_error", method="chat.update", count=1)

    await place.append("inc-1", *ran(1, broken()))

    await place.shown("inc-1", "verdict", "group:proxy")
    await place.until_words("inc-1", "root", "broken")
    assert len([m for m in await by_bot(place) if "Proof" in words_of(m)]) == 1


async def test_a_post_that_slack_took_without_answering_is_not_repeated(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    await place.act("fault", kind="hangup", method="chat.postMessage", count=1, after=True)

    await place.append("inc-1", *ran(1, broken()))

    await place.shown("inc-1", "verdict", "group:proxy")
    assert len([m for m in await by_bot(place) if "Proof" in words_of(m)]) == 1


async def test_a_deleted_message_is_posted_anew(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    await place.append("inc-1", *ran(1, broken()))
    old = (await place.shown("inc-1", "verdict")).shown["verdict"].ts
    await place.act("fault", kind="refuse", method="chat.update", error="message_not_found", count=1)

    await place.append("inc-1", *ran(2, broken(), reason="again"))

    await place.shown("inc-1", "verdict:2")
    await place.people.until(
        lambda seen: [m for m in seen if "Proof" in words_of(m) and m["ts"] != old and m["thread_ts"]]
    )


async def test_blocks_that_slack_refuses_become_plain_words(place: Office) -> None:
    await place.act("fault", kind="refuse", method="chat.postMessage", error="invalid_blocks", count=1)

    await place.people.command("/502 web-01")

    await place.shown("inc-1", "root")
    assert "Slack refused the full message" in (await place.message("inc-1", "root"))["text"]


async def test_losing_the_channel_is_told_to_the_asker(place: Office) -> None:
    await place.act("fault", kind="refuse", method="chat.postMessage", error="not_in_channel", count=5)

    await place.people.command("/502 web-01")

    assert "The check itself runs on" in await place.told("U0REQUESTER", "/invite")


async def test_a_rate_limit_is_honoured(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    await place.act("fault", kind="ratelimit", method="chat.postMessage", seconds=1, count=1)

    await place.append("inc-1", *ran(1, broken()))

    await place.shown("inc-1", "verdict", "group:proxy")
    calls = place.slack.parts.calls
    assert [call.status for call in calls].count(429) == 1
    assert not any(call.is_early for call in calls)
