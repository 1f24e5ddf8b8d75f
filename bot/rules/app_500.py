"""The app is alive and answers 500 itself."""

import re
from dataclasses import replace

from bot.model.host import Host
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers.access_log import AccessLog
from bot.parsers.changes import Changes
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import _last_words, _outage, _passed_on, _quote, _shut_socket, _since_end, _told
from bot.rules._mend_by_words import mend_by_words
from bot.rules._release import broke, is_stale
from bot.rules._since_end import Since


def app_500(  # noqa: PLR0913, PLR0917  # asked directly, or through nginx where it speaks no HTTP
    upstreams: HttpProbes,
    app_journal: Journal | None,
    access_log: AccessLog | None,
    front: HttpProbes | None,
    error_log: NginxErrorLog | None,
    php_fpm: PhpFpm | None,
    changes: Changes | None,
    unit: UnitState | None,
    host: Host,
) -> Finding | RuledOut | None:
    """Not nginx: the app answers, and its answer is a server error.

    Why: asked directly, past nginx, it sends a status of 500 or above; of PHP-FPM, which cannot be asked so,
    nginx passes on a 500 and PHP's own fatal error stands in a log; the same
    of a socket that is nginx's alone.
    Ruled out when: everything asked of the app directly is answered below 500.
    Mistaken when: the app is itself a proxy and passes on what stands behind it.
    Mended by: a correction in the app, its settings or its data, found by its own error log at that second.
    Not mended by: anything at nginx; a restart, unless the app holds stale state
    or has not been started since its settings were changed.
    Source: RFC 9110 section 15.6; ngx_http_proxy_module passes an upstream's status on.
    """
    if _passed_on.speaks_no_http(upstreams):
        return _passed_on.failed(front, error_log, php_fpm, app_journal, access_log)
    if (shut := _shut_socket.failed(upstreams, front, error_log, app_journal)) is not None:
        return shut
    answered = upstreams.that(Answer.ANSWERED)
    bad = [probe for probe in answered if probe.status is not None and probe.status >= 500]
    if not bad:
        if not answered or len(answered) < len(upstreams.probes):
            return None  # the path that was not answered may be the one that fails
        because = (_quote.probe(answered[0]),)
        return RuledOut(cause="app_500", says="asked directly, the app answers below 500", because=because)
    words = _last_words.last_words(app_journal)
    since = _unread(unit, changes, host)
    requests = tuple(_quote.request(r) for r in access_log.failures[:1]) if access_log else ()
    return Finding(
        cause="app_500",
        certainty=Certainty.LIKELY
        if is_stale(unit, changes) or broke(changes, access_log, upstreams)
        else Certainty.CONFIRMED,
        says=f"the app itself answers {bad[0].status} on {bad[0].path}{_beside(bad, answered)}"
        + (f": {words.message}" if words else ""),
        because=(
            _quote.probe(bad[0]),
            *((_quote.logged(words),) if words else ()),
            *requests,
            *(since.because if since else ()),
        ),
        restart=since.advice if since else _quote.useless("app", _why(bad, answered)),
        mend=mend_by_words(None, words.message) if words else None,
        weight=60,
    )


def _unread(unit: UnitState | None, changes: Changes | None, host: Host) -> Since | None:
    """Its unit or environment is younger than the process that answers; the release is judged elsewhere."""
    if unit is None or changes is None or not unit.is_running:
        return None
    return _since_end.changed(replace(changes, link=None), host, unit, None)


def _beside(bad: list[Probe], answered: tuple[Probe, ...]) -> str:
    """What is answered well all the same; a health path may ask for more than visitors do."""
    well = sorted({p.path for p in answered if p.is_well} - {p.path for p in bad})
    return f" and answers {', '.join(well)} well" if well and all(p.status == 503 for p in bad) else ""


def _why(bad: list[Probe], answered: tuple[Probe, ...]) -> str:
    if len(bad) < len(answered):
        well = ", ".join(sorted({probe.path for probe in answered} - {probe.path for probe in bad}))
        return f"it answers {well or 'others'}; the error is in what it does for {bad[0].path}"
    if all(probe.status == 503 for probe in bad):
        return (
            "the process runs and says itself that it does not serve now: maintenance, overload, or what it"
            " needs is away"
        )
    return "the process runs and answers; the error is in its code, its settings or what it depends on"


def told(signs: Signs) -> Finding | None:
    """A status of 500 that the app itself sent."""
    own = [s for s in signs.of("status") if _is_failure(s["upstream_status"])]
    asked = [s for s in signs.of("answers") if _is_failure(s["status"])]
    error = signs.first("app_error") or next(iter(signs.where("missing_module", app="php")), None)
    plain = next((s for s in signs.where("status", status="500") if not s["upstream_status"]), None)
    says = "the app is there and answers with an error of its own"
    short = signs.first("no_memory", "out_of_memory")
    if (own or asked) and short is not None:
        says = "the app answers with an error of its own; memory is short behind it"
        return _told.likely("app_500", 62, says, _SAME_AGAIN, *[*own, *asked][:1], short, next_check=_CHECK)
    if asked and not own and signs.has("placeholder", "port_stranger"):
        says = "what has the port answers with an error of its own; it may be another program than the app"
        return _told.likely("app_500", 68, says, _SAME_AGAIN, asked[0], error, next_check=_CHECK)
    if (own or asked) and not signs.has(*_outage.DEAF):
        return _sent(signs, (*own, *asked)[:2], error)
    bare = signs.first("no_app_loaded")
    if bare is not None and not signs.has(*_outage.DEAF):
        says = "the app server runs without its app, and answers 500 itself"
        weight = (
            86 if plain or _is_seen(signs) else 70
        )  # without a 500 seen, that its start failed is what there is to say
        return _told.likely("app_500", weight, says, _SAME_AGAIN, bare, plain, next_check=_CHECK)
    limits = signs.has("connections_limit", "fd_limit", "config_invalid", "pool_exhausted", "disk_full")
    if limits or signs.has(*_outage.DEAF):
        return None
    failing = signs.has(
        "app_failed", "crashed", "worker_timeout", "migration_failed", "killed", "heap_exhausted"
    )
    missing = signs.first("schema_missing")
    if missing is not None and not failing and _outage.any_sign(signs) is None and _on_request(signs):
        says = "requests throw for a table or column that is not there, and the app answers 500"
        return _told.likely("app_500", 72, says, _SAME_AGAIN, missing, plain, next_check=_CHECK)
    if error is not None:
        weight = 44 if failing else 78 if plain else 64
        if failing or _outage.any_sign(signs):
            return _told.possible("app_500", min(weight, 52), says, _SAME_AGAIN, error, next_check=_CHECK)
        return _told.likely("app_500", weight, says, _SAME_AGAIN, error, plain, next_check=_CHECK)
    handler = signs.first("handler_died")
    if plain is not None and handler is not None and not signs.has(*_outage.BROKEN):
        says = "a handler of the app fails on the request, and the app answers 500 for it"
        return _told.likely("app_500", 82, says, _SAME_AGAIN, plain, handler, next_check=_CHECK)
    away = signs.first("dependency_away", "schema_missing")
    if plain is not None and away is not None:
        says = "the app answers 500 because a store it needs does not answer it"
        return _told.likely("app_500", 74, says, _SAME_AGAIN, plain, away, next_check=_CHECK)
    if plain is None and away is None:
        return None
    if plain is None:
        return _told.possible("app_500", 45, says, _SAME_AGAIN, away, next_check=_CHECK)
    return _told.possible("app_500", 50, says, _SAME_AGAIN, plain, next_check=_CHECK)


_SAME_AGAIN = _quote.useless(
    "app", "the process is there; the error is in its code, settings, data or stores"
)
_CHECK = "the app's own error log at the second of the request"


def _sent(signs: Signs, sent: tuple[Sign, ...], error: Sign | None) -> Finding:
    """The app's own answer; an app server that has no app loaded gives it as well."""
    if signs.has("no_app_loaded", "missing_setting"):
        says = "the app server runs without its app, and answers 500 itself"
        return _told.likely("app_500", 84, says, _SAME_AGAIN, sent[0], error, next_check=_CHECK)
    says = "the app is there and answers with an error of its own"
    return _told.confirmed("app_500", 91, says, _SAME_AGAIN, *sent, error)


def _is_seen(signs: Signs) -> bool:
    """Somebody quotes the page of a 500, which only a server that runs can send."""
    lines = (*signs.unread, *(s.line for s in signs.of("page", "app_error")))
    return any("Internal Server Error" in line for line in lines)


def _is_failure(status: str) -> bool:
    """500 and its kin, not what a gateway says about others."""
    return status in ("500", "501", "505", "507", "508", "511")


_REQUEST = re.compile(
    r"PHP message|FastCGI sent in stderr|\b(?:GET|POST|PUT|PATCH|DELETE) /|Internal Server Error|request_id"
    r"|wsgi\.py|handlers?/exception\.py|dispatch_request|ActionController|ActionView|Servlet|Connection->run\("
)


def _on_request(signs: Signs) -> bool:
    """The text speaks of a request: its line, or the stack of a server that handles one."""
    said = (*(sign.line for sign in signs.all), *signs.unread[:200])
    return any(_REQUEST.search(line) for line in said)
