"""Another proxy of the host, to which nginx passes requests, does not run."""

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import Bound, HttpProbes
from bot.rules import _address, _quote


def of(address: str, behind: HttpProbes | None) -> Bound | None:
    """The other proxy of this host that is to listen there and does not run."""
    place = _address.split(address)
    return behind.bound(place[1]) if behind and place else None


def finding(address: str, lines: tuple[Line, ...], between: Bound) -> Finding:
    """nginx passes requests to another proxy, which is down; the app behind that one may be well."""
    return Finding(
        cause="upstream_down",
        certainty=Certainty.CONFIRMED,
        says=f"nothing listens on {address}: {between.unit}, which is to listen there, is {between.active}",
        because=(*lines, Line(step="behind", text=between.line)),
        restart=_quote.perhaps(
            between.unit, f"{between.unit} only has to be started, if its files are in order"
        )
        if between.active == "inactive"
        else _quote.useless(between.unit, f"it is not known why {between.unit} {between.active}"),
        next_check=f"systemctl status {between.unit}, and its journal",
        mend=f"systemctl start {between.unit}, after asking who stopped it and why",
        weight=79,
    )
