"""The answer of an app that speaks FastCGI, as nginx passes it on: nobody can ask such an app by HTTP."""

from collections.abc import Sequence

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.access_log import AccessLog
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.rules import _php_error, _quote

#: Statuses that nginx makes itself when the app does not answer.
_GATEWAY = (502, 504)
#: The same, and what it answers to whoever is beyond a limit or finds it in maintenance.
OF_NGINX = (*_GATEWAY, 503)
#: For these nginx answers 500 itself, and says so. Source: ngx_http_core_module.c, ngx_event_connect.c.
_OWN_500 = (Fault.LOOP, Fault.CONNECTIONS, Fault.FD_LIMIT, Fault.DISK_FULL, Fault.NO_MEMORY)


def _broken_page(error: _php_error.PhpError, asked: Sequence[Probe]) -> Finding:
    """The script ended by an error after the answer had begun, or with display_errors: its status is good."""
    probe = next(probe for probe in asked if probe.path == error.path)
    return Finding(
        cause="app_500",
        certainty=Certainty.LIKELY,
        says=f"PHP ends {error.path} by an error, though its status is {probe.status}: {error.words}",
        because=(error.line, _quote.probe(probe, "front")),
        restart=_quote.useless("app", "FPM runs; the script, its settings or what it depends on fails"),
        next_check=f"what users see on {error.path}: a broken page, or the error itself (display_errors)",
        weight=57,
    )


def speaks_no_http(upstreams: HttpProbes) -> bool:
    """Everything asked takes FastCGI connections, though maybe not ours: a socket is often nginx's alone."""
    return bool(upstreams.probes) and all(
        probe.protocol == "fastcgi" and probe.answer in (Answer.CONNECTED, Answer.DENIED)
        for probe in upstreams.probes
    )


def failed(
    front: HttpProbes | None,
    error_log: NginxErrorLog | None,
    fpm: PhpFpm | None,
    journal: Journal | None,
    access_log: AccessLog | None,
) -> Finding | None:
    """A 500 that came from PHP: nginx took it as it was, and PHP says why, or nobody else does."""
    asked = front.that(Answer.ANSWERED) if front else ()
    bad = [p for p in asked if p.status is not None and p.status >= 500 and p.status not in _GATEWAY]
    failures = access_log.failures if access_log else ()
    others = [r for r in failures if r.status not in _GATEWAY]
    if error_log is not None and error_log.of(*_OWN_500):
        return None
    errors = _php_error.fatal(error_log, fpm, journal)
    if not bad and not others:
        broken = next((e for e in errors if any(e.path == probe.path for probe in asked)), None)
        return _broken_page(broken, asked) if broken else None
    paths = [*(probe.path for probe in bad), *(request.path for request in others)]
    error = next((e for e in errors if e.path in paths), next(iter(errors), None))
    status, path = (bad[0].status, bad[0].path) if bad else (others[0].status, others[0].path)
    well = sorted({probe.path for probe in asked if probe.is_well})
    return Finding(
        cause="app_500",
        certainty=Certainty.CONFIRMED if error else Certainty.LIKELY,
        says=f"PHP answers {status} on {path}" + (f": {error.words}" if error else ""),
        because=(
            *(_quote.probe(probe, "front") for probe in bad[:1]),
            *((error.line,) if error else ()),
            *(_quote.request(request) for request in others[:1]),
        ),
        restart=_quote.useless(
            "app",
            (f"it answers {', '.join(well)}; " if well else "FPM takes requests and answers them; ")
            + "the script, its settings or what it depends on fails",
        ),
        next_check=None
        if error
        else "PHP's own error log at that second (error_log in php.ini or in the pool, log_errors = on)",
        weight=60,
    )
