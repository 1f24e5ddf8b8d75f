"""Whether what proves a cause is over: the requests that fail now fail later, in another way or elsewhere."""

import re
from datetime import datetime, timedelta
from enum import Enum

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _clock, _outage
from bot.rules._once import once

#: Requests that fail at a proxy, by its own lines.
FAILING = (
    *_outage.DEAF,
    *_outage.BROKEN,
    *_outage.SLOW,
    *("dial_denied", "dial_no_route", "answer_invalid", "answer_not_protocol", "header_too_big"),
)
#: What a line tells of one moment: later requests are not hit by it.
_PASSING = frozenset(
    {
        *FAILING,
        *("app_error", "backend_stderr", "body_too_big", "client_gone", "client_tls", "connections_limit"),
        *("crashed", "disk_full", "fd_limit", "fpm_404", "handler_died", "heap_exhausted", "killed"),
        *("out_of_memory", "queue_full", "pool_busy", "pool_exhausted", "rate_limited", "request_too_big"),
        *("script_unknown", "slow_request", "status", "worker_timeout"),
    }
)
#: An end of the app: it is over with its next start, and not by itself.
_ENDING = frozenset({"crashed", "heap_exhausted", "killed", "out_of_memory"})
#: A proof this much older than what fails is of another trouble.
_OVER, _LONG_OVER = timedelta(hours=1), timedelta(days=1)
#: Zones differ by whole half hours; two clocks of one moment by no more than this besides.
_HALF_HOUR_S, _SKEW_S, _ZONES = 1800, 60, timedelta(hours=15)
#: nginx's two logs, which have one clock.
_NGINX = re.compile(r"\[[a-z]{4,6}\] \d{1,8}#\d|\[\d\d/[A-Z][a-z]{2}/\d{4}:")
_SERVER = re.compile(r"\bserver: ([\w.-]+\.[a-z]{2,})\b")


class Age(Enum):
    """What speaks against a proof: nothing; it may be of another trouble; it is of another."""

    RECENT = "recent"
    DOUBTFUL = "doubtful"
    OVER = "over"


def age(one: Finding, signs: Signs) -> Age:
    """Whether a line that proves it is dated an hour before what fails now, or of another server's requests.

    It is over where what fails now fails in a way that is no part of the proof, or a day later.
    """
    now = _newest(signs)
    if now is None:
        return Age.RECENT
    proofs = {line.text for line in one.because}
    passing = (sign for sign in signs.all if sign.line in proofs and sign.kind in _PASSING)
    gaps = [gap for sign in passing if (gap := _gap(sign, now, signs)) is not None]
    if not gaps:
        return Age.RECENT
    is_other = now.line not in proofs and now.kind != "status" and max(gaps) > timedelta()
    return Age.OVER if is_other or max(gaps) > _LONG_OVER else Age.DOUBTFUL


def _gap(sign: Sign, now: Sign, signs: Signs) -> timedelta | None:
    """How long before the newest failure the last sign of this kind was; None where it may be one trouble.

    Zero where the two are of different servers of one time.
    """
    if sign.kind == now.kind or (sign.kind in _ENDING and _outage.ends(signs)):
        return None
    last = max((at for other in signs.of(sign.kind) if (at := _at(other, signs))), default=None)
    fails = _at(now, signs)
    if last is None or fails is None:
        return None
    gap = fails - last
    if gap > _OVER and not (_may_be_zones(gap) and not _is_of_one_clock(sign, now)):
        return gap
    return timedelta() if _is_of_another_server(sign, now) else None


def _is_of_another_server(sign: Sign, now: Sign) -> bool:
    """Whether nginx names another of its servers for the one line than for the other."""
    one, other = _SERVER.search(sign.line), _SERVER.search(now.line)
    return one is not None and other is not None and one[1] != other[1]


def _is_of_one_clock(sign: Sign, now: Sign) -> bool:
    return bool(_NGINX.search(sign.line) and _NGINX.search(now.line))


def _may_be_zones(gap: timedelta) -> bool:
    """Whether the two may be one moment on clocks of two zones."""
    beside = gap.total_seconds() % _HALF_HOUR_S
    return gap < _ZONES and min(beside, _HALF_HOUR_S - beside) <= _SKEW_S


@once
def _newest(signs: Signs) -> Sign | None:
    """The newest request that is known to fail."""
    dated = [(at, sign.at, sign) for sign in _failing(signs) if (at := _at(sign, signs))]
    return max(dated, key=lambda one: one[:2])[2] if dated else None


def _failing(signs: Signs) -> tuple[Sign, ...]:
    """Failed requests; of what an app writes, what nginx quotes."""
    quoted = (s for s in signs.of("app_error", "backend_stderr") if "while reading" in s.line)
    return (*signs.of(*FAILING), *quoted, *_outage.gateway_errors(signs))


@once
def _year(signs: Signs) -> int:
    """The year of the lines that name none: that of another line, or a leap year."""
    found = (at.year for sign in _failing(signs) if (at := _clock.when(sign.line)))
    return max(found, default=2000)


def _at(sign: Sign, signs: Signs) -> datetime | None:
    return _clock.when(sign.line, year=_year(signs))
