"""Verdicts over pasted text, the form to paste into, and what a cause is."""

from collections.abc import Mapping

from bot.model.verdict import Verdict
from bot.slack.blocks import rich, text
from bot.slack.blocks.fit import fitted
from bot.slack.blocks.message import Block, Message, Urgency
from bot.slack.blocks.verdict import core

#: Boxes of the form: id, label, example. Slack takes at most 3000 characters a box.
BOXES = (
    ("proxy", "The proxy's error log", "connect() failed (111: Connection refused) while connecting …"),
    ("app", "What the app, systemd or the container said at that moment", "Traceback …, Exited (1) …"),
    ("place", "Who listens where, and the proxy's configuration", "ss -ltnp, docker ps, proxy_pass …"),
)
MOST_CHARACTERS = 3000


def told(verdict: Verdict, *, about: str, by: str) -> Message:
    """The verdict as one message. `about`: what was read; `by`: who asked."""
    blocks = core(verdict, "headline", rest="more, less likely")
    asked = f"judged from {text.name(about)} for {text.name(by)}; no host was asked"
    parts = [f"`{text.name(verdict.cause)}`", verdict.certainty.value, asked]
    blocks.append(rich.context("measure", " · ".join(parts)))
    said = f"Judged from text: {text.notice(verdict.says)}"
    return fitted(Message(key="told", text=said, blocks=tuple(blocks), urgency=Urgency.OUTCOME))


def paste_view(where: str) -> Block:
    """The form for pasted text; `where` comes back as `private_metadata`, at most 3000 characters."""
    lead = "One box is enough. Secrets are taken out before anybody reads the answer, which all here see."
    return {
        "type": "modal",
        "callback_id": "paste",
        "private_metadata": where[:3000],
        "title": _plain("Judge pasted text"),
        "submit": _plain("Judge"),
        "close": _plain("Cancel"),
        "blocks": [rich.context("lead", lead), *(_box(*box) for box in BOXES)],
    }


def explain_view(cause: str, parts: Mapping[str, str]) -> Block:
    """What a cause is; `parts` are labelled texts, the conclusion under an empty label."""
    blocks = [
        rich.rich(
            f"part-{number}",
            rich.sentence(
                *((rich.ours(f"{label}: ", bold=True),) if label else ()), rich.words(said, most=1500)
            ),
        )
        for number, (label, said) in enumerate(parts.items())
        if said
    ]
    return {
        "type": "modal",
        "callback_id": "explain",
        "title": _plain(text.name(cause, 24)),
        "close": _plain("Close"),
        "blocks": blocks or [rich.context("none", "There is nothing more to say about this.")],
    }


def _box(name: str, label: str, example: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "max_length": MOST_CHARACTERS,
        "placeholder": _plain(example),
    }
    return {
        "type": "input",
        "block_id": name,
        "label": _plain(label),
        "optional": True,
        "element": element,
    }


def _plain(shown: str) -> Block:
    return {"type": "plain_text", "text": shown, "emoji": False}
