"""Makers of the gallery's people, messages and text objects."""

from typing import Any

Json = dict[str, Any]

DAY = 1_763_680_000
CHANNEL = "C0INCIDENTS"
ADA, BEN, GIL, BOT = "U0REQUESTER", "U0APPROVER", "U0GUEST", "U0BOT"


def ts(seconds: int) -> str:
    """Slack's timestamp, so many seconds after the gallery's first moment."""
    return f"{DAY + seconds}.000100"


def user(id_: str, name: str, real_name: str, kind: str = "member") -> Json:
    """A person as GET local/state lists them."""
    is_bot = kind in ("bot", "app")
    return {
        "id": id_,
        "name": name,
        "real_name": real_name,
        "kind": kind,
        "team_id": "T0LOCAL",
        "tz": "Europe/Berlin",
        "is_bot": is_bot,
        "is_deleted": kind == "deactivated",
    }


def message(at: int, **rest: Any) -> Json:
    """A message of the bot, `at` seconds after the first moment."""
    return {
        "ts": ts(at),
        "channel": CHANNEL,
        "thread_ts": None,
        "user": BOT,
        "bot_id": "B0BOT",
        "text": "",
        "blocks": [],
        "attachments": [],
        "files": [],
        "edited": None,
        "ephemeral_to": None,
        "reply_count": 0,
        "latest_reply": None,
        "reactions": [],
        "is_broadcast": False,
        "status": "",
        **rest,
    }


def plain(text: str) -> Json:
    """A plain_text object that draws no emoji."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str | None = None) -> Json:
    """An option of a select, overflow, radio or checkbox element."""
    return {"text": plain(text or value), "value": value}
