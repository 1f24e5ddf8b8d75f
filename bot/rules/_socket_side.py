"""Who should make a unix socket that nginx does not find, and what a start of that does.

Source: unix(7); systemd.service(5); php-fpm `listen`.
"""

from dataclasses import dataclass

from bot.model.verdict import Line, RestartAdvice
from bot.parsers.listening_sockets import ListeningSocket
from bot.parsers.php_fpm import FpmPool
from bot.parsers.unit_state import UnitState
from bot.rules import _fpm, _fpm_elsewhere, _quote
from bot.rules._likely import Guess

SAME_PLACE = _quote.useless("app", "it makes its socket at the same place again")
CHECK = "does the app run, and which path does it listen on (ss -lxp)?"


@dataclass(frozen=True, kw_only=True)
class Side:
    """What is known of it, as parts of a finding; `says` goes on a sentence."""

    restart: RestartAdvice
    says: str = ""
    lines: tuple[Line, ...] = ()
    next_check: str = CHECK
    mend: str | None = None


def of_stale_pool(pool: FpmPool, unit: UnitState | None, own: list[ListeningSocket]) -> Side:
    """A pool's file names the path, and PHP-FPM has not read it yet."""
    app = of_unit(own)
    return Side(
        says=f"{app.says}; the file of pool {pool.name} names it, and PHP-FPM was not reloaded since",
        lines=(*app.lines, _fpm.waits_for_reload(pool)),
        restart=_fpm.reload_helps(pool, unit),
    )


def of_other_pools(pools: tuple[FpmPool, ...], path: str, unit: UnitState | None) -> Side:
    """PHP-FPM runs, and none of its pools names the path."""
    return Side(
        says=_fpm_elsewhere.says(pools),
        lines=_fpm_elsewhere.lines(pools),
        restart=_quote.useless(_fpm.service_of(pools[0], unit), SAME_PLACE.why),
        mend=_fpm_elsewhere.mend(pools, path),
    )


def of_unit(own: list[ListeningSocket]) -> Side:
    """The fleet's unit runs, and where it listens if that is seen."""
    return Side(
        says=f"; the app listens on {own[0].path or own[0].address}" if own else "",
        lines=tuple(Line(step="unix_listeners" if s.path else "listeners", text=s.line) for s in own[:1]),
        restart=SAME_PLACE,
    )


def of_no_unit(guess: Guess | None) -> Side:
    """The fleet file names no unit."""
    if not guess:
        return Side(restart=_quote.temporary("app", "if the app is down its start makes the socket"))
    return Side(
        says=guess.says,
        lines=guess.lines,
        restart=guess.restart,
        next_check=guess.next_check,
        mend=guess.mend,
    )
