"""Errors about an address that nginx dialled before its files were changed and it read them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxError
from bot.parsers.processes import Processes
from bot.parsers.unit_state import UnitState
from bot.rules import _address

#: processes.sh shows no more.
_MOST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class DialledNow:
    """What nginx's files have it dial, and who of it runs; what the log says of others may be over."""

    #: Protocol and address; None where variables stand in the files, so that nobody knows them.
    addresses: frozenset[tuple[str, str]] | None
    #: Protocol and port of those that a name leads to, whichever address it has.
    named: frozenset[tuple[str, str]]
    #: Names of its groups, which it writes where none of a group is left.
    groups: frozenset[str]
    #: Of nginx's processes; None where they were not seen.
    pids: frozenset[int] | None
    #: When a configured address was complained of last; None when none was.
    last_named: datetime | None

    def is_over(self, error: NginxError) -> bool:
        """The files do not name its address any more, and nginx has read them since.

        That shows in the worker that wrote it, which a reload replaced; where workers are not seen, in a
        later error that names an address of theirs. A file that was changed and not read replaces none.
        Source: nginx.org "Controlling nginx": new workers are started, the old ones shut down gracefully.
        """
        if self.addresses is None or not error.address or (error.protocol, error.address) in self.addresses:
            return False
        host, _, port = error.address.rpartition(":")
        if (error.protocol, port) in self.named or host in self.groups or error.address in self.groups:
            return False
        if self.pids is not None and error.pid is not None:
            return error.pid not in self.pids
        return self.last_named is not None and error.at is not None and error.at < self.last_named


def dialled_now(
    errors: Sequence[NginxError], config: NginxConfig | None, facts: Mapping[str, object]
) -> DialledNow:
    """`errors` with aware times, in the log's order."""
    dialled = _dialled(config) if config else None
    addresses = frozenset(pair for pair in dialled if not _is_named(pair[1])) if dialled else None
    seen = [e.at for e in errors if addresses and (e.protocol, e.address) in addresses and e.at]
    return DialledNow(
        addresses=addresses,
        named=frozenset((how, to.rpartition(":")[2]) for how, to in dialled or () if _is_named(to)),
        groups=frozenset(config.groups) if config else frozenset(),
        pids=_pids(facts),
        last_named=max(seen, default=None),
    )


def _pids(facts: Mapping[str, object]) -> frozenset[int] | None:
    seen, unit = facts.get("processes"), facts.get("nginx_unit")
    if not isinstance(unit, UnitState):
        return None
    if unit.active in ("failed", "inactive"):
        front = facts.get("front")  # where somebody answers, it may be an nginx that the unit does not keep
        is_down = isinstance(front, HttpProbes) and all(probe.by for probe in front.that(Answer.ANSWERED))
        return frozenset() if is_down else None
    are_all = isinstance(seen, Processes) and len(seen.processes) < _MOST_SHOWN
    found = seen.of_unit(unit.name) if isinstance(seen, Processes) and are_all else None
    return found or None


def _dialled(config: NginxConfig) -> frozenset[tuple[str, str]] | None:
    """Protocol and address of all that the files pass requests to; None where a variable says to where."""
    found: set[tuple[str, str]] = set()
    groups = config.groups
    for place in config.passes:
        target = place.arguments[0] if place.arguments else ""
        if "$" in target:
            return None
        protocol = target.partition("://")[0] if "://" in target else place.name.removesuffix("_pass")
        for address in config.addresses_of(place, groups):
            found |= {(protocol, one) for one in _as_logged(address)}
    return frozenset(found) or None


def _as_logged(address: str) -> tuple[str, ...]:
    place = _address.split(address)
    if place is not None and place[0] == "localhost":
        return f"127.0.0.1:{place[1]}", f"[::1]:{place[1]}"
    return (address,)


def _is_named(address: str) -> bool:
    """Whether a name stands there, whose addresses the files do not tell."""
    place = _address.split(address)
    return not address.startswith("unix:") and (place is None or _address.is_name(place[0]))
