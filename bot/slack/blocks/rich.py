"""Block Kit pieces. Text from hosts and people goes into rich text, where Slack reads no marks in it."""

from collections.abc import Sequence
from datetime import datetime

from bot.slack.blocks.message import Block
from bot.slack.blocks.text import clip, one_line


def words(text: str, *, most: int = 600, bold: bool = False, code: bool = False) -> Block:
    """A literal run of text on one line."""
    element: Block = {"type": "text", "text": one_line(text, most)}
    style = {key: True for key, is_on in (("bold", bold), ("code", code)) if is_on}
    return {**element, "style": style} if style else element


def ours(text: str, *, bold: bool = False) -> Block:
    """Words of our own, kept as they are with their spaces and breaks."""
    element: Block = {"type": "text", "text": text}
    return {**element, "style": {"bold": True}} if bold else element


def clock(at: datetime) -> Block:
    """A time of day that each reader sees in their own zone."""
    stamp, shown = int(at.timestamp()), f"{at:%H:%M:%S} UTC"
    return {"type": "date", "timestamp": stamp, "format": "{time_secs}", "fallback": shown}


def with_code(text: str, *, most: int = 600) -> list[Block]:
    """One line of our own, in which what stands between backticks is shown as code."""
    shown = one_line(text, most)
    if shown.count("`") % 2:  # clipped in the middle, or no pair: as it is
        return [words(shown, most=most)]
    parts = shown.split("`")
    return [
        {"type": "text", "text": part, "style": {"code": True}} if at % 2 else {"type": "text", "text": part}
        for at, part in enumerate(parts)
        if part
    ]


def sentence(*elements: Block) -> Block:
    """A paragraph of a rich text block."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quoted(text: str, *, most: int = 2500) -> Block:
    """Output as it is, in a box."""
    return {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": clip(text, most) or " "}]}


def bullets(items: Sequence[Sequence[Block]]) -> Block:
    """A list, each item a paragraph."""
    return {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [sentence(*item) for item in items],
    }


def rich(block_id: str, *parts: Block) -> Block:
    """A rich text block."""
    return {"type": "rich_text", "block_id": block_id, "elements": list(parts)}


def header(block_id: str, text: str) -> Block:
    """A headline of our own words; at most 150 characters."""
    return {"type": "header", "block_id": block_id, "text": _plain(text[:150])}


def context(block_id: str, *lines: str) -> Block:
    """Small print in mrkdwn, of our own words only; at most ten lines."""
    elements = [{"type": "mrkdwn", "text": line[:1900], "verbatim": True} for line in lines[:10]]
    return {"type": "context", "block_id": block_id, "elements": elements}


def fields(block_id: str, *pairs: tuple[str, str]) -> Block:
    """Pairs of a label and mrkdwn of our own words, in two columns."""
    shown = [
        {"type": "mrkdwn", "text": f"*{label}*\n{text}"[:1900], "verbatim": True}
        for label, text in pairs[:10]
    ]
    return {"type": "section", "block_id": block_id, "fields": shown}


def actions(block_id: str, *buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(buttons)}


def button(
    action: str, label: str, value: str, *, style: str | None = None, confirm: Block | None = None
) -> Block:
    """A button; `value` is an id and nothing else, `style` is `primary` or `danger`."""
    made: Block = {"type": "button", "action_id": action, "text": _plain(label[:75]), "value": value}
    if style:
        made["style"] = style
    if confirm:
        made["confirm"] = confirm
    return made


def confirm(*, title: str, text: str, yes: str, no: str) -> Block:
    """The dialog a button opens first. It informs; it is no security step."""
    return {
        "title": _plain(title[:100]),
        "text": _plain(clip(text, 600)[:300]),
        "confirm": _plain(yes[:30]),
        "deny": _plain(no[:30]),
    }


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
