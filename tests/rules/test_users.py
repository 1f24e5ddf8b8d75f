"""What users get, as the verdict says it."""

from datetime import timedelta

import pytest

from bot.rules import _users
from tests.support.asked import NOW, fact

URL = "http://example.org/"
WELL = "HTTP/1.1 200 OK\ntime_s: 0.012\n"
ILL = "HTTP/1.1 502 Bad Gateway\ntime_s: 0.012\n"


def _line(status: int, minutes_ago: int = 1, agent: str = "curl") -> str:
    at = (NOW - timedelta(minutes=minutes_ago)).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'10.0.0.9 - - [{at}] "GET /cart HTTP/1.1" {status} 157 "-" "{agent}"\n'


def _get(outside: str, log: str, *, is_healthy: bool = False) -> str | None:
    facts = {"outside": fact("outside", outside), "access_log": fact("access_log", log)}
    return _users.get(facts, URL, NOW, is_healthy=is_healthy)


def test_one_good_answer_beside_trouble_is_no_whole_truth() -> None:
    log = _line(200) + _line(504) + _line(502) + _line(502) + _line(502, 20)

    assert _get(WELL, log) == f"200 at {URL}; 502, 504 to 3 of the 4 requests of the last 5 minutes"


ALONE = {
    "nothing fails now": (WELL, _line(502), True),
    "the public address fails too": (ILL, _line(502), False),
    "it failed long ago": (WELL, _line(502, 20), False),
    "only the bot's own probe failed": (WELL, _line(502, agent="runbook-bot"), False),
}


@pytest.mark.parametrize(("outside", "log", "is_healthy"), ALONE.values(), ids=ALONE.keys())
def test_the_answer_stands_alone_where(outside: str, log: str, *, is_healthy: bool) -> None:
    assert _get(outside, log, is_healthy=is_healthy) == f"{200 if outside == WELL else 502} at {URL}"
