"""Rule app_hang."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, error, finding, listens, probe, quoted, said, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "app_hang",
            upstreams=probe("read_timeout") + probe("read_timeout", path="/livez"),
            listeners=listens(waiting=3),
        )
    )

    assert answer.cause == "app_hang"
    assert answer.certainty is Certainty.CONFIRMED
    assert "LISTEN 3 128" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


def test_an_app_whose_queue_is_full_takes_no_more_connections() -> None:
    late = probe("connect_timeout", status="-")

    answer = finding(ask("app_hang", upstreams=late, listeners=listens(waiting=2)))

    assert "takes no more connections" in answer.says


NOT_SO = {
    "the health path answers": {
        "upstreams": probe("read_timeout") + probe("answered", status=200, path="/livez")
    },
    "it is out of descriptors, which says more": {
        "upstreams": probe("read_timeout"),
        "app_journal": said("accept() failed: [Errno 24] Too many open files"),
    },
    "it refuses": {"upstreams": probe("refused")},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("app_hang", **texts)

    assert not isinstance(answer, Finding), answer


_PAIR = probe("read_timeout", address="127.0.0.1:3001") + probe(
    "read_timeout", path="/livez", address="127.0.0.1:3001"
)
_WELL = probe("answered", status=200) + probe("answered", status=200, path="/livez")


def test_one_of_two_servers_hangs_and_another_program_has_to_be_restarted() -> None:
    socket = listens("127.0.0.1:3001", by="java", pid=7, waiting=2)

    answer = finding(ask("app_hang", upstreams=_PAIR + _WELL, listeners=socket, unit=unit()))

    assert answer.says == (
        "1 of 2 upstream servers, 127.0.0.1:3001, takes connections and answers none; the others answer"
    )
    assert (answer.restart.effect, answer.restart.what) == (
        RestartEffect.HELPS,
        "what listens on 127.0.0.1:3001",
    )
    assert (
        finding(
            ask("app_hang", upstreams=_PAIR + _WELL, listeners=socket.replace("=7", "=100"), unit=unit())
        ).restart.what
        == "app"
    )
    assert not isinstance(ask("http_504_timeout", upstreams=_PAIR + _WELL), Finding)


@pytest.mark.parametrize(("times", "effect"), [(3, RestartEffect.TEMPORARY), (1, RestartEffect.HELPS)])
def test_workers_that_slow_requests_have_taken_are_free_again_only_for_a_while(
    times: int, effect: RestartEffect
) -> None:
    late = "upstream timed out (110: Connection timed out) while reading response header from upstream"
    slow = error(late).replace("GET / ", "GET /report?n=1 ")
    connecting = error("upstream timed out (110: Connection timed out) while connecting to upstream")

    answer = finding(
        ask(
            "app_hang",
            upstreams=probe("connect_timeout") + probe("connect_timeout", path="/livez"),
            listeners=listens(waiting=5),
            error_log=slow * times + connecting,
        )
    )

    assert answer.restart.effect is effect
    assert ("requests for /report?n=1 were the first to wait" in answer.says) is (times == 3)


_LOST = 'connection to server at "10.0.0.9", port 5432 failed: Connection timed out'


def test_no_restart_is_promised_to_an_app_that_waits_for_its_store() -> None:
    silent = probe("read_timeout") + probe("read_timeout", path="/livez")

    answer = finding(
        ask("app_hang", upstreams=silent, listeners=listens(waiting=3), unit=unit(), app_journal=said(_LOST))
    )

    assert (answer.certainty, answer.restart.effect) == (Certainty.LIKELY, RestartEffect.USELESS)
    assert not answer.restart.is_sure
    assert _LOST in quoted(answer)
    assert "10.0.0.9:5432 takes connections" in (answer.next_check or "")


def test_what_the_unit_says_does_not_tell_of_another_server_that_hangs() -> None:
    pair = probe("read_timeout", address="127.0.0.1:3001") + probe("answered", status=200)
    socket = listens("127.0.0.1:3001", by="java", pid=7, waiting=2)

    answer = finding(ask("app_hang", upstreams=pair, listeners=socket, unit=unit(), app_journal=said(_LOST)))

    assert (answer.certainty, answer.restart.effect) == (Certainty.CONFIRMED, RestartEffect.HELPS)
