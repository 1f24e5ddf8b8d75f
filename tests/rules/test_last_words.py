"""Which of an app's lines best tells of trouble."""

import pytest

from bot.parsers.journal import Journal
from bot.rules._last_words import NAMED_ERROR, last_words, words_of_exit
from tests.support.asked import fact, said

_FRAME = "\tat org.postgresql.core.v3.Factory.open(Factory.java:342)"
_DRIVER = "org.postgresql.util.PSQLException: Connection to 127.0.0.1:5432 refused. Check the host."
_BARE = "Caused by: java.net.ConnectException: Connection refused"
_FIRST = 'Exception in thread "main" '
TOLD = {
    "the driver's error, which says with whom": (
        (_FIRST + _DRIVER, _FRAME, _BARE, _FRAME, "\t... 14 more"),
        _FIRST + _DRIVER,
    ),
    "one in the middle of a chain": (
        (_FIRST + "x.StartException: no start", _FRAME, f"Caused by: {_DRIVER}", _FRAME, _BARE, _FRAME),
        f"Caused by: {_DRIVER}",
    ),
    "the last cause, where none says with whom": (
        (_FIRST + "x.StartException: no start", _FRAME, _BARE, _FRAME),
        _BARE,
    ),
    "the last cause, where it says so itself": (
        (_FIRST + _DRIVER, _FRAME, "Caused by: x.YException: no route to db:5433", _FRAME),
        "Caused by: x.YException: no route to db:5433",
    ),
    "not what another trace says": ((_FIRST + _DRIVER, "INFO again", "x.AError: b", _BARE), _BARE),
    "a named error before a complaint": (
        (_FIRST + "x.YException: port 1", "the server could not be started"),
        _FIRST + "x.YException: port 1",
    ),
}


@pytest.mark.parametrize(("lines", "told"), TOLD.values(), ids=TOLD.keys())
def test_tells(lines: tuple[str, ...], told: str) -> None:
    journal = fact("app_journal", said(*lines, program="java"))
    assert isinstance(journal, Journal)

    found = last_words(journal)

    assert found is not None
    assert found.message == told


@pytest.mark.parametrize("line", [_FRAME, "\t... 14 more", "INFO: Exception handling is on"])
def test_names_no_error_in(line: str) -> None:
    assert not NAMED_ERROR.search(line)


def test_in_a_quick_loop_the_words_may_stand_beside_another_start() -> None:
    at = "2026-11-20T11:59:{:02}+0000 web-01 {}\n"
    started, scheduled = "Started app.", "app.service: Scheduled restart job, restart counter is at 3."
    ended = "app.service: Main process exited, code=exited, status=1/FAILURE"
    lines = (
        (50, f"systemd[1]: {started}"),
        (51, "java[8]: Error: Unable to access jarfile /srv/shop.jar"),
        (50, f"systemd[1]: {ended}"),
        (50, f"systemd[1]: {scheduled}"),
        (50, f"systemd[1]: {started}"),
        (50, f"systemd[1]: {ended}"),
    )
    journal = fact("app_journal", "".join(at.format(*line) for line in lines))
    assert isinstance(journal, Journal)

    found = words_of_exit(journal)

    assert found is not None
    assert found.message == "Error: Unable to access jarfile /srv/shop.jar"
