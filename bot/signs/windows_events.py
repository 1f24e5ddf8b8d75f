"""Windows' event log: programs that fault.

Source: Windows Error Reporting, event 1000 of "Application Error" ("Faulting application name"); IIS
FastCgiModule, whose ErrorCode is the NTSTATUS the process ended with (0xC0000005, 3221225477).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "crashed", r"Faulting application name: (?P<who>[^\s,]{1,80})", "faulting application", signal="fault"
    ),
    says(
        "crashed",
        r"FastCgiModule.{0,200}(?:0x(?P<signal>C0000005|C00000FD|C0000409)|322122(?:5477|5725|6505))\b",
        "fastcgimodule",
        who="FastCGI process",
    ),
)
READERS: tuple[Reader, ...] = ()
