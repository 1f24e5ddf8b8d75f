"""Which requests of nginx's access log speak of now and of the site asked about.

The log names no site, so what sites share is told apart by what else is known of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.parsers.access_log import AccessLog, Request
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_error_log import NginxError

#: With a good answer now, a fault that was not seen for so long and then went well is over.
QUIET = timedelta(seconds=60)


def without_errors(access: AccessLog, theirs: Sequence[NginxError]) -> AccessLog:
    """Failures that were logged as errors of another site go aside."""
    seen = {(e.path.split("?", 1)[0], e.at) for e in theirs if e.at}
    marks = {(path, at + timedelta(seconds=s)) for path, at in seen for s in (-1, 0, 1, 2)}
    is_theirs = [r.failed and (r.path, r.at) in marks for r in access.requests]
    kept = tuple(r for r, other in zip(access.requests, is_theirs, strict=True) if not other)
    aside = tuple(r for r, other in zip(access.requests, is_theirs, strict=True) if other)
    return replace(access, requests=kept, earlier=aside)


def without_others(access: AccessLog, *, is_other_ill: bool) -> AccessLog:
    """In a log that sites share a good answer may be anybody's, and while another is ill a bad one too."""
    is_own = [r.is_probe or (r.failed and not is_other_ill) for r in access.requests]
    own = tuple(r for r, ours in zip(access.requests, is_own, strict=True) if ours)
    others = tuple(r for r, ours in zip(access.requests, is_own, strict=True) if not ours)
    probes = tuple(r for r in access.earlier if r.is_probe)
    return replace(access, requests=own, earlier=probes, others=others)


def without_limited(access: AccessLog, limited: frozenset[str]) -> AccessLog:
    """Where others are served, what nginx refused to clients beyond its limit goes aside: it is told to.

    Clients are told apart by the first word of a line, as `combined` has it. Behind a balancer all may come
    as one: then nobody else is served, and nothing goes aside.
    """
    others = [r for r in access.requests if not r.is_probe and not r.failed and _client(r) not in limited]
    if not limited or not others:
        return access
    is_limited = [r.status in _LIMITED and _client(r) in limited for r in access.requests]
    kept = tuple(r for r, refused in zip(access.requests, is_limited, strict=True) if not refused)
    aside = tuple(r for r, refused in zip(access.requests, is_limited, strict=True) if refused)
    return replace(access, requests=kept, earlier=(*access.earlier, *aside))


#: limit_req_status and limit_conn_status: 503 unless set, most often to 429.
_LIMITED = (429, 503)


def _client(request: Request) -> str:
    return request.line.split(" ", 1)[0]


def last_good(front: HttpProbes, access: AccessLog) -> list[datetime]:
    """When the paths that fail now were last answered well before they failed; the fault began after that."""
    failing = {probe.path for probe in front.probes if not probe.is_well}
    asked = [r for r in access.requests if r.path in failing]
    last_failure = max((i for i, r in enumerate(asked) if r.failed), default=0)
    good = [r.at for r in asked[:last_failure] if r.at and _is_good(r)]
    return [max(good)] if good else []


def first_good(access: AccessLog, since: datetime) -> datetime | None:
    """When the first request since then was answered well."""
    return min((r.at for r in access.requests if r.at and r.at >= since and _is_good(r)), default=None)


def is_over(error: NginxError, access: AccessLog, now: datetime, *, quiet: timedelta = QUIET) -> bool:
    """Quiet for a while, and the same path has since been answered well and not failed again."""
    if error.at is None or not error.path or now - error.at < quiet:
        return False
    path = error.path.split("?", 1)[0]
    after = [r for r in access.requests if r.at and r.at > error.at and r.path == path and not _is_sent_on(r)]
    return bool(after) and not any(request.failed for request in after)


def of_now(access: AccessLog, since: datetime, now: datetime) -> AccessLog:
    """Of a service that is well: without the failures of paths that have been well for a while."""
    failed = {r.path: r.at for r in access.requests if r.at and r.failed}
    good = {r.path: r.at for r in access.requests if r.at and _is_good(r)}
    over = {p for p, at in failed.items() if now - at >= QUIET and p in good and good[p] > at}
    is_over = [r.failed and r.path in over for r in access.requests]
    kept = tuple(r for r, past in zip(access.requests, is_over, strict=True) if not past)
    aside = tuple(r for r, past in zip(access.requests, is_over, strict=True) if past)
    return since_then(replace(access, requests=kept, earlier=(*access.earlier, *aside)), since)


def _is_sent_on(request: Request) -> bool:
    """Sent to https or to another name for good: nginx does that itself, and it tells nothing of the app."""
    return request.status in (301, 308)


def _is_good(request: Request) -> bool:
    return not request.failed and not _is_sent_on(request)


def since_then(access: AccessLog, since: datetime) -> AccessLog:
    """Only what is not older."""
    current = tuple(r for r in access.requests if r.at is None or r.at >= since)
    earlier = tuple(r for r in access.requests if r.at is not None and r.at < since)
    return replace(access, requests=current, earlier=(*access.earlier, *earlier))
