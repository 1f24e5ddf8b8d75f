"""A pooled connection was used just as the app closed it."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.access_log import AccessLog
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.rules import _front, _outage, _quote, _told


def keepalive_race_reset(
    error_log: NginxErrorLog,
    config: NginxConfig | None,
    upstreams: HttpProbes | None,
    access_log: AccessLog | None,
) -> Finding | None:
    """nginx keeps connections to the app open and now and then reuses one that the app has just closed.

    Why: sporadic resets or early closes, while the same paths are answered, and `keepalive` stands in
    the upstream; or most of these requests were answered all the same, for nginx repeats at once what
    broke on a kept connection.
    Ruled out when: nginx keeps no connections open, or the app drops requests on fresh connections too.
    Mistaken when: a worker dies now and then (premature_close_crash).
    Mended by: a keep-alive time in the app longer than the proxy's (keepalive_timeout of the group below
    the app's), proxy_next_upstream for safe methods, or no pool.
    Not mended by: a restart of anything, a longer read time-out.
    Source: ngx_http_upstream_module keepalive; RFC 9112 section 9.3.1; php-src fpm_children.c;
    ngx_http_upstream.c ngx_http_upstream_next (peer.cached).
    """
    logged = error_log.of(Fault.RESET, Fault.CLOSED_EARLY)
    pooled = config.named("keepalive") if config else ()
    if not logged or not pooled or upstreams is None or upstreams.that(Answer.CLOSED, Answer.RESET):
        return None
    asked = len(access_log.requests) if access_log else 0
    is_rare = asked > 20 * len(logged) or 2 * _repeated(logged, access_log) > len(logged)
    return Finding(
        cause="keepalive_race_reset",
        certainty=Certainty.LIKELY if is_rare else Certainty.POSSIBLE,
        says=f"{len(logged)} request{'s' if len(logged) > 1 else ''} met a pooled connection that the app had"
        " just closed",
        because=(_quote.error(logged[0]), Line(step="config", text=pooled[0].text)),
        restart=_quote.useless("app", "the two idle times stay as they are"),
        next_check="the app's keep-alive time against nginx's keepalive_timeout of the upstream",
        weight=57 if is_rare else 12,
    )


def _repeated(logged: Sequence[NginxError], access_log: AccessLog | None) -> int:
    """How many were answered in the same moment after all; the access log has a request when it ends."""
    requests = access_log.requests if access_log else ()
    count = 0
    for entry in logged:
        at, path = entry.at, entry.path.split("?", 1)[0]
        if at is None or at.tzinfo is None:
            continue
        near = [r for r in requests if r.at and r.path == path and timedelta() <= r.at - at <= _MOMENT]
        count += bool(near) and not any(request.failed for request in near)
    return count


_MOMENT = timedelta(seconds=1)


def told(signs: Signs) -> Finding | None:
    """Pooled connections and now and then a break; a break alone fits a crash as well."""
    reused = signs.first("conn_reused")
    broken = signs.first("answer_reset", "answer_closed") or reused
    shorter = signs.first("idle_shorter")
    failed = broken or next(iter(_outage.gateway_errors(signs)), None) or signs.first("page")
    if shorter is not None and _front.deeper(signs) is None:
        says = f"the app closes idle connections after {shorter['app']} s, the proxy reuses them for"
        says = f"{says} {shorter['proxy']} s"
        return _told.likely("keepalive_race_reset", 84, says, _AGAIN, shorter, failed, next_check=_CHECK)
    if broken is None:
        return None
    if signs.has("tls_not_spoken", "answer_not_protocol", "header_too_big"):
        return None
    pool = _front.setting(signs, "keepalive") or reused
    says = "a pooled connection may be used just as the app closes it"
    if _front.deeper(signs) is not None:
        return _told.possible("keepalive_race_reset", 18, says, _AGAIN, broken, next_check=_CHECK)
    if pool is not None:
        return _told.likely("keepalive_race_reset", 80, says, _AGAIN, broken, pool, next_check=_CHECK)
    # FPM names no child's end that its process management asked for: this one had served pm.max_requests.
    retired = next((s for s in signs.where("exited", code="0") if "[pool " in s.line), None)
    if retired is not None and not signs.has("crashed", "killed"):
        says = "a child of PHP-FPM ended as told, after pm.max_requests, and closed the connection kept to it"
        return _told.likely("keepalive_race_reset", 66, says, _AGAIN, broken, retired, next_check=_RETIRED)
    # FastCGI and uwsgi connections are not pooled unless told to.
    is_pooled = not any(name in broken.line for name in ("fastcgi://", "uwsgi://", "scgi://"))
    is_pooled = is_pooled and not any(
        s["protocol"] in ("fastcgi", "uwsgi", "scgi") for s in signs.of("dials")
    )
    said = (*signs.unread, *(sign.line for sign in signs.all))
    is_pooled = is_pooled and not any(_NO_POOL.search(line) for line in said)
    now_and_then = signs.first("sporadic")
    if now_and_then is not None and is_pooled:
        return _told.likely("keepalive_race_reset", 66, says, _AGAIN, broken, now_and_then, next_check=_CHECK)
    well = [s for s in signs.of("status") if s["status"][:1] in ("2", "3")]
    if well and is_pooled:
        return _told.likely("keepalive_race_reset", 62, says, _AGAIN, broken, well[-1], next_check=_CHECK)
    weight = (44 if broken.kind == "answer_reset" else 36) if is_pooled else 16
    if broken["proxy"] in _POOLING:
        weight = max(weight, 50)
    return _told.possible("keepalive_race_reset", weight, says, _AGAIN, broken, next_check=_CHECK)


#: Where the proxy's line was cut before the address, the story still says whom it asks; uWSGI's own HTTP
#: router closes after each answer unless it is given http-keepalive.
_NO_POOL = re.compile(
    r"php\S{0,5}[-_ ]?fpm|fastcgi_pass|\buwsgi\b.{0,60}--http\b(?!-)(?!.*keep-?alive)", re.IGNORECASE
)
#: They keep connections to backends open without being told; nginx does not.
_POOLING = ("apache", "envoy", "haproxy", "cloud", "varnish", "h2o", "traefik", "caddy")
_AGAIN = _quote.useless("app", "the race of the two time-outs stays")
_RETIRED = "fastcgi_keep_conn and pm.max_requests: do the errors end with either of them off?"
_CHECK = (
    "the app's keep-alive time against the proxy's, and whether only requests on reused connections break"
)
