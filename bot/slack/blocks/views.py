"""Modals: a note, a reason, a justification, and reading a group's output."""

from bot.model.approval import Approval
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


def reason_view(where: str) -> Block:
    """The form for a no with its reason; the reason may stay empty."""
    box: Block = {"type": "plain_text_input", "action_id": "text", "max_length": 500, "focus_on_load": True}
    ask: Block = {
        "type": "input",
        "block_id": "why",
        "optional": True,
        "label": _plain("Why not?"),
        "element": box,
    }
    return _form("reject_reason", where, title="Reject", submit="Reject", blocks=[ask])


def glass_view(where: str, approval: Approval) -> Block:
    """The form for break-glass: what will run, what it costs, and the justification it needs."""
    proposed = approval.proposed
    terms = proposed.ruling.question.terms if proposed.ruling else None
    least = terms.glass_words if terms else 20
    lifts = ", ".join(lift.value for lift in terms.lifts) if terms else ""
    what = rich.rich(
        "what",
        rich.sentence(
            rich.words(proposed.title or proposed.remedy, most=150, bold=True),
            rich.ours(": "),
            rich.words(proposed.target, most=150, bold=True),
            rich.ours(" on "),
            rich.words(proposed.host, most=200, bold=True),
            rich.ours(
                f"\nThis sets aside: {lifts}. It is told in the channel, kept, and somebody else reviews it."
            ),
        ),
    )
    box: Block = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "min_length": least,
        "max_length": 500,
        "focus_on_load": True,
    }
    ask: Block = {
        "type": "input",
        "block_id": "why",
        "label": _plain(f"Why can it not wait? At least {least} characters"),
        "element": box,
    }
    return _form("break_glass", where, title="Break glass", submit="Break and run", blocks=[what, ask])


def _form(callback: str, where: str, *, title: str, submit: str, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": where[:3000],
        "title": _plain(title),
        "submit": _plain(submit),
        "close": _plain("Cancel"),
        "blocks": blocks,
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
