"""nginx speaks uwsgi to a server that speaks HTTP alone: it waits for the rest of a line, or hangs up.

Source: gunicorn http/message.py (reads on to the end of a line), uvicorn and hypercorn (h11, httptools);
uwsgi-docs Protocol: a packet's head is four bytes, and no line ends there.
"""

import re

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _quote

_HTTP_ALONE = re.compile(r"\b(?P<server>gunicorn|uvicorn|hypercorn|daphne|waitress-serve)\b")
#: gunicorn's later versions can be told to.
_TOLD_TO = re.compile(r"--protocol[= ]uwsgi")
_NO_ANSWER = (Answer.READ_TIMEOUT, Answer.CLOSED, Answer.RESET, Answer.NOT_HTTP)


def asked_by_uwsgi(
    unit: UnitState | None, upstreams: HttpProbes | None, listeners: ListeningSockets | None
) -> Finding | None:
    """All that nginx dials it dials by uwsgi_pass, and what the unit runs is known to speak HTTP.

    Where no unit is named, what listens there; which command it was started by is not known then.
    """
    probes = upstreams.probes if upstreams else ()
    if not probes or not all(p.protocol == "uwsgi" and p.answer in _NO_ANSWER for p in probes):
        return None
    address = probes[0].address
    if unit is None:
        if (listener := _listens(address, listeners)) is None:
            return None
        server, shown = listener
        who = f"there listens {server}"
    elif not unit.is_running:
        return None
    else:
        command = unit.properties.get("ExecStart", "")
        known = _HTTP_ALONE.search(command)
        if known is None or _TOLD_TO.search(command):
            return None
        server, shown = known["server"], _quote.state(unit, "ActiveState", "ExecStart")
        who = f"{unit.name} runs {server}"
    return Finding(
        cause="protocol_mismatch",
        certainty=Certainty.LIKELY,
        says=f"nginx speaks uwsgi to {address} (uwsgi_pass); {who}, which speaks HTTP",
        because=(_quote.probe(probes[0]), shown),
        restart=_quote.useless("app", "both keep speaking what they are set to speak"),
        next_check=f"`curl -i http://{address}/` from the host: does {server} answer?"
        if not address.startswith("unix:")
        else f"`curl -i --unix-socket {address[5:]} http://localhost/`: does {server} answer?",
        mend=f"proxy_pass http://{address} with proxy_set_header lines (include proxy_params) in place of"
        " uwsgi_pass, then a reload of nginx; or uWSGI in place of the server",
        weight=72,
    )


def _listens(address: str, listeners: ListeningSockets | None) -> tuple[str, Line] | None:
    """The server by the name of its process, and the line that shows it; without root no names are seen."""
    place = _address.split(address)
    if place is None or listeners is None or not _address.is_local(place[0]):
        return None
    for socket in listeners.on_port(place[1]):
        for name, _ in socket.processes:
            if (known := _HTTP_ALONE.search(name)) is not None:
                return known["server"], Line(step="listeners", text=socket.line)
    return None
