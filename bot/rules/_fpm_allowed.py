"""listen.allowed_clients of the pool that is dialled, against where nginx comes from.

FPM takes the connection, looks at the peer, and closes it; it says so only where children's output is kept.
Source: main/fastcgi.c fcgi_is_allowed; php-fpm.conf listen.allowed_clients (addresses, no networks).
"""

import ipaddress

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import FpmPool, PhpFpm
from bot.rules import _address, _fpm, _quote

_KEY = "listen.allowed_clients"


def turned_away(
    fpm: PhpFpm | None, upstreams: HttpProbes | None, error_log: NginxErrorLog | None
) -> tuple[FpmPool, str] | None:
    """The pool that does not let nginx in, and the address nginx comes from; None when it does, or may."""
    for address in _fpm.addresses(upstreams, error_log) if fpm else ():
        place = _address.split(address)
        if place is None or not _address.is_local(place[0]):
            continue  # only a loopback address tells where a connection to it comes from
        for pool in fpm.pools_at(address) if fpm else ():
            allowed = [_ip(word) for word in pool.settings.get(_KEY, "").split(",")]
            comes_from = ["127.0.0.1", "::1"] if place[0] == "localhost" else [place[0]]
            if any(allowed) and not any(_ip(one) in allowed for one in comes_from):
                return pool, comes_from[0]
    return None


def _ip(word: str) -> str:
    try:
        ip = ipaddress.ip_address(word.strip())
    except ValueError:
        return ""
    mapped = getattr(ip, "ipv4_mapped", None)
    return str(mapped or ip)


def by_fpm(pool: FpmPool, comes_from: str, dropped: tuple[NginxError, ...]) -> Finding:
    allowed = pool.settings["listen.allowed_clients"]
    said = f"pool {pool.name} listen = {pool.listen}, listen.allowed_clients = {allowed}"
    return Finding(
        cause="firewall_or_no_route",
        certainty=Certainty.CONFIRMED,
        says=f"PHP-FPM's pool {pool.name} closes every connection from {comes_from}, where nginx comes from: "
        f"listen.allowed_clients has only {allowed}",
        because=(_quote.error(dropped[0]), Line(step=_fpm.STEP, text=f"{pool.config}: {said}")),
        restart=_quote.useless("app", "it shuts nginx out afterwards as well"),
        mend=f"{comes_from} added to listen.allowed_clients of pool {pool.name}; then a reload of PHP-FPM",
        weight=72,
    )
