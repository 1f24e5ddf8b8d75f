"""The app accepts connections and never answers."""

from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _address, _life, _quote

_SILENT = (Answer.READ_TIMEOUT, Answer.CONNECT_TIMEOUT, Answer.BACKLOG_FULL)


def app_hang(
    upstreams: HttpProbes,
    error_log: NginxErrorLog | None,
    listeners: ListeningSockets | None,
    app_journal: Journal | None,
) -> Finding | RuledOut | None:
    """The app takes connections (or its queue is full of them) but answers none, not even its health path.

    Why: asked directly, every path times out; the process is there.
    Ruled out when: it answers at least one path in time.
    Mistaken when: every path waits for the same slow dependency, so that it would answer in the end.
    Source: tcp(7) listen queue; ngx_http_proxy_module proxy_read_timeout.
    """
    asked = [probe for probe in upstreams.probes if probe.protocol in ("http", "https")]
    silent = [probe for probe in asked if probe.answer in _SILENT]
    if len(silent) < len(asked) or not asked:
        answered = upstreams.that(Answer.ANSWERED)
        if not answered:
            return None
        says = "the app answers at least one path in time"
        return RuledOut(cause="app_hang", says=says, because=(_quote.probe(answered[0]),))
    if app_journal is not None and app_journal.matching(_life.TOO_MANY_FILES):
        return None
    waiting = _waiting(silent[0].address, listeners)
    if not waiting and not any(probe.answer is Answer.READ_TIMEOUT for probe in silent):
        return None
    logged = error_log.of(Fault.READ_TIMEOUT, Fault.CONNECT_TIMEOUT) if error_log else ()
    return Finding(
        cause="app_hang",
        certainty=Certainty.CONFIRMED if waiting else Certainty.LIKELY,
        says=f"the app at {silent[0].address} takes connections and answers none",
        because=(*(_quote.probe(p) for p in silent[:2]), *waiting, *(_quote.error(e) for e in logged[:1])),
        restart=_quote.helps(
            "app", "the process is stuck; a new one answers, until whatever stuck it comes back"
        ),
        next_check="a stack dump of the process before it is restarted"
        if waiting
        else "what the app waits for",
        weight=62,
    )


def _waiting(address: str, listeners: ListeningSockets | None) -> tuple[Line, ...]:
    """Connections that nobody accepts: the sockets on that address with a queue."""
    place = _address.split(address)
    if listeners is None or place is None:
        return ()
    queued = [s for s in listeners.on_port(place[1]) if s.waiting > 0]
    return tuple(Line(step="listeners", text=socket.line) for socket in queued[:1])
