"""Modals: a note, a reason, a justification, a signature, and reading a group's output."""

from bot.model.approval import Approval
from bot.model.incident import Run
from bot.model.signed import is_to_be_signed, sign_command
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
        "blocks": [_input("note", "What should the timeline say?", box)],
    }


def reason_view(where: str, _approval: Approval) -> Block:
    """The form for a no with its reason; the reason may stay empty."""
    box: Block = {"type": "plain_text_input", "action_id": "text", "max_length": 500, "focus_on_load": True}
    ask = _input("why", "Why not?", box, is_optional=True)
    return _form("reject_reason", where, title="Reject", submit="Reject", blocks=[ask])


def glass_view(where: str, approval: Approval) -> Block:
    """The form for break-glass: what will run, what it costs, and the justification it needs."""
    terms = approval.proposed.ruling.question.terms if approval.proposed.ruling else None
    least = terms.glass_words if terms else 20
    lifts = ", ".join(lift.value for lift in terms.lifts) if terms else ""
    costs = f"This sets aside: {lifts}. It is told in the channel, kept, and somebody else reviews it."
    box: Block = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "min_length": least,
        "max_length": 500,
        "focus_on_load": True,
    }
    ask = _input("why", f"Why can it not wait? At least {least} characters", box)
    blocks = [_what(approval, costs), ask]
    if is_to_be_signed(approval.proposed):
        blocks += _signing(approval, is_glass=True)
    return _form("break_glass", where, title="Break glass", submit="Break and run", blocks=blocks)


def sign_view(where: str, approval: Approval) -> Block:
    """The form for a signed yes: what will run, the command that signs, the box for what it prints."""
    says = "Your click alone is not enough here: sign with your key, where it is, and paste what that prints."
    blocks = [_what(approval, says), *_signing(approval, is_glass=False)]
    return _form("sign", where, title="Approve, signed", submit="Approve and run", blocks=blocks)


def _what(approval: Approval, says: str) -> Block:
    proposed = approval.proposed
    return rich.rich(
        "what",
        rich.sentence(
            rich.words(proposed.title or proposed.remedy, most=150, bold=True),
            rich.ours(": "),
            rich.words(proposed.target, most=150, bold=True),
            rich.ours(" on "),
            rich.words(proposed.host, most=200, bold=True),
            rich.ours(f"\n{says}"),
        ),
    )


def _signing(approval: Approval, *, is_glass: bool) -> list[Block]:
    box: Block = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "max_length": 3000,
        "placeholder": _plain("-----BEGIN SSH SIGNATURE----- …"),
    }
    command = rich.rich("command", rich.quoted(sign_command(approval.proposed, is_glass=is_glass)))
    return [command, _input("signature", "What it printed", box)]


def _input(block: str, label: str, element: Block, *, is_optional: bool = False) -> Block:
    made: Block = {"type": "input", "block_id": block, "label": _plain(label), "element": element}
    return {**made, "optional": True} if is_optional else made


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
