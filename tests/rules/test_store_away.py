"""Another service that the app says it does not reach."""

# ruff: noqa: E501  # lines stand as programs write them

import pytest

from bot.model.verdict import Certainty
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.rules import _store_away
from tests.support.asked import ask, crashing, fact, finding, probe, said, systemd

AWAY = {
    'psycopg2.OperationalError: connection to server at "127.0.0.1", port 5432 failed: Connection refused': "127.0.0.1:5432",
    'connection to server at "db.internal" (10.0.0.9), port 5432 failed: Connection timed out': "db.internal:5432",
    "redis.exceptions.ConnectionError: Error 111 connecting to 127.0.0.1:6379. Connection refused.": "127.0.0.1:6379",
    "Error: connect ECONNREFUSED ::1:5432": "::1:5432",
    "Error: getaddrinfo ENOTFOUND db.internal": "db.internal",
    "read tcp 10.0.0.5:43210->10.0.0.9:5432: i/o timeout": "10.0.0.9:5432",
    "dial tcp: lookup db on 127.0.0.53:53: no such host": "db",
    "HTTPConnectionPool(host='es', port=9200): Max retries exceeded with url: /": "es:9200",
    "curl: (7) Failed to connect to api.example port 443 after 2 ms: Connection refused": "api.example:443",
    "(2003, \"Can't connect to MySQL server on '10.0.0.9' ([Errno 111] Connection refused)\")": "10.0.0.9",
    "PDOException: SQLSTATE[HY000] [2002] Connection refused in /srv/app/db.php:1204": "a service that it needs",
}
NOT_AWAY = [
    "Error: connect ECONNREFUSED 127.0.0.1:3000",
    "[ERROR] Can't connect to ('127.0.0.1', 3000)",
    "QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00 (sqlalchemy)",
    'connection to server at "10.0.0.9", port 5432 failed: FATAL:  password authentication failed for user "shop"',
    "otlp exporter: connect ECONNREFUSED 127.0.0.1:4317",
    "sentry_sdk: HTTPSConnectionPool(host='sentry.example', port=9000): Max retries exceeded",
    "ModuleNotFoundError: No module named 'psycopg2'",
    "client 10.0.0.5:51234: connection timed out",
    "listen EADDRINUSE: address already in use 127.0.0.1:8000",
    "12:34:56 GET /connect failed in views.py:1204",
]


def _missed(line: str) -> str | None:
    journal, upstreams = fact("app_journal", said(line)), fact("upstreams", probe("refused"))
    assert isinstance(journal, Journal) and isinstance(upstreams, HttpProbes)
    away = _store_away.last(journal.entries, upstreams)
    return away.name if away else None


@pytest.mark.parametrize(("line", "name"), AWAY.items())
def test_a_line_about_a_service_that_is_not_reached_names_it(line: str, name: str) -> None:
    assert _missed(line) == name


@pytest.mark.parametrize("line", NOT_AWAY)
def test_other_lines_name_none(line: str) -> None:
    assert _missed(line) is None


_LOST = next(iter(AWAY))
_EXIT = "myapp.service: Main process exited, code=exited, status=1/FAILURE"
_SWITCH = "link\t/srv/app/current\treleases/2\t1795175940\nrelease\t1\t1795000000\nrelease\t2\t1795175000\n"


@pytest.mark.parametrize(
    ("lives", "certainty"),
    [
        ([_LOST], Certainty.POSSIBLE),
        ([_LOST, "RuntimeError: no such column"], Certainty.LIKELY),
        ([f"{_LOST}\nModuleNotFoundError: No module named 'payments_v2'"], Certainty.CONFIRMED),
    ],
    ids=["in the last start", "in one before it only", "beside code that cannot be loaded"],
)
def test_a_release_is_hardly_blamed_for_a_store_that_is_away(lives: list[str], certainty: Certainty) -> None:
    journal = "".join(
        systemd("Started myapp.service") + said(*life.split("\n")) + systemd(_EXIT) for life in lives
    )

    answer = finding(ask("deploy_bad_release", unit=crashing(), changes=_SWITCH, app_journal=journal))

    assert answer.certainty is certainty
    assert ("does 127.0.0.1:5432 answer?" in (answer.next_check or "")) is (certainty is Certainty.POSSIBLE)
