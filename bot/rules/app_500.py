"""The app is alive and answers 500 itself."""

from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers.access_log import AccessLog
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.journal import Journal
from bot.rules import _life, _quote


def app_500(
    upstreams: HttpProbes, app_journal: Journal | None, access_log: AccessLog | None
) -> Finding | RuledOut | None:
    """Not nginx: the app answers, and its answer is a server error.

    Why: asked directly, past nginx, it sends a status of 500 or above.
    Ruled out when: everything asked of the app directly is answered below 500.
    Mistaken when: the app is itself a proxy and passes on what stands behind it.
    Source: RFC 9110 section 15.6; ngx_http_proxy_module passes an upstream's status on.
    """
    answered = upstreams.that(Answer.ANSWERED)
    bad = [probe for probe in answered if probe.status is not None and probe.status >= 500]
    if not bad:
        if not answered:
            return None
        because = (_quote.probe(answered[0]),)
        return RuledOut(cause="app_500", says="asked directly, the app answers below 500", because=because)
    words = _life.last_words(app_journal)
    requests = tuple(_quote.request(r) for r in access_log.failures[:1]) if access_log else ()
    return Finding(
        cause="app_500",
        certainty=Certainty.CONFIRMED,
        says=f"the app itself answers {bad[0].status} on {bad[0].path}"
        + (f": {words.message}" if words else ""),
        because=(_quote.probe(bad[0]), *((_quote.logged(words),) if words else ()), *requests),
        restart=_quote.useless("app", _why(bad, answered)),
        weight=60,
    )


def _why(bad: list[Probe], answered: tuple[Probe, ...]) -> str:
    if len(bad) < len(answered):
        return "the process is well and answers other paths; the error is in what it does for this one"
    return "the process runs and answers; the error is in its code, its settings or what it depends on"
