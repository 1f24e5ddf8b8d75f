"""HTTP to a uwsgi socket, or uwsgi to one that takes HTTP: the app server hangs up without an answer.

Source: uWSGI core/protocol.c: bytes 2 and 3 of what comes are the packet's size, of `GET ` they are 21573;
ngx_http_uwsgi_module.c.
"""

import re

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote

#: GET, POST, HEAD, PUT, DELETE, OPTIONS, PATCH, CONNECT, TRACE and a TLS hello, read as a size.
LETTERS = re.compile(
    r"invalid request block size: (?:21573|21327|16709|21589|19525|21584|21569|20047|16722|259|769)\b"
)
_OTHER = re.compile(r"answers when asked by (?P<protocol>http|uwsgi)\b")


def finding(
    error_log: NginxErrorLog | None, upstreams: HttpProbes | None, app_journal: Journal | None
) -> Finding | None:
    """The mismatch, by what the app answers to or by its own words; None where neither tells of one."""
    closed = upstreams.that(Answer.CLOSED, Answer.RESET) if upstreams else ()
    told = next(((probe, m) for probe in closed if (m := _OTHER.search(probe.detail))), None)
    logged = error_log.of(Fault.CLOSED_EARLY, Fault.RESET) if error_log else ()
    # To a socket that nginx speaks uwsgi to, it was our own probe that spoke HTTP.
    spoken_to = {probe.protocol for probe in closed} | {entry.protocol for entry in logged}
    said = app_journal.matching(LETTERS) if app_journal and spoken_to == {"http"} else ()
    if told is None and not said:
        return None
    wants = told[1]["protocol"] if told else "uwsgi"
    spoken = told[0].protocol if told else "http"
    mend = (
        "uwsgi_pass (with uwsgi_params) in place of proxy_pass, or http-socket= in place of socket= in uWSGI"
        if wants == "uwsgi"
        else "proxy_pass in place of uwsgi_pass, or a socket of uWSGI (socket=, not http-socket=) for it"
    )
    return Finding(
        cause="protocol_mismatch",
        certainty=Certainty.CONFIRMED if told or closed else Certainty.LIKELY,
        says=f"nginx speaks {spoken} where the app speaks {wants}: it hangs up without an answer",
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *((_quote.probe(told[0]),) if told else ()),
            *(_quote.logged(entry) for entry in said[:1]),
        ),
        restart=_quote.useless("app", "both keep speaking what they are set to speak"),
        mend=mend,
        weight=87,
    )
