"""nginx cannot resolve an upstream's name while it runs."""

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote


def dns_unresolved(error_log: NginxErrorLog, upstreams: HttpProbes | None) -> Finding | None:
    """A name that nginx looks up at run time does not resolve: no resolver, a wrong one, or none that
    answers.

    Why: nginx says which name could not be resolved, and why.
    Ruled out when: nginx does not say so.
    Mistaken when: the resolver was away for a moment only.
    Source: ngx_resolver.c; ngx_http_core_module resolver.
    """
    logged = error_log.of(Fault.NAME)
    if not logged:
        return None
    also = upstreams.that(Answer.NOT_RESOLVED) if upstreams else ()
    return Finding(
        cause="dns_unresolved",
        certainty=Certainty.CONFIRMED,
        says=f"nginx cannot resolve an upstream's name: {logged[0].message.split(', client')[0]}",
        because=(_quote.error(logged[0]), *(_quote.probe(probe) for probe in also[:1])),
        restart=_quote.useless("app", "the name is looked up by nginx"),
        weight=68,
    )
