"""`docker events --since 24h --until 0s` of one container: who started, stopped and ended it.

kill,signal=15,at=1796035653073037136
die,exitCode=0,at=1796035653131222157
stop,at=1796035653267678072
"""

import re

from bot.model.evidence import CommandOutput
from bot.parsers._docker_times import counted
from bot.parsers._numbers import is_number
from bot.parsers.journal import Journal, JournalEntry

_LINE = re.compile(
    r"(?P<what>[a-z_]{1,40})(?::[^,]{0,200})?(?:,exitCode=(?P<code>[^,]{0,9}))?(?:,signal=(?P<signal>[^,]{0,20}))?,at=(?P<at>\d{1,19})\Z"
)
#: Signals that end a program unless it does otherwise; Docker takes its name or number.
_ENDING = frozenset({"2", "3", "9", "15", "SIGINT", "SIGQUIT", "SIGKILL", "SIGTERM"})
_BY_SIGNAL = 128
#: What was said of a container of that name before this is not of the one there is now.
REMOVED = "Removed container."


def container_events(output: CommandOutput) -> Journal:
    """Each event in the words that systemd has for it, so that one set of rules judges both.

    `line` stays Docker's. Docker remembers the last few hundred events of all containers, and none from
    before its own start: an empty answer says nothing.
    Source: docker events; moby daemon/events/events.go (eventsLimit), daemon/kill.go, monitor.go.
    """
    found = (entry for line in output.stdout.splitlines() if (entry := _entry(line)) is not None)
    return Journal(entries=tuple(found))


def _entry(line: str) -> JournalEntry | None:
    found = _LINE.match(line.strip())
    message = _message(found["what"], found["code"] or "", found["signal"] or "") if found else None
    if found is None or message is None:
        return None
    return JournalEntry(
        at=counted(int(found["at"])),
        host="",
        program="systemd",
        pid=None,
        message=message,
        line=line.strip(),
        step="container_history",
    )


def _message(what: str, code: str, signal: str) -> str | None:
    if what == "start":
        return "Started container."
    if what == "die" and is_number(code):
        status = int(code)
        if status > _BY_SIGNAL:
            return f"Main process exited, code=killed, status={status - _BY_SIGNAL}/"
        return f"Main process exited, code=exited, status={status}/"
    if what == "kill" and signal in _ENDING:
        return "Stopping container."
    return {"stop": "Stopped container.", "destroy": REMOVED}.get(what)
