"""What speaks of now and of the service asked about, shown by the verdict it leads to."""

import pytest

from tests import test_judge
from tests.support import asked

_FRESH = asked.unit(ActiveEnterTimestamp="Fri 2026-11-20 11:59:57 UTC")


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("upstream sent too big header while reading response header from upstream", "header_too_big"),
        (asked.REFUSED, "healthy"),
    ],
)
def test_in_its_first_seconds_an_app_may_refuse_but_does_not_send_a_header_that_is_too_big(
    message: str, cause: str
) -> None:
    log = asked.error(message)

    assert test_judge.verdict_of(front=asked.WELL, unit=_FRESH, error_log=log).cause == cause


def test_of_requests_that_fail_now_and_then_the_last_failure_is_not_set_aside_for_a_good_one_after_it() -> None:
    def request(second: int, status: int) -> str:
        return f'10.0.0.9 - - [20/Nov/2026:11:59:{second} +0000] "GET / HTTP/1.1" {status} 9 "-" "x"\n'

    log = asked.error("upstream prematurely closed connection while reading response header from upstream")

    verdict = test_judge.verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        upstreams=asked.WELL,
        unit=asked.unit(),
        error_log=log,
        access_log=request(57, 200) + request(58, 502) + request(59, 200),
    )

    assert verdict.cause == "premature_close_crash"
