"""The whole edge against the local Slack: Socket Mode and HTTP pass the same tests."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.errors import LedgerUnavailable
from bot.model.event import IncidentOpened, Refused
from bot.model.ruling import Way
from tests.slack.office import APPROVER, GUEST, REQUESTER, Office, office
from tests.support.incidents import (
    SAM,
    action_ended,
    broken,
    claimed,
    healthy,
    intended,
    proposed,
    ran,
    ready,
    voted,
)
from tests.support.people import button, has_button, words_of

APPROVAL = "AbCdEfGhIjKlMnOpQrStUv"


@pytest.fixture(params=["socket", "http"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path, request.param) as made:
        yield made


async def with_card(place: Office) -> dict[str, Any]:
    """An incident whose card waits for a decision; the card's message."""
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    now = await place.ledger.now()
    await place.append("inc-1", *ran(1, broken()), proposed(APPROVAL, at=now))
    await place.shown("inc-1", f"card:{APPROVAL}")
    return await place.message("inc-1", f"card:{APPROVAL}")


async def test_a_command_opens_an_incident_with_a_root_and_a_thread(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")

    await place.append("inc-1", *ran(1, broken()), proposed(APPROVAL, at=await place.ledger.now()))
    state = await place.shown("inc-1", "root", "verdict", "group:proxy", f"card:{APPROVAL}")

    thread = await place.people.thread(state.shown["root"].ts)
    assert "upstream_down" in words_of(thread[0])
    assert "111: Connection refused" in words_of(thread[0])
    actor, hosts, where = place.desk.asked[0]
    assert (actor.account.id, actor.account.team, hosts) == (REQUESTER.id, "T0LOCAL", ("web-01",))
    assert actor.timezone == "Europe/Berlin"
    assert where is not None and where.channel == "C0INCIDENTS"


async def test_slack_has_its_acknowledgement_while_the_answer_is_worked_on(place: Office) -> None:
    card = await with_card(place)
    place.desk.gate.clear()

    asked = await place.people.command("/502 web-02")
    clicked = await place.people.click(card, "approve", user=APPROVER.id)
    done = (len(place.desk.asked), len(place.desk.votes))
    place.desk.gate.set()

    assert asked["ok"] and clicked["ok"]
    assert done == (1, 0)
    await place.shown("inc-2", "root")
    await place.until_words("inc-1", f"card:{APPROVAL}", "Approved by")


async def test_two_hosts_are_two_incidents(place: Office) -> None:
    await place.people.command("/runbook 502 web-01 web-02")

    await place.shown("inc-1", "root")
    await place.shown("inc-2", "root")
    assert place.desk.asked[0][1] == ("web-01", "web-02")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/502 db-99", "no host 'db-99'"),
        ("/502 web-01,web-02", "put a space between them"),
        ("/502 -oProxyCommand=x", "no name has"),
        ("/502 $(reboot)", "nothing is run from text"),
        ("/502", "up to five"),
        ("/runbook help", "`/runbook 502 web-01`"),
        ("/502 status", "no incidents yet"),
    ],
)
async def test_bad_words_get_one_sentence_that_only_the_asker_sees(
    place: Office, text: str, says: str
) -> None:
    await place.people.command(text)

    assert says in await place.told(REQUESTER.id, says)
    assert place.desk.asked == []
    assert await place.people.messages(APPROVER.id) == []


async def test_an_approver_approves_and_the_buttons_go(place: Office) -> None:
    card = await with_card(place)

    await place.people.click(card, "approve", user=APPROVER.id)
    await place.until_words("inc-1", f"card:{APPROVAL}", "Approved by")

    actor, approval, is_yes = place.desk.votes[0]
    assert (actor.account.id, approval, is_yes) == (APPROVER.id, APPROVAL, True)
    assert actor.usergroups == frozenset({"S0SRE"})
    assert not has_button(await place.message("inc-1", f"card:{APPROVAL}"), "approve")


async def test_the_outcome_and_the_recheck_come_into_the_thread(place: Office) -> None:
    card = await with_card(place)
    await place.people.click(card, "approve", user=APPROVER.id)
    await place.until_words("inc-1", f"card:{APPROVAL}", "Approved by")

    acted = (claimed(APPROVAL), intended(APPROVAL), action_ended(approval=APPROVAL), ready(APPROVAL))
    await place.append("inc-1", *acted, *ran(2, healthy(), reason=f"recheck:{APPROVAL}"))

    await place.shown("inc-1", f"result:{APPROVAL}", "diff:2")
    await place.until_words("inc-1", "root", "healthy")
    assert "answers again" in words_of(await place.message("inc-1", f"result:{APPROVAL}"))
    change = words_of(await place.message("inc-1", "diff:2"))
    assert "Before:" in change and "After:" in change and "Gone:" in change


async def test_who_may_not_approve_reads_why_and_the_card_stays(place: Office) -> None:
    card = await with_card(place)

    await place.people.click(card, "approve", user=REQUESTER.id)

    assert "only group oncall may approve" in await place.told(REQUESTER.id, "oncall")
    await place.people.click(card, "approve", user=GUEST.id)
    assert "you are: guest" in await place.told(GUEST.id, "guest")
    assert place.desk.votes == []
    assert has_button(await place.message("inc-1", f"card:{APPROVAL}"), "approve")


async def test_a_rejection_closes_the_card(place: Office) -> None:
    card = await with_card(place)

    await place.people.click(card, "reject", user=APPROVER.id)

    await place.until_words("inc-1", f"card:{APPROVAL}", "Rejected by")
    assert place.desk.votes[0][2] is False


async def test_a_late_click_is_answered(place: Office) -> None:
    card = await with_card(place)
    await place.people.click(card, "approve", user=APPROVER.id)
    await place.until_words("inc-1", f"card:{APPROVAL}", "Approved by")

    await place.send_click(card, "approve", APPROVAL, user=APPROVER.id)

    assert "decided already" in await place.told(APPROVER.id, "decided already")
    assert len(place.desk.votes) == 1


async def test_a_click_after_a_restart_of_the_bot_counts(place: Office) -> None:
    card = await with_card(place)
    await place.restart()

    await place.people.click(card, "approve", user=APPROVER.id)

    await place.until_words("inc-1", f"card:{APPROVAL}", "Approved by")
    assert len(place.desk.votes) == 1


async def test_an_unknown_approval_and_a_retired_button_are_answered(place: Office) -> None:
    card = await with_card(place)

    await place.send_click(card, "approve", "ZZZZZZZZZZZZZZZZZZZZZZ", user=APPROVER.id)
    assert "not in the ledger" in await place.told(APPROVER.id, "not in the ledger")
    await place.send_click(card, "restart_now", APPROVAL, user=GUEST.id)
    assert "older message" in await place.told(GUEST.id, "older message")
    assert place.desk.votes == []


async def test_a_button_on_the_wrong_message_does_nothing_and_is_recorded(place: Office) -> None:
    await with_card(place)
    root = await place.message("inc-1", "root")

    await place.send_click(root, "approve", APPROVAL, user=APPROVER.id)

    assert "does not belong" in await place.told(APPROVER.id, "does not belong")
    assert place.desk.votes == []
    entries = await place.ledger.entries("inc-1")
    assert any(isinstance(entry.event, Refused) for entry in entries)


async def test_a_ledger_that_is_away_means_nothing_was_done(place: Office) -> None:
    place.desk.trouble = LedgerUnavailable("the ledger's disk is full; free some space")

    await place.people.command("/502 web-01")

    assert "nothing was done: the ledger's disk is full" in await place.told(REQUESTER.id, "nothing was done")


async def test_a_bug_is_told_without_its_text(place: Office, caplog: pytest.LogCaptureFixture) -> None:
    place.desk.trouble = ZeroDivisionError("xoxb-secret-in-a-message")

    await place.people.command("/502 web-01")

    said = await place.told(REQUESTER.id, "failed inside the bot")
    assert "ZeroDivisionError" in said
    assert "xoxb-secret" not in said and "xoxb-secret" not in caplog.text


async def test_a_channel_without_the_bot_says_how_to_invite_it(place: Office) -> None:
    await place.people.command("/502 web-01", channel="C0NOBOT")

    assert "/invite @runbook" in await place.told(REQUESTER.id, "/invite")
    assert place.desk.asked == []


async def test_a_shared_channel_is_refused(place: Office) -> None:
    await place.people.command("/502 web-01", channel="C0SHARED")

    assert "shared with another organisation" in await place.told(REQUESTER.id, "shared with")
    assert place.desk.asked == []


async def test_a_mention_asks_and_its_thread_takes_notes_and_exports(place: Office) -> None:
    await place.people.say("<@U0BOT> 502 web-01")
    state = await place.shown("inc-1", "root")
    root = state.shown["root"].ts

    await place.people.say("<@U0BOT> note traffic *moved* to <!channel>", thread=root)
    await place.shown("inc-1", "note:1")
    await place.people.say("<@U0BOT> export json", thread=root)

    thread = await place.people.until(
        lambda seen: [m for m in seen if any(f["name"] == "inc-1.json" for f in m["files"])]
    )
    assert thread[0]["thread_ts"] == root
    assert "traffic *moved* to" in words_of(await place.message("inc-1", "note:1"))


async def test_a_mention_in_a_foreign_thread_asks_there(place: Office) -> None:
    alert = await place.people.say("alert: web-01 answers 502")

    await place.people.say("<@U0BOT> 502 web-01", thread=alert["ts"])
    state = await place.shown("inc-1", "root")
    await place.append("inc-1", *ran(1, broken()))
    await place.shown("inc-1", "verdict")

    thread = await place.people.thread(alert["ts"])
    assert state.shown["root"].ts in [message["ts"] for message in thread]
    assert (await place.message("inc-1", "verdict"))["thread_ts"] == alert["ts"]
    await place.people.say("<@U0BOT> note seen by the pager too", thread=alert["ts"])
    await place.shown("inc-1", "note:1")


async def test_the_note_button_opens_a_form_whose_text_lands_in_the_thread(place: Office) -> None:
    await with_card(place)
    verdict = await place.message("inc-1", "verdict")

    await place.people.click(verdict, "note", user=REQUESTER.id)
    view = await place.view_of(REQUESTER.id)
    await place.submit(view, {"note": {"text": "pager went at 02:58"}}, user=REQUESTER.id)

    await place.shown("inc-1", "note:1")
    assert "pager went at 02:58" in words_of(await place.message("inc-1", "note:1"))


async def test_show_output_opens_the_groups_output(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    evidence = await place.ledger.keep("first\nconnect() refused <!channel>\n")
    await place.append("inc-1", *ran(1, broken(), evidence=evidence))
    await place.shown("inc-1", "group:proxy")

    await place.send_click(await place.message("inc-1", "group:proxy"), "output", "inc-1", user=REQUESTER.id)

    view = await place.view_of(REQUESTER.id)
    assert "connect() refused <!channel>" in words_of(view)


async def test_run_again_and_export_buttons_reach_the_desk(place: Office) -> None:
    await with_card(place)
    verdict = await place.message("inc-1", "verdict")

    await place.people.click(verdict, "again", user=REQUESTER.id)
    await place.shown("inc-1", "note:1")
    await place.people.click(verdict, "export", user=REQUESTER.id)

    await place.people.until(
        lambda seen: [m for m in seen if any(f["name"] == "inc-1.md" for f in m["files"])]
    )
    assert button(verdict, "export")[1]["value"] == "inc-1"


async def test_shortcuts_export_and_note_the_thread_of_the_message(place: Office) -> None:
    await with_card(place)
    root = (await place.desk.state("inc-1")).shown["root"].ts
    said = await place.people.say("the deploy was at 02:40", thread=root)

    await place.shortcut("export", said["ts"])
    await place.people.until(
        lambda seen: [m for m in seen if any(f["name"] == "inc-1.md" for f in m["files"])]
    )
    await place.shortcut("note", said["ts"])
    view = await place.view_of(REQUESTER.id)
    await place.submit(view, {"note": {"text": "the deploy was at 02:40"}}, user=REQUESTER.id)
    await place.shown("inc-1", "note:1")


async def test_a_repeated_delivery_asks_once(place: Office) -> None:
    await place.act("fault", kind="duplicate", count=1)

    await place.people.say("<@U0BOT> 502 web-01")
    await place.shown("inc-1", "root")
    await place.slack.parts.delivery.until(2)
    await place.people.say("<@U0BOT> 502 web-02")
    await place.shown("inc-2", "root")

    assert [hosts for _, hosts, _ in place.desk.asked] == [("web-01",), ("web-02",)]


async def test_the_full_output_is_one_file_in_the_thread(place: Office) -> None:
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    evidence = await place.ledger.keep("\n".join(f"line {n}" for n in range(500)))

    await place.append("inc-1", *ran(1, broken(), evidence=evidence))
    await place.shown("inc-1", "file:1")

    found = await place.people.until(lambda seen: [m for m in seen if m["files"]])
    assert [file["name"] for message in found for file in message["files"]] == ["web-01-run-1.txt"]
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{place.slack.page_url}{found[0]['files'][0]['url']}") as answer,
    ):
        text = await answer.text()
    assert "line 0\n" in text and "line 499" in text and "$ tail -n 500" in text
    assert json.dumps(found[0]["blocks"]) == "[]"


async def test_a_no_with_its_reason_goes_by_a_form(place: Office) -> None:
    card = await with_card(place)

    await place.people.click(card, "no_because", user=APPROVER.id)
    view = await place.view_of(APPROVER.id)
    await place.submit(view, {"why": {"text": "the deploy is being fixed"}}, user=APPROVER.id)

    await place.until_words("inc-1", f"card:{APPROVAL}", "the deploy is being fixed")
    assert [is_yes for _, _, is_yes in place.desk.votes] == [False]


async def with_glass(place: Office) -> dict[str, Any]:
    """A card whose glass may be broken."""
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    now = await place.ledger.now()
    offer = replace(proposed(APPROVAL, at=now), break_glass="sre (ann)")
    await place.append("inc-1", *ran(1, broken()), offer)
    await place.shown("inc-1", f"card:{APPROVAL}")
    return await place.message("inc-1", f"card:{APPROVAL}")


async def test_broken_glass_is_told_in_thread_and_channel_and_marked_for_review(place: Office) -> None:
    place.desk.alert = "C0INCIDENTS"
    card = await with_glass(place)

    await place.people.click(card, "glass", user=REQUESTER.id)
    view = await place.view_of(REQUESTER.id)
    await place.submit(view, {"why": {"text": "nobody can pay, bob is asleep"}}, user=REQUESTER.id)

    state = await place.shown("inc-1", f"alert:{APPROVAL}", f"alarm:{APPROVAL}")
    for key, thread in (("alert", state.shown["root"].ts), ("alarm", None)):
        message = await place.message("inc-1", f"{key}:{APPROVAL}")
        assert "nobody can pay, bob is asleep" in words_of(message)
        assert message["thread_ts"] == thread
    await place.until_words("inc-1", "root", "break-glass, to be reviewed by")
    await place.until_words("inc-1", f"card:{APPROVAL}", "Glass broken by")


async def test_glass_is_not_broken_without_a_word(place: Office) -> None:
    card = await with_glass(place)

    await place.people.click(card, "glass", user=REQUESTER.id)
    view = await place.view_of(REQUESTER.id)

    (box,) = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert box["min_length"] == 20
    assert place.desk.votes == []


async def test_a_card_without_break_glass_has_no_such_button(place: Office) -> None:
    assert not has_button(await with_card(place), "glass")


async def test_glass_broken_in_a_terminal_is_told_in_the_channel_as_well(place: Office) -> None:
    opened = IncidentOpened(runbook="502", host="web-01", by=SAM, person="sam")
    glass = replace(
        voted("sam", approval="a9"),
        by=SAM,
        way=Way.BREAK_GLASS,
        is_enough=True,
        reason="Slack was away",
        alert="C0INCIDENTS",
    )
    now = await place.ledger.now()

    await place.append("inc-9", opened, *ran(1, broken()), proposed("a9", at=now), glass)

    state = await place.shown("inc-9", "alarm:a9")
    assert set(state.shown) == {"alarm:a9"}
    assert "Slack was away" in words_of(await place.message("inc-9", "alarm:a9"))


async def test_a_form_for_another_messages_approval_is_refused(place: Office) -> None:
    await with_card(place)
    root = await place.message("inc-1", "root")

    await place.send_click(root, "glass", APPROVAL, user=APPROVER.id)

    assert await place.told(APPROVER.id, "does not belong to the message")
    assert [one.event.wanted for one in (await place.desk.state("inc-1")).refusals] == ["glass"]
