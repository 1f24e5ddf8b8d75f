"""PHP-FPM that runs, and listens on another socket than the one that nginx dials.

Packages name the socket by the version (Debian: /run/php/php8.2-fpm.sock): an upgrade leaves fastcgi_pass
behind.
Source: php-fpm `listen`; Debian's php8.2-fpm, pool.d/www.conf.
"""

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.php_fpm import FpmPool, PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import _fpm, _quote

SAME_PLACE = "it listens at the same place again"


def pools(fpm: PhpFpm | None, address: str, *, is_fastcgi: bool = False) -> tuple[FpmPool, ...]:
    """Pools that run, where none is set to listen at the dialled address, though FastCGI is spoken there.

    A unix socket's name tells so, too.
    """
    is_meant = is_fastcgi or "php" in address or "fpm" in address
    if fpm is None or not is_meant or fpm.pools_at(address):
        return ()
    return tuple(pool for pool in fpm.pools if pool.master is not None and not pool.is_stale)


def port(
    address: str, refused: tuple[Line, ...], found: tuple[FpmPool, ...], unit: UnitState | None
) -> Finding:
    """A port of this host where FastCGI is spoken refuses, while FPM runs and listens elsewhere.

    Others speak FastCGI too: only where the fleet's unit is PHP's it is sure that the port is.
    """
    is_php = unit is not None and "php" in unit.name
    return Finding(
        cause="wrong_port",
        certainty=Certainty.CONFIRMED if is_php else Certainty.LIKELY,
        says=f"nothing listens on {address}, where nginx speaks FastCGI{says(found)}",
        because=(*refused, *lines(found)),
        restart=_quote.useless(_fpm.service_of(found[0], unit), SAME_PLACE),
        next_check=None
        if is_php
        else f"whether PHP is meant on {address}: fcgiwrap or a container may speak FastCGI too",
        mend=mend(found, address),
        weight=86,
    )


def says(found: tuple[FpmPool, ...]) -> str:
    """Where they listen, as the end of a sentence."""
    places = [f"{pool.listen} (pool {pool.name})" for pool in found[:3]]
    return f"; PHP-FPM runs and listens on {', '.join(places)}" if places else ""


def lines(found: tuple[FpmPool, ...]) -> tuple[Line, ...]:
    """What was counted of them."""
    return tuple(_fpm.counted(pool) for pool in found[:2])


def mend(found: tuple[FpmPool, ...], dialled: str) -> str | None:
    """Which file has to say what."""
    if not found:
        return None
    listen = found[0].listen
    there = f"unix:{listen}" if listen.startswith("/") else listen if ":" in listen else f"127.0.0.1:{listen}"
    return (
        f"the same place in both: fastcgi_pass {there} and a reload of nginx, or listen = {dialled} in pool"
        f" {found[0].name} and a restart of PHP-FPM"
    )
