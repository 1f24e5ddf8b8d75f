"""Limits that somebody changed, and what came of it: fewer workers than before, a higher limit in vain.

Source: php.net "FPM configuration" (pm.max_children: with all of them busy requests wait, which costs no
processor time); nginx's 499 (the client went while it waited); common English of reports.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "limits_lowered": "somebody lowered limits of a server, and since then it fails; fields: what",
    "limit_raised": "a limit that was met was raised, and it fails as before; fields: what",
    "host_spare": "the host's processor and memory are hardly used meanwhile; fields: what",
}
_FAILS = (
    r"(?:no longer|not (?:work|respond|load|answer)|n't (?:work|respond|load|answer)|stopp\w+|fails?"
    r"|hangs?|slow|50[234]|time[ds]? ?-?out|down|unreachable|broken?)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "limits_lowered",
        r"(?P<what>\b(?:lower(?:ed|ing)|reduc(?:ed|ing)|decreas(?:ed|ing)|(?:turn|dial|scal)(?:ed|ing) down)"
        r"\b.{0,40}?\b(?:settings?|limits?|(?:pm\.)?max_\w{1,20}|workers?|child(?:ren)?|process(?:es)?|threads?"
        rf"|pools?)\b.{{0,80}}?\b{_FAILS}\b)",
        "lower",
        "reduc",
        "decreas",
        "down",
    ),
    says(
        "limit_raised",
        r"(?P<what>^(?!.*(?:time-?out|buffer|child|worker)).*\b(?:rais(?:ed|ing)|increas(?:ed|ing)|bump(?:ed|ing)"
        r"(?: up)?|doubl(?:ed|ing))\b.{0,40}?\bstill (?:is |are |get(?:ting)? |a |the |see(?:ing)? ){0,3}"
        r"(?:down|not|no|50\d|unreachable|offline|fail\w*|broken|dead|hang\w*|bad gateway)\b)",
        "still ",
    ),
    says(
        "host_spare",
        r"(?P<what>\b(?:CPU|processor|load)\b(?:,? (?:and|&) (?:RAM|memory))?"
        r"(?: usage| use| load)? (?:is|are|stays?|sits?|hovers?)(?: now| only| just| both)?"
        r"(?: around| about| at| below| under| near)? ~?(?:\d|1\d|2\d) ?%)",
        "cpu",
        "processor",
        "load",
    ),
)
READERS: tuple[Reader, ...] = ()
