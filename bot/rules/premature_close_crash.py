"""The app drops connections in the middle of a request."""

from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.kernel_log import KernelLog
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _life, _quote


def premature_close_crash(
    error_log: NginxErrorLog | None,
    upstreams: HttpProbes | None,
    app_journal: Journal | None,
    kernel_log: KernelLog | None,
) -> Finding | RuledOut | None:
    """A worker of the app dies, or gives up, on a request: it closes the connection before it has answered.

    Why: nginx saw the connection closed or reset before a header came, and asked directly the app does
    it again
    (or the kernel logged a crash).
    Ruled out when: asked directly, everything is answered, and nginx saw no early close.
    Mistaken when: a pooled connection was reused just as it was closed (keepalive_race_reset), the app server
    killed its own worker (upstream_timeout_worker_kill), or another protocol is spoken there.
    Source: ngx_http_upstream.c ngx_http_upstream_process_header; segfault lines of the kernel.
    """
    logged = error_log.of(Fault.CLOSED_EARLY, Fault.RESET, Fault.CUT_SHORT) if error_log else ()
    dropped = upstreams.that(Answer.CLOSED, Answer.RESET) if upstreams else ()
    crashes = kernel_log.crashes if kernel_log else ()
    if not logged and not dropped:
        if upstreams is None or not upstreams.probes:
            return None
        return RuledOut(cause="premature_close_crash", says="no connection was closed before its answer")
    words = _life.last_words(app_journal)
    is_cut = any(entry.fault is Fault.CUT_SHORT for entry in logged)
    sure = bool(dropped) and bool(logged or crashes)
    return Finding(
        cause="premature_close_crash",
        certainty=Certainty.CONFIRMED
        if sure
        else Certainty.LIKELY
        if dropped or crashes or is_cut
        else Certainty.POSSIBLE,
        says="the app closes connections before it has answered"
        + (f": {words.message.strip()}" if words and dropped else ""),
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(_quote.probe(probe) for probe in dropped[:1]),
            *(_quote.kernel(event) for event in crashes[-1:]),
            *((_quote.logged(words),) if words else ()),
        ),
        restart=_quote.useless(
            "app", "it drops the same request again; other requests are answered meanwhile"
        ),
        next_check=None if sure else "the app's log at the second of the error: does a worker die there?",
        weight=55,
    )
