"""A PHP-FPM outside its service has the socket, so the service does not start; often started by hand.

Source: fpm_sockets.c dials a unix socket before it binds: "Another FPM instance seems to already listen".
"""

import re

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import _fpm, _quote

_ANOTHER = re.compile(r"Another FPM instance seems to already listen on (?P<path>\S+)")


def holds(
    unit: UnitState | None, app_journal: Journal | None, fpm: PhpFpm | None, front: HttpProbes | None
) -> Finding | None:
    """The unit failed on that word, and a master that is not its own runs with the pool's file."""
    said = app_journal.matching(_ANOTHER) if app_journal else ()
    if unit is None or unit.is_running or fpm is None or not said:
        return None
    path = found["path"] if (found := _ANOTHER.search(said[-1].message)) else ""
    pools = [p for p in fpm.pools_at(f"unix:{path}") if p.master and p.master.unit != unit.name]
    if not pools or pools[0].master is None:
        return None
    master = pools[0].master
    of = f"in {master.unit}" if master.unit else "in no service"
    serves = "; it answers requests meanwhile" if front is not None and front.are_well else ""
    return Finding(
        cause="port_conflict",
        certainty=Certainty.CONFIRMED,
        says=f"{unit.name} cannot bind {path}: another PHP-FPM (master {master.pid}, {of}) has it{serves}",
        because=(
            _quote.logged(said[-1]),
            Line(step=_fpm.STEP, text=f"master {master.pid} ({of}) runs {master.config}"),
            _quote.state(unit, "ActiveState", "NRestarts"),
        ),
        restart=_quote.useless("app", "the other master still has the socket"),
        mend=f"ending the other one (kill -QUIT {master.pid} lets it finish its requests), then a start of"
        f" {unit.name}",
        weight=94,
    )
