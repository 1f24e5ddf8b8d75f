"""How well every cause fits a text as a whole: the ranking of those that no rule names."""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.model.sign import Signs
from bot.model.verdict import Line
from bot.rules._features import features
from bot.rules._kin import KIN
from bot.rules._leanings import LEANINGS
from bot.rules._words import WORDS

#: Of a hundred 502s (and what looked like one) in public threads so many had this cause; others one or two.
SEEN: Mapping[str, int] = {
    "log_noise_no_outage": 6,
    "nginx_config_invalid": 6,
    "protocol_mismatch": 6,
    "socket_permission": 6,
    "invalid_header": 5,
    "upstream_timeout_worker_kill": 5,
    "wrong_port": 5,
    "deploy_bad_release": 4,
    "dns_stale": 4,
    "dns_unresolved": 4,
    "header_too_big": 4,
    "host_not_found_at_start": 4,
    "ipv6_mismatch": 4,
    "oom_kill": 4,
    "php_fpm_down": 4,
    "premature_close_crash": 4,
    "tls_handshake_sni": 4,
    "app_crash_runtime": 3,
    "backlog_full": 3,
    "disk_full": 3,
    "fd_limit": 3,
    "firewall_or_no_route": 3,
    "http_504_timeout": 3,
    "keepalive_race_reset": 3,
    "no_live_upstreams": 3,
    "php_fpm_exhausted": 3,
    "selinux_denied": 3,
    "stale_pid_or_socket": 3,
    "worker_connections": 3,
    "upstream_down": 3,
    "app_crash_startup": 3,
}
_ELSE = 1.5
#: Points of a cause that is e times as frequent.
_POINTS = 4
#: Fields of an answer's head, which every answer has.
_HEAD = re.compile(
    r"[<>*\s]*(?:HTTP/\d|(?:server|date|content-[\w-]+|connection|keep-alive|x-[\w-]+|vary|age|etag|cache-control"
    r"|access-control-[\w-]+|accept[\w-]*|user-agent|host|location|via|strict-[\w-]+|last-modified|expires|pragma):)",
    re.IGNORECASE,
)
#: Letters of a line that are quoted.
_LONGEST = 400
#: Letters of unread text that are looked through for words.
_MOST_LETTERS = 20_000


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A cause, how well it fits, and the line that leans towards it most."""

    cause: str
    points: int
    line: Line


def beside(
    named: Sequence[tuple[str, Line]], signs: Signs, *, excluded: Collection[str] = ()
) -> Iterator[Fit]:
    """Causes that nobody named yet, the best fitting first; then look-alikes of what was named or fits."""
    fitting = fits(signs)
    known = {cause for cause, _ in named} | set(excluded)
    leads = (*named, *((fit.cause, fit.line) for fit in fitting))
    akin = (Fit(cause=one, points=0, line=line) for lead, line in leads for one in KIN[lead])
    for fit in (*fitting, *akin):
        if fit.cause not in known:
            known.add(fit.cause)
            yield fit


def fits(signs: Signs) -> tuple[Fit, ...]:
    """Causes with something that leans towards them, the best fitting first; empty when nothing does."""
    total: dict[str, float] = defaultdict(float)
    best: dict[str, tuple[int, Line]] = {}
    for points, line in _leanings(signs):
        for cause, worth in points.items():
            total[cause] += worth
            if worth > 0 and (cause not in best or worth > best[cause][0]):
                best[cause] = (worth, line)
    found = (
        Fit(cause=cause, points=round(total[cause] + _prior(cause)), line=line)
        for cause, (_, line) in best.items()
        if total[cause] > 0
    )
    return tuple(sorted(found, key=lambda fit: (-fit.points, fit.cause)))


def _prior(cause: str) -> float:
    """What frequency alone is worth, beside a rare cause."""
    return _POINTS * math.log(SEEN.get(cause, _ELSE) / _ELSE)


def _leanings(signs: Signs) -> Iterator[tuple[Mapping[str, int], Line]]:
    """Points and the line behind them, of every feature and word once."""
    for name, sign in features(signs).items():
        if name in LEANINGS:
            yield LEANINGS[name], Line(step=sign.source or "pasted", text=sign.line[:_LONGEST])
    text = "\n".join(line for line in signs.unread if not _HEAD.match(line))[-_MOST_LETTERS:]
    for pattern, points in WORDS.items():
        found = pattern.search(text)
        if found is not None:
            start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
            said = text[start : None if end < 0 else end].strip()
            yield points, Line(step="pasted", text=said[:_LONGEST])
