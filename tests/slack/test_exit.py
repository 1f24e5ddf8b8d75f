"""Whatever is sent to Slack is looked through once more."""

import base64

from bot.redact import KnownValues
from bot.slack.exit import Exit

SECRET = "hunter2-of-the-fleet"
EXIT = Exit(KnownValues.of([SECRET]))
IN_BASE64 = base64.b64encode(SECRET.encode()).decode()
BLOCKS = (
    {
        "type": "rich_text",
        "elements": [
            {"type": "text", "text": f"it is {SECRET}"},
            ({"text": IN_BASE64},),
        ],
    },
    {"type": "actions", "elements": [{"value": "a1b2c3", "style": {"bold": True}, "count": 3}]},
)


def test_no_known_value_leaves_in_a_message_a_modal_or_a_file() -> None:
    sent = [
        EXIT.text(f"said {SECRET}"),
        EXIT.blocks(BLOCKS),
        EXIT.view({"title": SECRET, "blocks": list(BLOCKS)}),
        EXIT.file("web-01-run-1.txt", f"all of it: {SECRET}".encode()),
    ]

    assert "hunter2" not in repr(sent)
    assert repr(sent).count("[REDACTED:known]") == 7


def test_what_holds_none_is_sent_as_it_is() -> None:
    assert EXIT.blocks(BLOCKS[1:]) == [BLOCKS[1]]
    assert EXIT.file("x.txt", "grün – ✅".encode()) == "grün – ✅".encode()


def test_a_json_export_keeps_every_byte_of_its_proof() -> None:
    content = f'{{"chain": "{SECRET}"}}'.encode()

    assert EXIT.file("inc-1.json", content) == content
