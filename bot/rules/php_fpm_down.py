"""PHP-FPM does not run."""

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.unit_state import UnitState
from bot.rules import _quote


def php_fpm_down(
    error_log: NginxErrorLog | None, upstreams: HttpProbes | None, unit: UnitState | None
) -> Finding | None:
    """nginx speaks FastCGI to a place where no PHP-FPM listens.

    Why: a fastcgi upstream refuses or its socket is missing.
    Ruled out when: the FastCGI socket takes connections.
    Mistaken when: PHP-FPM listens elsewhere, e.g. after a PHP upgrade renamed its socket (socket_missing).
    Source: ngx_http_fastcgi_module fastcgi_pass; php-fpm `listen`.
    """
    faults = error_log.of(Fault.REFUSED, Fault.SOCKET_MISSING) if error_log else ()
    logged = [entry for entry in faults if entry.protocol == "fastcgi"]
    dead = [
        p
        for p in (upstreams.that(Answer.REFUSED, Answer.MISSING) if upstreams else ())
        if p.protocol == "fastcgi"
    ]
    if not logged and not dead:
        return None
    down = unit is not None and not unit.is_running
    is_php = unit is not None and "php" in unit.name
    return Finding(
        cause="php_fpm_down",
        certainty=Certainty.CONFIRMED if down and is_php and dead else Certainty.LIKELY,
        says="nothing answers where nginx speaks FastCGI",
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(_quote.probe(probe) for probe in dead[:1]),
            *((_quote.state(unit, "ActiveState", "Result"),) if unit is not None else ()),
        ),
        restart=_quote.helps("app", "PHP-FPM only has to be started")
        if down and unit is not None and unit.result == "success"
        else _quote.useless("app", "it is not known why it is not there"),
        next_check="does php-fpm run, and on which socket does it listen?",
        weight=41,
    )
