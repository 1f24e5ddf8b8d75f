"""`related_units.sh unit=UNIT`: the units that one needs, is started by or gives way to, tab separated.

booted    Mon 2026-11-30 08:00:02 UTC
related  Requires  db.service  loaded   failed   failed   exit-code   Mon 2026-11-30 10:39:08 UTC   simple
related   TriggeredBy   app.socket   loaded   active   listening   success   Mon 2026-11-30 10:40:01 UTC
          /run/app.sock (Stream)
"""

from dataclasses import dataclass
from datetime import datetime

from bot.model.evidence import CommandOutput
from bot.parsers.unit_state import at_of

_NEEDED = ("Requires", "Requisite", "BindsTo")


@dataclass(frozen=True, kw_only=True)
class RelatedUnit:
    """One unit, and how the app's unit names it."""

    #: The property of the app's unit: Requires, BindsTo, TriggeredBy, ConflictedBy …, or `Namesake`.
    relation: str
    name: str
    load: str
    active: str
    sub: str
    result: str
    #: Aware UTC; None when its state never changed.
    since: datetime | None
    #: Type= of a service; empty for another kind of unit.
    kind: str = ""
    #: Of a socket unit: `/run/app.sock`, `127.0.0.1:8000`; empty where nobody asked.
    listens: tuple[str, ...] = ()
    line: str

    @property
    def is_needed(self) -> bool:
        """Without it the app's unit is not started."""
        return self.relation in _NEEDED

    @property
    def is_up(self) -> bool:
        """Active, or on its way there, or a command that ran and ended well."""
        rests_well = self.kind == "oneshot" and self.active == "inactive" and self.load == "loaded"
        return rests_well or self.active in ("active", "reloading", "activating")


@dataclass(frozen=True, kw_only=True)
class RelatedUnits:
    """All of them in systemd's order; empty when the unit names none."""

    units: tuple[RelatedUnit, ...]
    #: Since when this systemd runs, aware UTC; what it logged before was of an earlier boot.
    booted_at: datetime | None = None

    @property
    def down(self) -> tuple[RelatedUnit, ...]:
        """What the app's unit needs and is not there, what failed first."""
        away = [unit for unit in self.units if unit.is_needed and not unit.is_up]
        return tuple(sorted(away, key=lambda unit: unit.active != "failed"))

    @property
    def sockets(self) -> tuple[RelatedUnit, ...]:
        """Socket units that start it on a connection."""
        return tuple(u for u in self.units if u.relation == "TriggeredBy" and u.name.endswith(".socket"))

    @property
    def namesake(self) -> RelatedUnit | None:
        """The socket unit of its name, which may be meant to start it."""
        return next((unit for unit in self.units if unit.relation == "Namesake"), None)

    @property
    def may_listen(self) -> tuple[RelatedUnit, ...]:
        """Socket units that listen for it, or may be meant to."""
        return (*self.sockets, *((self.namesake,) if self.namesake else ()))

    @property
    def rivals(self) -> tuple[RelatedUnit, ...]:
        """Units that run and with which it cannot run together."""
        return tuple(u for u in self.units if u.relation in ("Conflicts", "ConflictedBy") and u.is_up)


def related_units(output: CommandOutput) -> RelatedUnits:
    """Related units; lines of another shape, and units of which systemd said nothing, are left out.

    Source: runbooks/scripts/related_units.sh; systemd.unit(5).
    """
    rows = [line.split("\t") for line in output.stdout.splitlines()]
    return RelatedUnits(
        units=tuple(
            RelatedUnit(
                relation=row[1],
                name=row[2],
                load=row[3],
                active=row[4],
                sub=row[5],
                result=row[6],
                since=at_of(row[7]),
                kind=row[8] if len(row) > 8 else "",
                listens=tuple(w for w in row[9].split() if not w.startswith("(")) if len(row) > 9 else (),
                line=" ".join(field for field in row[1:] if field),
            )
            for row in rows
            if len(row) in (8, 9, 10) and row[0] == "related" and row[3]
        ),
        booted_at=next((at_of(row[1]) for row in rows if len(row) == 2 and row[0] == "booted"), None),
    )
