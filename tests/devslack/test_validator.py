"""Block Kit: each limit holds, each line is refused by its own check and by no other."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.devslack.kit.limits import LIMITS
from bot.devslack.validator import Mention, live_mentions, validate_blocks, validate_message, validate_view
from tests.devslack import block_lines as lines

#: The only words of a rich text's elements that would notify somebody.
LIVE_TEXT = "<!channel> <@U0REQUESTER> http://127.0.0.1/ `<!here>` @here"


def test_every_limit_has_a_line() -> None:
    assert lines.MESSAGE_LINES.keys() | lines.VIEW_LINES.keys() | lines.WITH_PARTS.keys() == LIMITS.keys()


@pytest.mark.parametrize("check", lines.MESSAGE_LINES)
def test_a_message_just_over_a_limit_is_refused_by_that_check_alone(check: str) -> None:
    payload = lines.MESSAGE_LINES[check]

    assert {problem.check for problem in validate_message(payload)} == {check}
    assert validate_message(payload, without=frozenset({check})) == ()


@pytest.mark.parametrize("check", lines.VIEW_LINES)
def test_a_view_just_over_a_limit_is_refused_by_that_check_alone(check: str) -> None:
    payload = lines.VIEW_LINES[check]

    assert {problem.check for problem in validate_view(payload)} == {check}
    assert validate_view(payload, without=frozenset({check})) == ()


#: Held from below: too little is what is wrong with their lines.
FROM_BELOW = {"markdown_text", "data_table_two_rows"}
EXACT = [
    name
    for name, limit in LIMITS.items()
    if limit and name in lines.MESSAGE_LINES | lines.VIEW_LINES and name not in FROM_BELOW
]


@pytest.mark.parametrize("check", EXACT)
def test_a_line_is_one_over_its_limit_and_no_more(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast(dict[str, int], LIMITS), check, LIMITS[check] + 1)

    if check in lines.VIEW_LINES:
        assert validate_view(lines.VIEW_LINES[check]) == ()
    else:
        assert validate_message(lines.MESSAGE_LINES[check]) == ()


@pytest.mark.parametrize("check", lines.WITH_PARTS)
def test_a_sum_is_refused_beside_its_parts(check: str) -> None:
    payload, part = lines.WITH_PARTS[check]

    assert {problem.check for problem in validate_message(payload)} == {check, part}
    assert {problem.check for problem in validate_message(payload, without=frozenset({check}))} == {part}


@pytest.mark.parametrize("name", lines.GOOD)
def test_a_message_at_its_limits_passes(name: str) -> None:
    assert validate_message(lines.GOOD[name]) == ()


@pytest.mark.parametrize("name", ["every part at its limit", "a confirm dialog", "fifty blocks"])
def test_what_passes_here_passes_the_models_of_the_sdk(name: str) -> None:
    for block in lines.GOOD[name]["blocks"]:
        parsed = Block.parse(json.loads(json.dumps(block)))
        assert parsed is not None
        parsed.to_dict()


def test_a_problem_names_its_place_in_slacks_words() -> None:
    (problem,) = validate_message(lines.MESSAGE_LINES["button_text"])

    assert problem.pointer == "/blocks/0/elements/0/text/text"
    assert problem.code == "too_long"
    assert problem.as_slack() == (
        "[ERROR] must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"
    )


def test_ids_are_unique_inside_containers_too() -> None:
    child = lines.section(block_id="a")
    blocks = [{"type": "container", "child_blocks": [child]}, lines.section(block_id="a")]

    (problem,) = validate_blocks(blocks)

    assert (problem.check, problem.pointer) == ("block_id_unique", "/blocks/1/block_id")


@pytest.mark.parametrize(
    "block", [lines.table(), {"type": "markdown", "text": "x"}], ids=["table", "markdown"]
)
def test_some_blocks_belong_into_messages_only(block: dict[str, Any]) -> None:
    assert validate_blocks([block]) == ()
    assert [problem.check for problem in validate_blocks([block], surface="view")] == ["surface"]


def test_an_alert_belongs_into_a_modal_only() -> None:
    alert = [{"type": "alert", "text": lines.plain("x")}]

    assert validate_blocks(alert, surface="view") == ()
    assert validate_blocks(alert, surface="message")
    assert validate_blocks(alert, surface="home")


@pytest.mark.parametrize("junk", [7, "x", {"a": 1}, [7], [[]], [{}], [{"type": 3}], [None]])
def test_junk_is_reported_and_never_raises(junk: Any) -> None:
    assert validate_blocks(junk)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["section", "mrkdwn"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "elements", "element", "rows"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)  # other work on the machine is no failure of ours
@given(_JSON)
def test_no_json_whatever_makes_it_raise(value: Any) -> None:
    validate_message({"text": value, "blocks": value, "attachments": value})
    live_mentions({"text": value, "blocks": value, "attachments": value})


MENTIONS = {
    "<@U0REQUESTER>": ("user", "U0REQUESTER"),
    "<@U0REQUESTER|name>": ("user", "U0REQUESTER"),
    "<!channel>": ("broadcast", "channel"),
    "<!here|here>": ("broadcast", "here"),
    "`<!everyone>`": ("broadcast", "everyone"),
    "<!subteam^S0SRE|@sre>": ("usergroup", "S0SRE"),
    "<#C0INCIDENTS>": ("channel", "C0INCIDENTS"),
    "<http://evil.invalid|trusted>": ("link", "http://evil.invalid"),
    "<mailto:a@b.invalid>": ("link", "mailto:a@b.invalid"),
    "see https://x.invalid/y now": ("link", "https://x.invalid/y"),
    "<!date^1^{date}^http://x.invalid|then>": ("link", "http://x.invalid"),
}


@pytest.mark.parametrize("text", MENTIONS)
def test_a_live_mention_is_found_in_text_and_in_mrkdwn(text: str) -> None:
    kind, target = MENTIONS[text]

    assert live_mentions({"text": text}) == (Mention(pointer="/text", kind=kind, target=target),)
    (found,) = live_mentions({"blocks": [lines.section(text=lines.mrkdwn(text))]})
    assert (found.pointer, found.kind, found.target) == ("/blocks/0/text/text", kind, target)


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "&lt;!channel&gt; &lt;@U0REQUESTER&gt; a < b @here #incidents"},
        {"text": "<!date^1763680000^{time}|12:00 UTC>"},
        {"blocks": [{"type": "header", "text": lines.plain("<!channel>")}]},
        {"blocks": [lines.section(text={"type": "mrkdwn", "text": "http://x.invalid", "verbatim": True})]},
        {
            "blocks": [
                {
                    "type": "rich_text",
                    "elements": [
                        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": LIVE_TEXT}]}
                    ],
                }
            ]
        },
    ],
    ids=["escaped", "a date", "plain text", "a verbatim address", "preformatted"],
)
def test_literal_text_fires_nothing(payload: dict[str, Any]) -> None:
    assert live_mentions(payload) == ()


def test_elements_and_buttons_fire_too() -> None:
    section = {
        "type": "rich_text_section",
        "elements": [
            {"type": "user", "user_id": "U0X"},
            {"type": "usergroup", "usergroup_id": "S0X"},
            {"type": "broadcast", "range": "here"},
            {"type": "link", "url": "http://x.invalid"},
        ],
    }
    blocks = [
        {"type": "rich_text", "elements": [section]},
        lines.actions(lines.button(url="http://y.invalid")),
        {"type": "markdown", "text": "[a](http://z.invalid) <!here>"},
    ]

    found = [(item.kind, item.target) for item in live_mentions({"blocks": blocks})]

    assert found == [
        ("user", "U0X"),
        ("usergroup", "S0X"),
        ("broadcast", "here"),
        ("link", "http://x.invalid"),
        ("link", "http://y.invalid"),
        ("link", "http://z.invalid"),
        ("broadcast", "here"),
    ]


def test_names_are_live_when_the_message_asks_for_it() -> None:
    assert [item.target for item in live_mentions({"text": "@ann #ops", "link_names": True})] == [
        "ann",
        "ops",
    ]


def test_attachments_are_read() -> None:
    assert [item.pointer for item in live_mentions({"attachments": [{"text": "<!here>"}]})] == [
        "/attachments/0/text"
    ]


def test_the_validator_is_pure() -> None:
    source = Path(__file__).parents[2] / "bot" / "devslack"
    impure = ("asyncio", "aiohttp", "import os", "import time", "random", "slack_sdk")
    for path in [source / "validator.py", *sorted((source / "kit").glob("*.py"))]:
        text = path.read_text()
        assert not [name for name in impure if f"import {name.removeprefix('import ')}" in text], path
