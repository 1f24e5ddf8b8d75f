"""What each of localhost's two addresses said when it was asked, held against what is dialled."""

from bot.model.sign import Sign, Signs
from bot.rules import _dialling
from bot.rules._dialling import Place


def other_answers(signs: Signs, dial: Place) -> tuple[Sign, ...]:
    """The other family answered on the dialled port; and the dialled one, where it was asked too, refused."""
    if not dial.is_loopback or dial.family is None:
        return ()
    asked = [s for s in signs.of("loopback_asked") if s["port"] == str(dial.port)]
    same = [s for s in asked if _family(s) == dial.family]
    other = next((s for s in asked if _family(s) != dial.family and s["state"] == "answers"), None)
    if other is None or any(s["state"] == "answers" for s in same):
        return ()
    return (other, *same[:1])


def unhealthy(signs: Signs) -> tuple[Sign, ...]:
    """A health check is refused on one family, and the port is open on the other one alone."""
    ill = next((s for s in signs.of("health") if s["state"] == "unhealthy"), None)
    for asked in signs.of("loopback_asked") if ill is not None else ():
        there = _dialling.on_port(signs, int(asked["port"]))
        families = {one.family for one in there}
        if asked["state"] == "refused" and len(families) == 1 and families <= {4, 6} - {_family(asked)}:
            return (asked, there[0].sign)
    return ()


def _family(asked: Sign) -> int:
    return 6 if ":" in asked["address"] else 4
