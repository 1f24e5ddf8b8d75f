"""nginx limits requests or connections of a client."""

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _front, _outage, _quote, _told


def rate_limited_503(signs: Signs) -> Finding | None:
    """Not a 502: nginx refuses requests beyond its own limit (limit_req, limit_conn), with 503 unless
    told otherwise.

    Why: nginx says "limiting requests" or "limiting connections" and names the zone.
    Ruled out when: nothing is limited.
    Mistaken when: it only delays ("delaying request"), or another trouble makes clients repeat themselves.
    Mended by: a larger rate or burst, a key that tells clients apart behind a balancer (real_ip), or
    fewer requests.
    Not mended by: a restart of anything.
    Source: ngx_http_limit_req_module, ngx_http_limit_conn_module (limit_req_status, default 503); Envoy
    "Circuit breaking" (UO, 503).
    """
    said = [s for s in signs.of("rate_limited") if "delaying" not in s["what"].lower()]
    if said:
        zone = f" (zone {said[0]['zone']})" if said[0]["zone"] else ""
        says = f"nginx refuses requests beyond its own limit{zone}"
        if _front.upstream_trouble(signs) and not signs.where("status", status="503"):
            return _told.likely("rate_limited_503", 62, says, _LIMIT, said[0], next_check=_CHECK)
        if not said[0]["zone"] and "limiting" not in said[0]["what"].lower():
            says = "requests beyond a limit are refused; by whom is not said"
            return _told.likely("rate_limited_503", 72, says, _LIMIT, said[0], next_check=_CHECK)
        return _told.confirmed("rate_limited_503", 93, says, _LIMIT, said[0])
    opened = signs.first("circuit_open")
    if opened is not None:
        says = "the proxy refuses requests beyond its own limit for that cluster: its circuit breaker is open"
        slow = _outage.broken_or_slow(signs)
        weight = 62 if slow is not None else 78  # requests pile up behind a slow app, too
        return _told.likely("rate_limited_503", weight, says, _LIMIT, opened, slow, next_check=_OVERFLOW)
    delayed = signs.first("rate_limited")
    if delayed is not None:
        says = "nginx delays requests beyond its own rate"
        return _told.possible("rate_limited_503", 40, says, _LIMIT, delayed, next_check=_CHECK)
    limit = _front.setting(signs, "limit_req") or _front.setting(signs, "limit_conn")
    status = next((s for s in signs.of("status", "page") if s["status"][:3] in ("503", "429")), None)
    if limit is None or status is None:
        return None
    says = "nginx may refuse requests beyond its own limit"
    return _told.likely("rate_limited_503", 66, says, _LIMIT, limit, status, next_check=_CHECK)


_LIMIT = _quote.useless("app", "the limit is nginx's")
_OVERFLOW = (
    "the cluster's circuit_breakers (1024 each unless set) against its active requests and how long they take"
)
_CHECK = "`limiting requests` or `limiting connections` in nginx's error log at that second"
