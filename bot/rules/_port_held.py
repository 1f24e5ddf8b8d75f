"""A TCP port that systemd holds for the app, which rests: another one than nginx dials.

Source: systemd.socket(5) ListenStream=; the service is started by a connection, which never comes there.
"""

from collections.abc import Sequence

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.related_units import RelatedUnit, RelatedUnits
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _quote, _unmet


def found(
    address: str, lines: Sequence[Line], unit: UnitState, related: RelatedUnits | None
) -> Finding | None:
    """The port of the socket unit; None where the service failed, or no socket unit listens on one."""
    if unit.active != "inactive" or unit.result not in ("", "success"):
        return None
    units = related.may_listen if related else ()
    held = next((u for u in units if u.active == "active" and _ports(u)), None)
    dialled = _address.split(address)
    if held is None or dialled is None or dialled[1] in [port for _, port in _ports(held)]:
        return None
    there = held.listens[0]
    return Finding(
        cause="wrong_port",
        certainty=Certainty.CONFIRMED,
        says=f"nginx dials {address}, where nobody listens; {held.name} listens for {unit.name} on {there}",
        because=(*lines[:2], _unmet.related_line(held)),
        restart=_quote.useless("app", f"{held.name} stays on its port, and nginx dials the other"),
        mend=f"one port in both: {there} in nginx's file, then a reload of nginx; or ListenStream={address}"
        f" in {held.name}, then systemctl daemon-reload and a restart of {held.name}",
        weight=88,
    )


def _ports(unit: RelatedUnit) -> list[tuple[str, int]]:
    return [place for one in unit.listens if (place := _address.split(one)) is not None]
