"""What Go programs say about dialling."""

import pytest

from bot.model.sign import Piece, Sign
from bot.signs import read


def of(text: str) -> list[Sign]:
    return list(read([Piece(text=text)]).all)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("connection refused", "dial_refused"),
        ("no such file or directory", "dial_missing"),
        ("permission denied", "dial_denied"),
        ("resource temporarily unavailable", "dial_busy"),
    ],
)
def test_a_unix_socket_is_written_as_nginx_writes_it(reason: str, kind: str) -> None:
    found = of(f"dialing backend: dial unix /run/a.sock: connect: {reason}")

    assert [(sign.kind, sign["target"]) for sign in found if sign["target"]] == [(kind, "unix:/run/a.sock")]


def test_a_store_is_no_backend_of_a_proxy() -> None:
    kinds = {sign.kind for sign in of("dial tcp 10.1.1.1:6379: connect: connection refused")}

    assert "dependency_away" in kinds
    assert "dial_refused" not in kinds


def test_a_probe_is_no_proxy() -> None:
    kinds = {
        sign.kind
        for sign in of("Readiness probe failed: dial tcp 10.1.1.1:8080: connect: connection refused")
    }

    assert "answers_not" in kinds
    assert "dial_refused" not in kinds


def test_a_blotted_address_is_refused_all_the_same() -> None:
    (sign,) = [s for s in of("dial tcp <ip>:<port>: connect: connection refused") if s.kind == "dial_refused"]

    assert sign["target"] == ""


@pytest.mark.parametrize(("local", "is_backend"), [("10.0.0.2:51234", True), ("10.0.0.2:443", False)])
def test_a_reset_counts_only_on_the_backends_side(local: str, is_backend: bool) -> None:
    kinds = [sign.kind for sign in of(f"read tcp {local}->10.0.0.9:8080: read: connection reset by peer")]

    assert ("answer_reset" in kinds) is is_backend
