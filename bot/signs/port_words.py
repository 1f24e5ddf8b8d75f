"""What people write about a port: which one was set when it began to fail, or when it began to work.

Source: common English of reports; the settings' own names of platforms (PORT, EXPOSE, target port, health
check port).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "port_blamed": "somebody writes that it fails, or works, with the change of a port; fields: what",
}
_BY_HAND = (
    r"^(?!.*(?:probably not started|errno=|\[(?:error|crit|warn|info)\]|connect\(\)|upstream: \"|\" 50\d \d"
    r"|\w+:\d+:\d+ ))"
)
_BAD = (
    r"(?:50[234]|bad gateway|no longer works?|stops? working|fails?|does(?:n't| not) work|refused"
    r"|(?<!with )error)"
)
_GOOD = r"(?:works?|working|worked|solved?|fix(?:ed|es)|resolved|ok|fine)"
#: What merely runs or starts on a port, or is mapped to it, was not changed.
_SET = r"(?:set|sets|setting|chang\w+|us(?:e|es|ed|ing)|switch\w*|mov\w+|expos\w+|listen\w*)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "port_blamed",
        # Who goes through a port, or writes it behind an address, changes none.
        _BY_HAND + rf"(?P<what>.*\b{_SET}\b(?:(?!\b(?:through|via)\b).){{0,30}}(?<!:)\bports?\b[^)]{{0,60}}"
        rf"(?<!\bin the )(?<!\bin )(?<!\bin my )(?<!\bfrom the )\b{_BAD}\b"
        r"(?![ _-]{0,2}(?:logs?|messages?|page)\b))"
        r"(?<!still doesn't work)(?<!still does not work)(?<!still fails)",
        "port",
    ),
    says(
        "port_blamed",
        _BY_HAND + rf"(?P<what>.*\b{_GOOD}\b.{{0,40}}\b(?:after|when|if|by|once|with|on)\b.{{0,30}}"
        r"\b(?:chang\w+|correct\w*|another|different|right|other|same|default) (?:the |to the |of the "
        r"|of )?(?:\w+ )?ports?\b)",
        "port",
    ),
    says(
        "port_blamed",
        _BY_HAND + r"(?P<what>.*\b(?:wrong|mismatch\w*|incorrect|different) (?:\w+ )?ports?\b"
        r"|.*\bports? (?:\w+ )?(?:mismatch"
        r"|(?:do|did|does)(?:n't| not) match|(?:is|was|were) (?:wrong|incorrect|different)"
        r"|(?:set )?(?:incorrectly|wrongly))\b)",
        "port",
    ),
)
READERS: tuple[Reader, ...] = ()
