"""Words of people made plain: ASCII without shell marks for names, no controls in notes."""

import html
import re
import unicodedata

from bot.errors import BadRequest
from bot.slack.requests import Setting

MAX_NOTE = 2000

_MARKS = re.compile(r"""[$`(){}<>\\'"*?!~^%=#\[\]]""")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def note_text(text: str) -> str:
    """A note as it is kept: Slack's entities undone, controls and bidi marks out, at most 2000 characters."""
    said = html.unescape(text).strip()
    kept = "".join(c for c in said if c in "\n\t" or unicodedata.category(c) not in _UNSEEN)
    return kept if len(kept) <= MAX_NOTE else kept[: MAX_NOTE - 8] + "… (cut)"


def plain(words: list[str], setting: Setting) -> list[str]:
    """The words, all plain ASCII without shell marks. Raises BadRequest naming the first that is not."""
    found = [html.unescape(word) for word in words]
    for word in found:
        _check_ascii(word)
        if _MARKS.search(word):
            raise BadRequest(
                f"{word[:60]!r} holds marks that no name has; nothing is run from text; "
                f"for example: {setting.example}"
            )
    return found


def _check_ascii(word: str) -> None:
    for char in word:
        if char.isascii() and char.isprintable():
            continue
        name = unicodedata.name(char, "a control character")
        shown = f"{char!r} ({name.lower()})" if char.isprintable() else name.lower()
        raise BadRequest(f"{shown} in {_ascii(word)!r} is not plain ASCII; type the name by hand")


def _ascii(word: str) -> str:
    return "".join(char if char.isascii() and char.isprintable() else "?" for char in word)[:60]
