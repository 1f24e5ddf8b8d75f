"""`likely_units.sh CONFIG NGINX unit= container=`: units that may be the app's, tab separated.

unit   app.service  failed  failed  exit-code  1  5  enabled  Mon 2026-11-30 10:39:08 UTC  -  -
names  app.service  3000    /etc/app/env
said   app.service  2026-11-30T10:39:08+0000 web-01 node[224]: Error: DATABASE_URL is not set
"""

from dataclasses import dataclass
from datetime import datetime

from bot.model.evidence import CommandOutput
from bot.parsers._numbers import is_number
from bot.parsers.journal import Journal, journal
from bot.parsers.unit_state import at_of


@dataclass(frozen=True, kw_only=True)
class LikelyUnit:
    """A service unit, and what of it speaks for the app; empty text: systemd did not say."""

    name: str
    active: str
    sub: str
    result: str
    exit_status: str
    restarts: int
    file_state: str
    #: Aware UTC; None when its state never changed since boot.
    since: datetime | None
    active_since: datetime | None
    control_group: str
    #: Port or path of a socket that nginx dials, and where the unit names it: ExecStart, a file, a socket …
    names: tuple[tuple[str, str], ...]
    #: The end of its journal; empty where it runs and names nothing that nginx dials, or the login may not
    #: read it.
    said: Journal
    line: str

    @property
    def is_up(self) -> bool:
        """It runs now."""
        return self.active in ("active", "reloading")

    @property
    def fails(self) -> bool:
        """It failed, or systemd started it again by itself, as it does in a loop, between two ends too."""
        return self.active == "failed" or self.sub == "auto-restart" or self.restarts > 0


@dataclass(frozen=True, kw_only=True)
class LikelyUnits:
    """Those that name what nginx dials first; empty where the fleet names the unit, or there is none."""

    units: tuple[LikelyUnit, ...]


def likely_units(output: CommandOutput) -> LikelyUnits:
    """Likely units; lines of another shape are left out.

    Source: runbooks/scripts/likely_units.sh; systemctl(1) show PATTERN.
    """
    rows = [line.split("\t") for line in output.stdout.splitlines()]
    units: dict[str, list[list[str]]] = {}
    for row in rows:
        if row[0] == "unit" and len(row) == 11:
            units.setdefault(row[1], [row])
    for row in rows:
        if row[0] in ("names", "said") and row[1:2] and row[1] in units:
            units[row[1]].append(row)
    return LikelyUnits(units=tuple(_unit(*of_one, output=output) for of_one in units.values()))


def _unit(row: list[str], *rows: list[str], output: CommandOutput) -> LikelyUnit:
    name = row[1]
    said = "\n".join("\t".join(r[2:]) for r in rows if r[0] == "said")
    state = [
        f"{key}={value}"
        for key, value in zip(_SHOWN, (*row[2:8], row[8]), strict=True)
        if value not in ("", "0", "success")
    ]
    return LikelyUnit(
        name=name,
        active=row[2],
        sub=row[3],
        result=row[4],
        exit_status=row[5],
        restarts=int(row[6]) if is_number(row[6]) else 0,
        file_state=row[7],
        since=at_of(row[8]),
        active_since=at_of(row[9]),
        control_group=row[10],
        names=tuple((r[2], r[3]) for r in rows if r[0] == "names" and len(r) == 4),
        said=journal(CommandOutput(step=output.step, argv=(), exit_status=0, stdout=said)),
        line=" ".join([name, *state]),
    )


#: Properties of a row in its order, as a line of evidence has them.
_SHOWN = (
    "ActiveState",
    "SubState",
    "Result",
    "ExecMainStatus",
    "NRestarts",
    "UnitFileState",
    "StateChangeTimestamp",
)
