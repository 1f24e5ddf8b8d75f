"""Text is judged in Slack: by a form, by a shortcut on a message, and its causes are explained."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.slack.api import is_slacks
from bot.slack.blocks.told import BOXES, explain_view, paste_view
from bot.slack.reader import plain
from tests.slack.office import GUEST, REQUESTER, Office, office
from tests.support.incidents import broken, ran
from tests.support.people import CHANNEL, words_of

TOO_BIG = "upstream sent too big header while reading response header from upstream"
SECRET = "ghp_" + "a1B2" * 9


@pytest.fixture(params=["socket", "http"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path, request.param) as made:
        yield made


async def verdict(place: Office) -> dict[str, Any]:
    """The first message that tells a verdict over text."""
    found = await place.people.until(
        lambda seen: [one for one in seen if "no host was asked" in words_of(one)]
    )
    return dict(found[0])


async def upload(place: Office, name: str, text: str) -> dict[str, Any]:
    """A person shares a file; its message."""
    await place.act("upload", user=REQUESTER.id, channel=CHANNEL, name=name, text=text)
    found = await place.people.until(
        lambda seen: [one for one in seen if any(file["name"] == name for file in one["files"])]
    )
    return dict(found[0])


async def test_pasted_text_is_judged_in_the_channel_without_its_secrets(place: Office) -> None:
    await place.people.command("/502 paste")
    view = await place.view_of(REQUESTER.id)
    values = {"proxy": {"text": f"{TOO_BIG} token={SECRET}"}, "app": {"text": ""}, "place": {"text": ""}}
    await place.submit(view, values, user=REQUESTER.id)

    said = await verdict(place)

    assert said["thread_ts"] is None and "header_too_big" in words_of(said)
    assert "too big header" in words_of(said) and SECRET not in words_of(said)
    assert "Mended by" in words_of(said) and "help?  No" in words_of(said)


async def test_an_empty_form_is_answered_to_its_sender_alone(place: Office) -> None:
    await place.people.command("/502 paste")
    await place.submit(await place.view_of(REQUESTER.id), {}, user=REQUESTER.id)

    assert "no text to judge" in await place.told(REQUESTER.id, "no text to judge")


async def test_a_message_is_judged_in_its_thread(place: Office) -> None:
    typed = await place.people.say(TOO_BIG)

    await place.shortcut("diagnose", typed["ts"])

    assert (await verdict(place))["thread_ts"] == typed["ts"]


async def test_the_files_of_a_message_are_read(place: Office) -> None:
    shared = await upload(place, "error.log", "noise\n" * 1000 + TOO_BIG)

    await place.shortcut("diagnose", shared["ts"])

    said = await verdict(place)
    assert "header_too_big" in words_of(said) and "1 of its files" in words_of(said)


async def test_a_file_that_is_no_text_is_refused_by_name(place: Office) -> None:
    shared = await upload(place, "core.bin", "\x7fELF\x00\x00" * 9)

    await place.shortcut("diagnose", shared["ts"])

    await place.told(REQUESTER.id, "'core.bin' is no text")


async def test_a_guest_is_not_answered_in_the_channel(place: Office) -> None:
    typed = await place.people.say(TOO_BIG)

    await place.act(
        "shortcut", user=GUEST.id, callback_id="diagnose", channel=CHANNEL, message_ts=typed["ts"]
    )

    await place.told(GUEST.id, "guests cannot use this bot")
    assert not [one for one in await place.people.messages() if "no host was asked" in words_of(one)]


async def test_a_cause_is_explained_by_word_and_by_the_button_of_a_verdict(place: Office) -> None:
    await place.people.command("/502 explain wrong_prot")
    await place.told(REQUESTER.id, "did you mean 'wrong_port'")
    await place.people.command("/502 explain wrong_port")
    await place.told(REQUESTER.id, "Ruled out when")
    await place.people.command("/502 web-01")
    await place.shown("inc-1", "root")
    await place.append("inc-1", *ran(1, broken()))
    await place.until_words("inc-1", "verdict", "What is this?")

    await place.people.click(await place.message("inc-1", "verdict"), "explain", user=REQUESTER.id)

    view = await place.view_of(REQUESTER.id)
    assert view["title"]["text"] == "upstream_down" and "Mistaken when" in words_of(view)


def test_a_message_is_read_as_it_was_typed() -> None:
    assert plain("&lt;a&gt; <http://web-01.example|web-01.example> <https://x/y>") == (
        "<a> web-01.example https://x/y"
    )


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/error.log", True),
        ("https://files.slack.com:443/x", True),
        ("http://127.0.0.1:8502/files-pri/F1", True),
        ("http://files.slack.com/x", False),
        ("https://files.slack.com.evil.example/x", False),
        ("https://files.slack.com@evil.example/x", False),
        ("https://files.slack.com:8443/x", False),
        ("http://127.0.0.1:8503/files-pri/F1", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_the_token_goes_to_slack_alone(address: str, is_ours: bool) -> None:
    assert is_slacks(address, "http://127.0.0.1:8502/api/") is is_ours


def test_the_views_have_a_box_for_each_text_and_fit_slack() -> None:
    view = paste_view("w" * 4000)
    explained = explain_view("x" * 80, {"": "what it is", "Why": "because " * 400})

    assert [block["block_id"] for block in view["blocks"][1:]] == [name for name, *_ in BOXES]  # type: ignore[index]
    assert len(str(view["private_metadata"])) == 3000
    assert len(str(explained["title"]["text"])) <= 24  # type: ignore[index]
