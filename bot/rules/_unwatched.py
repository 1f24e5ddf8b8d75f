"""An app that systemd does not watch: a command left it in the background and ended."""

from bot.model.verdict import Certainty, Finding
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.unit_state import UnitState
from bot.rules import _quote


def gone(unit: UnitState, upstreams: HttpProbes | None) -> Finding | None:
    """A command left the app behind and ended: the unit stays active whatever becomes of it."""
    refused = upstreams.that(Answer.REFUSED, Answer.MISSING) if upstreams else ()
    if not refused or unit.main_pid:
        return None
    return Finding(
        cause="app_crash_runtime",
        certainty=Certainty.LIKELY,
        says=f"{unit.name} counts as active, but nothing of it runs: what it left in the background is gone",
        because=(
            _quote.state(unit, "ActiveState", "SubState", "Type", "MainPID", "ActiveEnterTimestamp"),
            _quote.probe(refused[0]),
        ),
        restart=_quote.perhaps(
            "app", "a restart runs its command again; a start does nothing while it is active"
        ),
        next_check="the app's own log, for systemd did not see how it ended",
        mend=f"{unit.name} written so that systemd watches the app: Type=simple or exec, in the foreground",
        weight=70,
    )
