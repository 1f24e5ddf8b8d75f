"""Lines that resemble a wording and claim less, or the opposite."""

import pytest

from bot.model.sign import Piece, Sign
from bot.signs import read

_DAEMON = "mod_wsgi (pid=8812, process='ledger', application=''): Loading WSGI script '/srv/ledger/app.wsgi'."
_CHILD = "AH00051: child pid 8812 exit signal Segmentation fault (11), possible coredump in /srv/dumps"


def _all(kind: str, text: str) -> tuple[Sign, ...]:
    return read([Piece(text=text)]).of(kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("crashed", "shop[711]: fatal error: runtime: out of memory"),
        ("crashed", "fatal error: runtime: cannot allocate memory"),
        ("crashed", "--- SIGABRT {si_signo=SIGABRT, si_code=SI_USER, si_pid=1, si_uid=0} ---"),
        ("crashed", "[2031-03-02 08:00:01] [7] [ERROR] Worker (pid:41) was sent SIGABRT!"),
        ("proxy_crashed", f"{_DAEMON}\n{_CHILD}"),
        (
            "proxy_crashed",
            f"Truncated or oversized response headers received from daemon process 'a'\n{_CHILD}",
        ),
    ],
)
def test_what_only_resembles_a_wording_makes_no_sign_of_it(kind: str, text: str) -> None:
    assert _all(kind, text) == ()


@pytest.mark.parametrize(
    ("kind", "field", "value", "text"),
    [
        ("no_memory", "who", "go", "fatal error: runtime: out of memory"),
        ("proxy_crashed", "signal", "11", _CHILD),
        ("crashed", "signal", "6", "--- SIGABRT {si_signo=SIGABRT, si_code=SI_TKILL, si_pid=711} ---"),
    ],
)
def test_a_field_has_what_the_line_says_of_it(kind: str, field: str, value: str, text: str) -> None:
    found = _all(kind, text)

    assert found
    assert {sign[field] for sign in found} <= {value, ""}
    assert value in {sign[field] for sign in found}
