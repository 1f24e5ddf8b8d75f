"""What runs, what the files say, how busy it is, and the logs."""

from datetime import UTC, datetime

import pytest

from bot.parsers.php_fpm import PhpFpm, php_fpm
from tests.support.asked import output

CONFIG = "/etc/php/8.2/fpm/php-fpm.conf"


def read(*rows: str) -> PhpFpm:
    return php_fpm(output("php_fpm", "\n".join("\t".join(row.split("|")) for row in rows) + "\n"))


POOL = (
    f"master|70|1000|php8.2-fpm.service|{CONFIG}|0",
    "children|70|www|2|1001",
    "children|70|blog|1|1001",
    f"file|{CONFIG}|900|{CONFIG}",
    f"set|{CONFIG}|global|error_log|/var/log/php8.2-fpm.log",
    f"set|{CONFIG}|www|listen|/run/php/php8.2-fpm.sock",
    f"set|{CONFIG}|www|pm.max_children|2",
    f"set|{CONFIG}|blog|listen|127.0.0.1:9000",
    "taken|/run/php/php8.2-fpm.sock|2|5",
    "taken|/run/php/php8.2-fpm.sock|1|0",
    "link|/run/php/php-fpm.sock|/run/php/php8.2-fpm.sock",
)


def test_counts_the_children_of_each_pool_by_their_master() -> None:
    fpm = read(*POOL, "children|98|www|1|1001")

    assert [(p.name, p.children, p.max_children) for p in fpm.pools] == [("www", 2, 2), ("blog", 1, None)]
    assert (fpm.pools[0].taken, fpm.pools[0].waiting) == ((2, 1), (5, 0))
    assert "2 taken and 5 waiting, then 1 taken and 0 waiting" in fpm.pools[0].line


def test_a_look_of_before_has_a_line_for_each_child() -> None:
    of_before = [row.removesuffix("|0") for row in POOL if not row.startswith("children")]
    fpm = read(*of_before, "child|71|70|1002|www", "child|72|70|1001|www", "child|99|98|900|www")

    assert (fpm.pools[0].children, fpm.pools[0].oldest_child_s) == (2, 1001)


def test_of_two_that_say_they_run_a_file_roots_counts_and_then_who_has_children() -> None:
    fpm = read(f"master|60|1|-|{CONFIG}|33", "children|60|www|9|1", *POOL, f"master|80|1|-|{CONFIG}|0")

    assert fpm.pools[0].children == 2
    assert "run by uid" not in fpm.pools[0].line


def test_a_master_of_a_user_is_said_to_be_one() -> None:
    fpm = read(f"master|60|1|-|{CONFIG}|1000", *POOL[1:])

    assert "run by uid 1000: 0 children" in fpm.pools[0].line


@pytest.mark.parametrize(
    ("address", "pool"),
    [
        ("unix:/run/php/php8.2-fpm.sock", ["www"]),
        ("unix:/var/run/php/php8.2-fpm.sock", ["www"]),
        ("unix:/run/php/php-fpm.sock", ["www"]),
        ("unix:/run/php/php8.1-fpm.sock", []),
        ("127.0.0.1:9000", ["blog"]),
        ("localhost:9000", ["blog"]),
        ("127.0.0.1:9001", []),
        ("10.0.0.5:9000", []),
        ("php:9000", []),
    ],
)
def test_finds_the_pool_behind_what_nginx_dials(address: str, pool: list[str]) -> None:
    assert [found.name for found in read(*POOL).pools_at(address)] == pool


@pytest.mark.parametrize(
    ("listen", "address", "is_it"),
    [
        ("9000", "127.0.0.1:9000", True),
        ("0.0.0.0:9000", "10.0.0.4:9000", True),
        ("[::]:9000", "[::1]:9000", True),
        ("10.0.0.4:9000", "10.0.0.4:9000", True),
        ("9000", "10.0.0.5:9000", False),
        ("10.0.0.4:9000", "127.0.0.1:9000", False),
    ],
)
def test_a_port_of_another_host_is_none_of_its_pools(listen: str, address: str, *, is_it: bool) -> None:
    fpm = read(f"set|{CONFIG}|www|listen|{listen}", "own|10.0.0.4")

    assert bool(fpm.pools_at(address)) is is_it


def test_a_file_younger_than_a_child_was_not_read_by_its_master() -> None:
    assert not read(*POOL).pools[0].is_stale
    assert read(*POOL, f"file|/etc/php/8.2/fpm/pool.d/www.conf|1500|{CONFIG}").pools[0].is_stale


def test_a_pool_without_a_master_does_not_run() -> None:
    fpm = read(*POOL[1:])

    assert [(pool.master, pool.children) for pool in fpm.pools] == [(None, 0), (None, 0)]


def test_where_processes_are_hidden_no_children_are_told_of() -> None:
    fpm = read(*POOL[3:], "hidden|/proc")

    assert (fpm.sees_all, fpm.unread) == (False, ())
    assert not fpm.pools[0].may_grow
    assert "children that /proc hides, 2 taken and 5 waiting" in fpm.pools[0].line
    assert read(*POOL, "hidden|/proc").pools[0].is_seen  # the login's own


def test_reads_fpms_log_and_phps_own() -> None:
    fpm = read(
        "says|fpm|[30-Nov-2026 10:30:05] WARNING: [pool www] server reached pm.max_children setting (2)",
        "says|fpm|[30-Nov-2026 10:30:05.123456] NOTICE: pid 9, fpm_main(), line 83: ready",
        "says|php|[30-Nov-2026 10:30:06 UTC] PHP Fatal error:  Uncaught Error in /srv/a.php:3",
        "says|php|Stack trace:",
    )

    assert [(e.kind, e.level, e.pool, e.message) for e in fpm.said] == [
        ("fpm", "WARNING", "www", "server reached pm.max_children setting (2)"),
        ("fpm", "NOTICE", "", "ready"),
        ("php", "", "", "PHP Fatal error:  Uncaught Error in /srv/a.php:3"),
    ]
    assert fpm.said[0].at == datetime(2026, 11, 30, 10, 30, 5)  # noqa: DTZ001  # the host's own time
    assert fpm.said[2].at == datetime(2026, 11, 30, 10, 30, 6, tzinfo=UTC)


def test_reads_where_a_slow_child_was() -> None:
    fpm = read(
        "says|slow|script_filename = /srv/cut.php",
        "says|slow|[30-Nov-2026 10:35:10]  [pool www] pid 1234",
        "says|slow|script_filename = /srv/php/slow.php",
        "says|slow|[0x00007f2a1c0140a0] sleep() /srv/php/slow.php:1",
        "says|slow|[0x00007f2a1c014020] work() /srv/php/slow.php:9",
        "unread|slow|/var/log/other-slow.log",
    )

    assert [(c.pool, c.script, c.call) for c in fpm.slow] == [
        ("www", "/srv/php/slow.php", "sleep() /srv/php/slow.php:1")
    ]
    assert fpm.unread == ("/var/log/other-slow.log",)


@pytest.mark.parametrize("text", ["", "master\t1\n", "set\ta\nchild\nsays\ttaken\n", "taken\tx\ty\tz\n"])
def test_what_is_cut_off_is_left_out(text: str) -> None:
    assert php_fpm(output("php_fpm", text)).pools == ()
