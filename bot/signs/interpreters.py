"""The program or interpreter that is to run the app is not there, as managers of versions and servers say it.

Source: pm2 lib/Common.js "is NOT AVAILABLE in PATH"; asdf "No version is set"; Passenger's SpawnPreparer
"Cannot execute"; start-stop-daemon.c and OpenRC "does not exist", "unable to stat"; ASP.NET Core Module
resources.h "failed to start process with commandline" with Windows' ERROR_FILE_NOT_FOUND (0x80070002) and
0x80070003.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

PATTERNS: tuple[Pattern, ...] = (
    says("unit_exec", r"Interpreter (?P<path>\S{1,200}) is NOT AVAILABLE in PATH", "not available in path"),
    says(
        "unit_exec",
        r"\b(?:No version is set for command|No preset version installed for command) (?P<path>\S{1,60})",
        "for command",
    ),
    says("unit_exec", r"\bCannot execute (?P<path>/\S{1,200}): No such file", "cannot execute"),
    says(
        "unit_exec",
        r"(?:start-stop-daemon|supervise-daemon): (?:unable to stat )?(?P<path>/\S{1,200}) does not exist",
        "does not exist",
    ),
    says("unit_exec", r"start-stop-daemon: .{0,20}unable to stat (?P<path>/\S{1,200})", "unable to stat"),
    says(
        "unit_exec",
        r"failed to start process with commandline '\"?(?P<path>[^'\" ]{1,200}).{0,300}"
        r"ErrorCode = '0x8007000[23]\b",
        "failed to start process",
    ),
)
READERS: tuple[Reader, ...] = ()
