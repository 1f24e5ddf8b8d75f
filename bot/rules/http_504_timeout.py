"""The app is alive and too slow."""

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.access_log import AccessLog
from bot.parsers.changes import Changes
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.journal import Journal
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.rules import _fpm, _front, _hangs, _life, _quote, _told
from bot.rules._read_timeout import ReadTimeouts
from bot.rules._release import broke

_SLOW = (Answer.READ_TIMEOUT,)


def http_504_timeout(  # noqa: PLR0913, PLR0917  # slowness shows in each of them
    front: HttpProbes | None,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    config: NginxConfig | None,
    app_journal: Journal | None,
    php_fpm: PhpFpm | None,
    changes: Changes | None,
    access_log: AccessLog | None,
) -> Finding | RuledOut | None:
    """The app answers, but later than nginx waits: clients get 504.

    Why: nginx gave up waiting for the answer's header, while the app answers another path, or this one
    in the end.
    Ruled out when: nothing timed out, neither for nginx nor when the app was asked directly.
    Mistaken when: the app answers nothing at all (app_hang), or cannot accept (fd_limit, backlog_full,
    php_fpm_exhausted).
    Mended by: what the slow request waits for: a query, another service, a lock; a longer read time-out
    where it must take that long, or work done after the answer.
    Not mended by: a restart of an app that answers other requests; larger buffers.
    Source: ngx_http_proxy_module proxy_read_timeout; ngx_http_upstream.c answers 504 for a timeout.
    """
    logged = error_log.of(Fault.READ_TIMEOUT) if error_log else ()
    gateway = [p for p in front.probes if p.status == 504] if front else []
    slow = _slow(upstreams, config)
    hung = _hangs.hung(upstreams.probes) if upstreams else []
    if upstreams is not None and hung and {p.address for p in upstreams.probes} - set(hung):
        # One of several servers answers nothing at all (app_hang): of it nothing here is told.
        logged = tuple(entry for entry in logged if entry.address not in hung)
        slow = [probe for probe in slow if probe.address not in hung]
    if not logged and not gateway and not slow:
        if upstreams is None or not upstreams.that(Answer.ANSWERED):
            return None
        because = (_quote.probe(upstreams.that(Answer.ANSWERED)[0]),)
        return RuledOut(cause="http_504_timeout", says="nothing timed out", because=because)
    if app_journal is not None and app_journal.matching(_life.TOO_MANY_FILES):
        return None
    away = upstreams.that(Answer.REFUSED, Answer.MISSING) if upstreams else ()
    if upstreams is not None and away and len(away) == len(upstreams.probes):
        return None  # a proxy between them made the users wait for an app that is not there
    pools = _fpm.dialled(php_fpm, upstreams, error_log)
    if any(_fpm.is_full(pool) or _fpm.is_deaf(pool) for pool in pools):
        return None
    idle = [pool for pool in pools if logged and _fpm.is_free(pool)][:1]
    late = {id(probe) for probe in slow}
    quick = [p for p in upstreams.probes if p.is_well and id(p) not in late] if upstreams else []
    if upstreams is not None and upstreams.probes and not quick and (slow or not logged):
        return None
    paths = [*(p.path for p in (*gateway, *slow)), *(entry.path for entry in logged)]
    where = next((path for path in paths if path), "some requests")
    return Finding(
        cause="http_504_timeout",
        certainty=Certainty.CONFIRMED
        if ((quick and slow and (logged or gateway)) or (idle and logged))
        and broke(changes, access_log, upstreams) is None
        else Certainty.LIKELY,
        says=f"the app is alive but answers {where} later than nginx waits"
        + _limit(config, upstreams, logged),
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(_quote.probe(probe, "front") for probe in gateway[:1]),
            *(_quote.probe(probe) for probe in (*slow[:1], *quick[:1])),
            *(_fpm.counted(pool) for pool in idle),
        ),
        restart=_quote.useless("app", _why(quick)),
        next_check="what the slow request waits for: database, other service, lock, CPU",
        weight=58,
    )


def _limit(config: NginxConfig | None, upstreams: HttpProbes | None, logged: tuple[NginxError, ...]) -> str:
    """` (3 s)`, where the configuration says one time for what was dialled."""
    dialled = [(e.address, e.protocol) for e in logged if e.address]
    dialled += [(p.address, p.protocol) for p in upstreams.probes] if upstreams else []
    if config is None or not dialled:
        return ""
    seconds = ReadTimeouts(config).of(*dialled[0])
    return f" ({seconds:g} s)" if seconds is not None else ""


def _why(quick: list[Probe]) -> str:
    asked = ", ".join(sorted({probe.path for probe in quick if probe.path not in ("", "-")}))
    answers = f"it answers {asked}, and more was not asked of it; " if asked else ""
    return f"{answers}the request itself takes long, or what it waits for does"


def _slow(upstreams: HttpProbes | None, config: NginxConfig | None) -> list[Probe]:
    told = ReadTimeouts(config) if config else None

    def limit_ms(probe: Probe) -> float:
        seconds = told.of(probe.address, probe.protocol) if told else None
        return 1000 * (60.0 if seconds is None else seconds)

    return [
        probe
        for probe in (upstreams.probes if upstreams else ())
        if probe.answer in _SLOW
        or (probe.answer is Answer.ANSWERED and (probe.total_ms or 0) >= limit_ms(probe))
    ]


def told(signs: Signs) -> Finding | None:
    """The proxy gave up waiting; why the app is slow may stand beside it."""
    said = signs.first("answer_timeout")
    status = next((s for s in signs.of("status", "page") if s["status"].startswith("504")), None)
    first = said or status
    if first is None:
        return None
    says = "the app is asked and does not answer in the time the proxy waits"
    if _front.deeper(signs) is not None:
        return _told.possible("http_504_timeout", 38, says, _WAITS, first, next_check=_CHECK)
    if said is None and signs.has("dial_timeout", "dial_refused", "dial_no_route", "dial_missing"):
        return _told.possible("http_504_timeout", 28, says, _WAITS, first, next_check=_CHECK)
    beside = signs.first("slow_request", "slow_call", "dependency_away", "took")
    weight = 76 if said and (status or beside) else 70 if said else 66
    return _told.likely("http_504_timeout", weight, says, _WAITS, first, status, beside, next_check=_CHECK)


_WAITS = _quote.useless("app", "the request itself takes as long afterwards, or what it waits for does")
_CHECK = (
    "do other paths answer at once, and what does the slow request wait for (database, other service, lock)?"
)
