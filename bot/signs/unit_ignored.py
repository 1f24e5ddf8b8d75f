"""Lines of a unit that systemd drops or hands to the program as they stand: the program starts without them.

Source: systemd load-fragment.c and conf-parser.c ("Unknown section", "Invalid environment assignment",
"Failed to resolve specifiers", "path is not absolute", "Assignment outside of section", "Missing '='"),
unit-name.c "is missing the instance name"; systemd.syntax(7): a comment has its own line, a backslash joins
the next line; systemd.service(5) Type=simple: the process that is started is the service.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}


def _ignored(regex: str, *words: str) -> Pattern:
    return says("unit_wrong", regex, *words, what="ignored")


PATTERNS: tuple[Pattern, ...] = (
    _ignored(r"Unknown section '(?P<reason>[^']{1,60})'\. Ignoring", "unknown section"),
    _ignored(r"Invalid environment assignment, ignoring", "invalid environment"),
    _ignored(r"Failed to resolve (?:unit )?specifiers (?:in|on|from) ", "specifiers"),
    _ignored(r"\b(?:WorkingDirectory|RootDirectory|EnvironmentFile)=? path is not absolute", "not absolute"),
    _ignored(r":\d+: (?:Assignment outside of section|Missing '=')", "assignment outside", "missing '='"),
    _ignored(r"Invalid section header '", "invalid section header"),
    _ignored(r"Unit name \S{1,100}@\.service is missing the instance name", "missing the instance"),
    _ignored(
        r"\b(?:unknown|unrecognized|unexpected|invalid|extra|too many) arguments?:? ?['\"`]?# ?\w", "argument"
    ),
    _ignored(
        r"\b(?:class|argument|command|file|module|option|jarfile|script)\W.{0,30}\[(?:Install|Unit|Service)\]",
        "[install]",
        "[unit]",
        "[service]",
    ),
    _ignored(
        r"\bdaemoni[sz]e ?=.{0,60}\bType=simple\b|\bType=simple\b.{0,60}\bdaemoni[sz]es? ?=", "type=simple"
    ),
)
READERS: tuple[Reader, ...] = ()
