"""Modals: writing a note, and reading a group's output."""

from bot.model.incident import Run
from bot.slack.blocks import rich, text
from bot.slack.blocks.fit import BUDGET, size
from bot.slack.blocks.groups import events_of, parts_of, quotes_of, step_blocks
from bot.slack.blocks.message import Block, View


def note_view(where: str, *, initial: str = "") -> Block:
    """The form for a note; `where` comes back as `private_metadata`, at most 3000 characters."""
    box: Block = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "max_length": 2000,
        "focus_on_load": True,
    }
    if initial.strip():
        box["initial_value"] = text.clip(initial.strip(), 2000)[:2000]
    return {
        "type": "modal",
        "callback_id": "note",
        "private_metadata": where[:3000],
        "title": _plain("Add a note"),
        "submit": _plain("Add"),
        "close": _plain("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": "note",
                "label": _plain("What should the timeline say?"),
                "element": box,
            }
        ],
    }


def output_view(run: Run, group: str, view: View) -> Block:
    """The output of a group's steps, each cut to fit; the file in the thread has all of it."""
    part = next((one for one in parts_of(run, view.runbook) if one.id == group), None)
    events, quotes = events_of(run), quotes_of(run)
    blocks: list[Block] = []
    for number, step in enumerate(part.steps if part else ()):
        shown = rich.rich(f"step-{number}", *step_blocks(step, events.get(step), quotes.get(step, []), view))
        if size([*blocks, shown]) > BUDGET - 500:
            blocks.append(rich.context("cut", "_More steps than fit here; the file in the thread has all._"))
            break
        blocks.append(shown)
    title = text.name(part.title if part else group, 24)
    return {
        "type": "modal",
        "callback_id": "output",
        "title": _plain(title),
        "close": _plain("Close"),
        "blocks": blocks or [rich.context("none", "There is no output of this group.")],
    }


def _plain(shown: str) -> Block:
    return {"type": "plain_text", "text": shown, "emoji": False}
