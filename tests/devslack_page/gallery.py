"""A channel that shows everything the page draws."""

from typing import Any

from tests.devslack_page.gallery_blocks import CONFIRM, FILE, GALLERY, PREFORMATTED, RICH, TABLE, VIEW
from tests.devslack_page.makers import (
    ADA,
    BEN,
    BOT,
    CHANNEL,
    DAY,
    GIL,
    Json,
    message,
    mrkdwn,
    option,
    plain,
    ts,
    user,
)

__all__ = [
    "ADA",
    "BEN",
    "BOT",
    "CHANNEL",
    "CONFIRM",
    "DAY",
    "FILE",
    "GALLERY",
    "GIL",
    "PREFORMATTED",
    "RICH",
    "TABLE",
    "VIEW",
    "message",
    "mrkdwn",
    "option",
    "plain",
    "state",
    "ts",
]


def state(**changes: Any) -> Json:
    """A channel with a gallery message, a thread, an ephemeral answer and a file; a fresh copy."""
    root = message(
        60,
        text="502 web-01",
        reply_count=3,
        latest_reply=ts(140),
        edited={"user": BOT, "ts": ts(90)},
        blocks=[
            {"type": "header", "block_id": "h", "text": plain("502 · web-01: the app is down")},
            {"type": "context", "block_id": "c", "elements": [mrkdwn("asked by <@U0REQUESTER> · 1.2 s")]},
        ],
        reactions=[{"name": "eyes", "users": [BEN]}],
    )
    messages = [
        message(0, user=ADA, bot_id=None, text="users see *502* on the shop, looking &lt;now&gt;"),
        root,
        message(120, thread_ts=ts(60), text="verdict", blocks=GALLERY),
        message(130, thread_ts=ts(60), text="proxy", files=[FILE]),
        message(140, thread_ts=ts(60), user=BEN, bot_id=None, text="on it"),
        message(150, text="no host 'web-1'; did you mean 'web-01'?", ephemeral_to=ADA),
    ]
    return {
        "ok": True,
        "seq": 1,
        "me": ADA,
        "team": {"id": "T0LOCAL", "name": "Local", "domain": "local"},
        "app": {
            "id": "A0",
            "name": "runbook-bot",
            "user": BOT,
            "bot_id": "B0BOT",
            "mode": "socket",
            "connections": 2,
        },
        "users": [
            user(ADA, "ada", "Ada Requester"),
            user(BEN, "ben", "Ben Approver"),
            user(GIL, "gil", "Gil Guest", "guest"),
            user(BOT, "runbook-bot", "runbook-bot", "app"),
        ],
        "channels": [
            {
                "id": CHANNEL,
                "name": "incidents",
                "is_private": False,
                "is_shared": False,
                "members": [ADA, BEN, GIL, BOT],
                "has_bot": True,
            },
            {
                "id": "C0GENERAL",
                "name": "general",
                "is_private": False,
                "is_shared": False,
                "members": [ADA, BEN, BOT],
                "has_bot": True,
            },
        ],
        "groups": [{"id": "S0SRE", "handle": "sre", "name": "SRE", "users": [BEN]}],
        "messages": messages,
        "files": [FILE],
        "views": [],
        "commands": [
            {"command": "/502", "description": "why a host answers 502", "usage_hint": "HOST"},
            {"command": "/runbook", "description": "run a runbook", "usage_hint": "RUNBOOK HOST"},
        ],
        "shortcuts": [
            {
                "name": "Diagnose this",
                "type": "message",
                "callback_id": "diagnose",
                "description": "read pasted log text",
            }
        ],
        "faults": [],
        **changes,
    }
