"""Rows of bare fields as people are told them: in words, with units."""

import pytest

from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.resources import Resources
from tests.support import asked

MEMORY = "# meminfo\nMemTotal: 4096000 kB\nMemAvailable: 217088 kB\n"


def probe_told(row: str, who: str = "") -> str:
    probes = asked.fact("front", "probe\t" + row.replace(" ", "\t"))
    assert isinstance(probes, HttpProbes)
    return probes.probes[0].told(who)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("http 127.0.0.1:80 / answered 502 1 3 157 ", "nginx answered 502 to GET / after 3 ms"),
        ("http 127.0.0.1:80 /cart answered 504 1 4100 157 ", "nginx answered 504 to GET /cart after 4.1 s"),
        ("http 127.0.0.1:80 / refused - - 0 0 [Errno_111]", "nginx refused the connection (GET /)"),
        (
            "http 127.0.0.1:80 / read_timeout - 0 4300 0 0_bytes_came",
            "nginx took the connection and gave no answer within 4.3 s (GET /): 0_bytes_came",
        ),
    ],
)
def test_a_probe_is_told_in_words_with_units(row: str, says: str) -> None:
    assert probe_told(row, "nginx") == says


@pytest.mark.parametrize(
    ("row", "who"),
    [
        ("http 10.0.0.2:3000 / refused - - 0 0 ", "10.0.0.2:3000 refused"),
        ("fastcgi unix:/run/php.sock - missing - - 0 0 ", "fastcgi unix:/run/php.sock has no socket file"),
        ("https 10.0.0.2:443 / tls_failed - 1 2 0 ", "https 10.0.0.2:443 failed in the TLS handshake"),
    ],
)
def test_without_a_name_a_probe_says_whom_it_asked(row: str, who: str) -> None:
    assert probe_told(row).startswith(who)


@pytest.mark.parametrize("answer", Answer)
def test_every_way_a_probe_may_end_has_words(answer: Answer) -> None:
    told = probe_told(f"http 127.0.0.1:80 / {answer.value} - - - 0 ", "nginx")

    assert told.startswith("nginx ") and "{" not in told and answer.value + " -" not in told


def test_memory_load_and_pressure_are_told_with_units() -> None:
    facts = asked.fact(
        "resources",
        MEMORY
        + "SwapFree: 0 kB\n# loadavg\n3.07 0.07 0.08 1/148 566\n# cpus\n2\n"
        + "# pressure cpu\nsome avg10=12.50 avg60=0 avg300=0 total=1\n",
    )

    assert isinstance(facts, Resources)
    assert facts.told() == (
        "memory: 212 MiB of 3.9 GiB free",
        "swap: none free",
        "load: 3.07 in the last minute on 2 CPUs",
        "time that something waited, of the last 10 s: cpu 12.5 %",
    )


def test_what_was_not_said_is_not_told() -> None:
    facts = asked.fact("resources", "")

    assert isinstance(facts, Resources)
    assert facts.told() == ()


def test_a_quoted_probe_and_quoted_memory_keep_the_row_beside_the_words() -> None:
    down = asked.ask(
        "memory_rlimit",
        app_journal="2026-11-20T11:59:51+0000 web-01 app[9]: MemoryError: Cannot allocate memory\n",
        resources=MEMORY,
        front="probe\thttp\t127.0.0.1:80\t/\tanswered\t502\t1\t3\t157\t",
    )

    line = down.because[-1] if down else None
    assert line is not None
    assert (line.text, line.says) == ("MemAvailable: 217088 kB", "memory: 212 MiB of 3.9 GiB free")
