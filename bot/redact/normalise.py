"""Bytes of a host become text that shows what it holds: no escapes, controls or invisible characters.

Sources: ECMA-48 (CSI, OSC, DCS and C1 controls); Unicode general categories Cc and Cf; UTR #36 on
bidirectional overrides; UTS #51 on tag characters and variation selectors.
"""

import re
import unicodedata

MAX_LINE = 4096
MAX_MARKS = 3
#: More than this share of controls, NULs and undecodable bytes makes an output binary.
_BINARY_SHARE = 0.1

_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}+[ -/]{0,8}+[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])(?:[^\x07\x1b\x90\x98-\x9f\n\u2028]{0,1024}+(?:\x07|\x1b\\|\x9c))?"
    r"|\x1b[ -/]{0,4}+[0-~]?"
)
_LINE_END = re.compile(r"\r+\n")
#: In place of what ends a line for some programs, and for none that write a log: whoever may put a word into
#: one (a browser its Referer into nginx's) could write whole lines with it.
PART = "\u2028"
_PART = re.compile(r"[\r\x0b\x0c\x85\u2029]")
#: C0 and C1 controls, all of Cf, variation selectors, and letters that show nothing (Hangul fillers).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_FOREIGN_RUN = re.compile(r"[^\x00-\x7f]{4,}")
_JUNK = re.compile("[\x00-\x06\x0e-\x1a\x1c-\x1f\ufffd]")
_TOO_LONG = re.compile(rf"[^\n]{{{MAX_LINE + 1},}}")
#: A cut may not leave the head of a token: up to this many characters go with it.
_MAX_TOKEN = 512


def is_binary(text: str) -> bool:
    """True when a tenth or more of the decoded text is controls or was undecodable."""
    return len(_JUNK.findall(text)) > _BINARY_SHARE * len(text)


def normalise(text: str) -> str:
    """The text with `\\n` line ends and only visible characters, spaces and tabs, and `PART` within lines."""
    text = _ESCAPE.sub("", _PART.sub(PART, _LINE_END.sub("\n", text)))
    text = _INVISIBLE.sub("", text)
    return text if text.isascii() else _FOREIGN_RUN.sub(_few_marks, text)


def cap_lines(text: str) -> str:
    """Lines over 4,096 characters are cut at a blank where there is one near, and say so."""
    return _TOO_LONG.sub(_cut, text)


def _few_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def _cut(line: re.Match[str]) -> str:
    head = line[0][:MAX_LINE]
    blank = max(head.rfind(" ", MAX_LINE - _MAX_TOKEN), head.rfind("\t", MAX_LINE - _MAX_TOKEN))
    head = head[:blank] if blank > 0 else head
    return f"{head} … [cut: {len(line[0]) - len(head)} more characters]"
