"""Whose the dialled address may be where the fleet file names no unit: a guess, told as one, and by what.

What is guessed proves nothing about a cause and lets no remedy be offered; it is told with the line of the
fleet file that makes it known.
Source: systemd.exec(5) Environment=, EnvironmentFile=; systemd.socket(5) ListenStream=.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.model.host import Host
from bot.model.verdict import Finding, Line, RestartAdvice
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import JournalEntry
from bot.parsers.likely_units import LikelyUnit, LikelyUnits
from bot.parsers.listening_sockets import ListeningSocket, ListeningSockets
from bot.rules import _address, _keeper, _last_words, _life, _quote

STEP = "likely_units"
#: More than these are no guess any more.
_MOST = 3
#: What ended so much earlier than another did is not what fails now.
_DAY = timedelta(days=1)
_IN_FLEET = "in the fleet file"


@dataclass(frozen=True, kw_only=True)
class Guess:
    """Units that may be meant to listen there, of the best reason that any has; falsy without any."""

    address: str
    units: tuple[LikelyUnit, ...]
    host: Host
    listeners: ListeningSockets | None
    #: Those that run and keep programs of their own, of which systemd knows nothing.
    keepers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.units)

    @property
    def one(self) -> LikelyUnit | None:
        """The unit, where there is no other."""
        return self.units[0] if len(self.units) == 1 else None

    @property
    def says(self) -> str:
        """For the end of the verdict's sentence; empty without a guess."""
        if not self.units:
            return ""
        if (unit := self.one) is None:
            more = f" or {len(self.units) - _MOST} more" if len(self.units) > _MOST else ""
            listed = ", or ".join(f"{u.name}, which {self._state(u)}" for u in self.units[:_MOST])
            return f"; that may be for {listed}{more} (a guess, for {self._why(self.units[0])})"
        words = self._words(unit)
        said = f": {words.message.strip()}" if words else ""
        return f"; maybe {unit.name} should, which {self._state(unit)}{said} (a guess, for {self._why(unit)})"

    @property
    def lines(self) -> tuple[Line, ...]:
        """The state and the last words of each."""
        found: list[Line] = []
        for unit in self.units[:_MOST]:
            named = where(unit, self.address)
            found.append(
                Line(step=STEP, text=unit.line + (f"; {_key(self.address)} in {named}" if named else ""))
            )
            if (words := self._words(unit)) is not None:
                found.append(Line(step=STEP, text=words.line, at=words.at))
        return tuple(found)

    @property
    def next_check(self) -> str:
        """What to look at, and the line of the fleet file that lets the bot look closer."""
        if not self.units and self.keepers:
            name = self.keepers[0]
            return (
                f"`{_keeper.status(name)}`: {name} runs, and keeps programs that systemd knows nothing of; "
                f"if the app is one of them, {_line(name, self.host)}"
            )
        if not self.units:
            return (
                f"which unit should listen on {self.address}: no service of this host's own is seen to be "
                f"down; name it for {self.host.name} in the fleet file, `service: {{unit: NAME.service}}`"
            )
        if self.one and self.one.is_up and _keeper.is_one(self.one.name):
            name = self.one.name
            return f"`{_keeper.status(name)}`: does the app run? Then {_line(name, self.host)}"
        asked = " ".join(unit.name for unit in self.units[:_MOST])
        if self.host.service.unit:
            return f"`systemctl status {asked}`: why it is down"
        which = "is it" if self.one else "which is"
        name = self.units[0].name if self.one else "NAME.service"
        return f"`systemctl status {asked}`: {which} the app? Then {_line(name, self.host)}"

    @property
    def restart(self) -> RestartAdvice:
        """Nothing is advised of a guess."""
        name = " or ".join(unit.name for unit in self.units[:_MOST])
        return _quote.unknown("app", f"it is only a guess that {name} is the app")

    @property
    def mend(self) -> str:
        """What mends it if the guess is right."""
        if (unit := self.one) is None:
            return "a start of the one that is the app, once it is known why it is down"
        if unit.is_up and not self._fails(unit) and _keeper.is_one(unit.name):
            return f"if {unit.name} keeps the app: a start of its program, once it is known why it is down"
        if unit.is_up and not self._fails(unit):
            return f"if {unit.name} is the app: one port or socket in its settings and in nginx's"
        if self._fails(unit):
            return f"if {unit.name} is the app: a correction of what its journal says, then a start"
        verb = "enable --now" if unit.file_state == "disabled" else "start"
        asking = "asking who stopped it and why, then " if unit.since else ""
        return f"if {unit.name} is the app: {asking}systemctl {verb} {unit.name}"

    def _state(self, unit: LikelyUnit) -> str:
        since = f" since {unit.since:%Y-%m-%d %H:%M:%S} UTC" if unit.since else ""
        if unit.is_up and not self._fails(unit):
            elsewhere = ", ".join(s.address for s in sockets(unit, self.listeners)[:_MOST])
            return f"runs and listens on {elsewhere}" if elsewhere else "runs and does not listen there"
        if unit.active == "failed":
            return f"failed ({unit.result}){since}"
        if self._fails(unit):
            return "ends again and again" + (f" ({unit.restarts} restarts)" if unit.restarts else "")
        if unit.active != "inactive":
            return f"is {unit.active}{since}"
        return f"is stopped{since}" if since else "was not started since boot"

    def _why(self, unit: LikelyUnit) -> str:
        """What speaks for it, for the end of a sentence that calls it a guess."""
        many = self.one is None
        if named := where(unit, self.address):
            what = f"{named}, which it reads, names" if named.startswith("/") else f"its {named} names"
            return f"{'they name' if many else what} {_key(self.address)}"
        if many:
            return "they are services of this host's own that " + (
                "listen elsewhere" if unit.is_up else "do not run"
            )
        does = "failed" if self._fails(unit) else "listens elsewhere" if unit.is_up else "does not run"
        return f"it is the one service of this host's own that {does}"

    def _fails(self, unit: LikelyUnit) -> bool:
        """It does not come up; one that was started again and listens elsewhere did."""
        return unit.fails and not (unit.is_up and sockets(unit, self.listeners))

    def _words(self, unit: LikelyUnit) -> JournalEntry | None:
        """What it said at its end; of a clean stop nothing is quoted."""
        if not self._fails(unit):
            return None
        return _last_words.words_of_exit(unit.said) or _life.last_exit(unit.said)


def of(
    address: str, likely: LikelyUnits | None, host: Host, listeners: ListeningSockets | None = None
) -> Guess | None:
    """Whose that address may be; None where the fleet file or the address tells, or nobody looked."""
    place = _address.split(address)
    if likely is None or host.service.container or (place is not None and not _address.is_local(place[0])):
        return None
    if own := host.service.unit:  # beside an instance of a template only its siblings are told
        named = [unit for unit in likely.units if unit.name != own and where(unit, address)]
        return Guess(address=address, units=tuple(named), host=host, listeners=listeners) if named else None
    named = [unit for unit in likely.units if where(unit, address)]
    away = [unit for unit in likely.units if not unit.is_up]
    reasons = (
        [unit for unit in named if not unit.is_up],
        named,
        _of_late(away),
        away,
        [unit for unit in likely.units if sockets(unit, listeners)],
    )
    units = next((tuple(found) for found in reasons if found), ())
    keepers = tuple(unit.name for unit in likely.units if unit.is_up and _keeper.is_one(unit.name))
    return Guess(address=address, units=units, host=host, listeners=listeners, keepers=keepers)


def _of_late(away: list[LikelyUnit]) -> list[LikelyUnit]:
    """Those that failed or were stopped, the last first; not what has rested a day longer than that."""
    late = sorted((unit for unit in away if unit.since), key=_since, reverse=True)
    return [unit for unit in late if _since(late[0]) - _since(unit) < _DAY]


def _since(unit: LikelyUnit) -> datetime:
    return unit.since or datetime.min.replace(tzinfo=UTC)


def beside(finding: Finding, facts: Mapping[str, object], host: Host) -> Finding:
    """The finding; about an app that serves it says what line of the fleet file lets the bot look closer."""
    unit = serving(facts)
    if unit is None or host.service.unit or host.service.container or finding.restart.what != "app":
        return finding
    if finding.cause == "sudo_missing" or _IN_FLEET in (finding.next_check or ""):
        return finding  # no trouble of the app, or it says so of a unit that is down
    adds = f"{unit.name} listens where nginx dials; {_line(unit.name, host)}"
    return replace(finding, next_check=f"{finding.next_check}; {adds}" if finding.next_check else adds)


def serving(facts: Mapping[str, object]) -> LikelyUnit | None:
    """The unit that listens where nginx dials; None where the fleet file names one, or not one is seen to."""
    likely, listeners, upstreams = (facts.get(step) for step in (STEP, "listeners", "upstreams"))
    if not isinstance(likely, LikelyUnits) or not isinstance(upstreams, HttpProbes):
        return None
    dialled = [p for probe in upstreams.probes if (p := _address.split(probe.address)) is not None]
    ports = {port for host, port in dialled if _address.is_local(host)}
    if not isinstance(listeners, ListeningSockets):
        return None
    found = [u for u in likely.units if u.is_up and any(s.port in ports for s in sockets(u, listeners))]
    return found[0] if len(found) == 1 else None


def runs_since(facts: Mapping[str, object]) -> Iterable[datetime]:
    """When the unit that serves began to run, if that is known; it has not ended by itself since."""
    unit = serving(facts)
    return () if unit is None or unit.restarts or unit.active_since is None else (unit.active_since,)


def _line(name: str, host: Host) -> str:
    line = f"`service: {{unit: {name}}}` for {host.name} {_IN_FLEET} lets the bot look closer"
    return line if _keeper.is_one(name) else f"{line} and offer remedies"


def _key(address: str) -> str:
    place = _address.split(address)
    return f"port {place[1]}" if place else address.removeprefix("unix:")


def where(unit: LikelyUnit, address: str) -> str:
    """Where the unit names that address; empty where it does not."""
    key = _key(address).removeprefix("port ")
    return next((found for wanted, found in unit.names if wanted == key), "")


def sockets(unit: LikelyUnit, listeners: ListeningSockets | None) -> tuple[ListeningSocket, ...]:
    """Those that it listens on; none where it does not run or nobody may tell."""
    group = unit.control_group
    if listeners is None or not unit.is_up or not group:
        return ()
    return tuple(s for s in listeners.sockets if f"{s.control_group}/".startswith(f"{group}/"))
