"""nginx speaks uwsgi to a server that speaks HTTP alone: it waits for the rest of a line, or hangs up.

Source: gunicorn http/message.py (reads on to the end of a line), uvicorn and hypercorn (h11, httptools);
uwsgi-docs Protocol: a packet's head is four bytes, and no line ends there.
"""

import re

from bot.model.verdict import Certainty, Finding
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.unit_state import UnitState
from bot.rules import _quote

_HTTP_ALONE = re.compile(r"\b(?P<server>gunicorn|uvicorn|hypercorn|daphne|waitress-serve)\b")
#: gunicorn's later versions can be told to.
_TOLD_TO = re.compile(r"--protocol[= ]uwsgi")
_NO_ANSWER = (Answer.READ_TIMEOUT, Answer.CLOSED, Answer.RESET, Answer.NOT_HTTP)


def asked_by_uwsgi(unit: UnitState | None, upstreams: HttpProbes | None) -> Finding | None:
    """All that nginx dials it dials by uwsgi_pass, and what the unit runs is known to speak HTTP."""
    probes = upstreams.probes if upstreams else ()
    if unit is None or not unit.is_running or not probes:
        return None
    if not all(p.protocol == "uwsgi" and p.answer in _NO_ANSWER for p in probes):
        return None
    command = unit.properties.get("ExecStart", "")
    known = _HTTP_ALONE.search(command)
    if known is None or _TOLD_TO.search(command):
        return None
    server, address = known["server"], probes[0].address
    return Finding(
        cause="protocol_mismatch",
        certainty=Certainty.LIKELY,
        says=f"nginx speaks uwsgi to {address} (uwsgi_pass); {unit.name} runs {server}, which speaks HTTP",
        because=(_quote.probe(probes[0]), _quote.state(unit, "ActiveState", "ExecStart")),
        restart=_quote.useless("app", "both keep speaking what they are set to speak"),
        next_check=f"`curl -i http://{address}/` from the host: does {server} answer?"
        if not address.startswith("unix:")
        else f"`curl -i --unix-socket {address[5:]} http://localhost/`: does {server} answer?",
        mend=f"proxy_pass http://{address} with proxy_set_header lines (include proxy_params) in place of"
        " uwsgi_pass, then a reload of nginx; or uWSGI in place of the server",
        weight=72,
    )
