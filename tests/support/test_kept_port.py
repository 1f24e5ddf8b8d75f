"""A port is nobody's but the test's: refused, then listened on, then given up and listened on again."""

import socket

import pytest

from tests.support.kept_port import kept_port


def test_it_is_refused_until_somebody_listens_and_again_after_that() -> None:
    with kept_port() as port:
        for _ in range(2):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))
            with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)):
                pass


def test_nobody_else_is_given_it() -> None:
    with kept_port() as port, socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))
