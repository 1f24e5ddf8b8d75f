"""Text made safe for Slack: no controls, cut to a cost, escaped where Slack would read marks."""

import json
import re
import shlex
import unicodedata
from collections.abc import Sequence
from datetime import datetime

#: Controls, format marks (bidi, zero width), surrogates, unassigned and private code points.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_LINE = 300
#: Without it nothing is an address that a client makes a link of.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/+|mailto:|tel:", re.IGNORECASE)
#: What mrkdwn or a client might read in a plain line, and what says the same.
_UNMARKED = str.maketrans({"*": "\N{ASTERISK OPERATOR}", "`": "'", "@": "\N{FULLWIDTH COMMERCIAL AT}"})


def safe(text: str) -> str:
    """The text without what the eye cannot see or terminals obey; tabs become spaces."""
    spaced = text.replace("\t", "    ")
    return "".join(c for c in spaced if c == "\n" or unicodedata.category(c) not in _UNSEEN)


def cost(text: str) -> int:
    """Characters the text takes in a serialised message, escapes included."""
    return len(json.dumps(text)) - 2


def clip(text: str, most: int) -> str:
    """The text safe and at a cost of at most `most`; ends in `…` when it was cut."""
    # Safe text is at most four times as long (a tab is four spaces), so more is never needed.
    clean = safe(text[: most + 1])
    if cost(clean) <= most and len(text) <= most + 1:
        return clean
    room = most - cost("…")
    while clean and cost(clean) > room:
        clean = clean[: min(len(clean) - 1, max(len(clean) * room // cost(clean), 0))]
    return clean.rstrip() + "…"


def one_line(text: str, most: int) -> str:
    """The text on one line, clipped; a space when nothing is left, since Slack refuses empty text."""
    return clip(" ".join(text[: most * 2].split()), most) or " "


def worded(text: str, most: int) -> str:
    """The text on one line, clipped between two words where it has any; ` …` says that it was."""
    shown = one_line(text, most)
    if not shown.endswith("…") or shown == " ".join(text[: most * 2].split()):
        return shown
    kept, _, _ = shown.rpartition(" ")
    return f"{kept.rstrip(' ,;:')} …" if kept else shown


def notice(text: str, most: int = 150) -> str:
    """Words of a host for a notification: one line in which nothing is read as a mark or a mention."""
    return escape(worded(_SCHEME.sub("", text[: most * 4]), most).translate(_UNMARKED))


def escape(text: str) -> str:
    """Marks of mrkdwn made literal, for words of ours that stand in a mrkdwn object."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def name(text: str, most: int = 80) -> str:
    """An id or name of our own files for mrkdwn or a header: everything but plain word marks goes."""
    kept = "".join(c for c in text if c.isascii() and (c.isalnum() or c in "-_.:/ "))
    return kept[:most] or "?"


def date(at: datetime) -> str:
    """A time in mrkdwn that each reader sees in their own zone."""
    shown = at.strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time_secs}}|{shown}>"


def seconds(value: float) -> str:
    """A duration as people say it: `40 ms`, `1.4 s`, `12 s`, `5 min`."""
    if value < 0.1:
        return f"{value * 1000:.0f} ms"
    if value < 10:
        return f"{value:.1f} s"
    if value < 120:
        return f"{value:.0f} s"
    return f"{value / 60:.0f} min"


def count(number: int, what: str) -> str:
    """`1 step`, `3 steps`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def shell(argv: Sequence[str]) -> str:
    """argv as one would type it."""
    return shlex.join(argv)


def cut_lines(lines: Sequence[str], *, most: int, budget: int) -> tuple[str, int]:
    """The last lines that fit, at most `most` of them at a cost of `budget`, and how many are left out."""
    kept: list[str] = []
    spent = 0
    for line in reversed(lines[-most:]):
        shown = clip(line, min(_LINE, budget))
        spent += cost(shown) + 2
        if spent > budget and kept:
            break
        kept.append(shown)
    return "\n".join(reversed(kept)), len(lines) - len(kept)
