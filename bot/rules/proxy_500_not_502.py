"""nginx itself answers 500."""

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote


def proxy_500_not_502(
    front: HttpProbes, upstreams: HttpProbes | None, error_log: NginxErrorLog | None
) -> Finding | None:
    """nginx makes the 500 itself, e.g. by a redirection cycle in its configuration; the app is well.

    Why: nginx answers 500 while the app, asked directly, answers the same path well.
    Ruled out when: the app itself answers 500 (app_500).
    Mistaken when: the app answers differently to nginx's headers than to ours.
    Source: ngx_http_core_module.c "rewrite or internal redirection cycle".
    """
    own = [p for p in front.that(Answer.ANSWERED) if p.status == 500]
    well = {p.path for p in upstreams.probes if p.is_well} if upstreams else set()
    loops = error_log.of(Fault.LOOP) if error_log else ()
    own = [p for p in own if p.path in well]
    if not own and not loops:
        return None
    return Finding(
        cause="proxy_500_not_502",
        certainty=Certainty.CONFIRMED if own and loops else Certainty.LIKELY,
        says="nginx itself answers 500; the app is well",
        because=(
            *(_quote.probe(probe, "front") for probe in own[:1]),
            *(_quote.error(entry) for entry in loops[:1]),
        ),
        restart=_quote.useless("app", "it is not the app that fails"),
        next_check="nginx's error log at the second of the 500",
        weight=35,
    )
