"""What php_fpm.sh prints of one pool, for rules."""

CONFIG = "/etc/php/8.2/fpm/php-fpm.conf"
SOCKET = "/run/php/php8.2-fpm.sock"


def fpm(  # each is one thing the script tells
    *,
    children: int = 2,
    taken: tuple[int, int] = (0, 0),
    waiting: tuple[int, int] = (0, 0),
    listen: str = SOCKET,
    changed_s: int = 900,
    settings: str = "pm=static pm.max_children=2",
    said: tuple[str, ...] = (),
    runs: bool = True,
    unit: str = "php8.2-fpm.service|loaded|active|running",
) -> str:
    """A pool `www`, started at 1000; `said` are lines of FPM's log."""
    rows = [f"master|70|1000|php8.2-fpm.service|{CONFIG}|0"] if runs else []
    rows += [f"children|70|www|{children}|1000"] if runs and children else []
    rows += [f"unit|{unit}", f"file|{CONFIG}|{changed_s}|{CONFIG}", f"set|{CONFIG}|www|listen|{listen}"]
    rows += [f"set|{CONFIG}|www|{'|'.join(pair.split('=', 1))}" for pair in settings.split()]
    rows += [f"taken|{listen}|{has}|{waits}" for has, waits in zip(taken, waiting, strict=True)]
    rows += [f"says|fpm|{line}" for line in said]
    return "".join("\t".join(row.split("|")) + "\n" for row in rows)


def logged(message: str, *, pool: str = "www") -> str:
    """A line of FPM's log of the minute that tests judge."""
    return f"[20-Nov-2026 11:59:58] WARNING: [pool {pool}] {message}"
