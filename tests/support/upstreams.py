"""Upstreams that behave in one way each, on loopback or a unix socket, for scripts that ask them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
FAILING = b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"
BIG = b"HTTP/1.1 200 OK\r\nSet-Cookie: s=" + b"A" * 30_000 + b"\r\n\r\n"
NOT_HTTP = b"\x01\x06\x00\x01 not what was asked for"
CLOSES = b""


@contextmanager
def upstream(answer: bytes | None, *, path: Path | None = None, wants: bytes = b"") -> Iterator[str]:
    """Its address as nginx writes it; `answer` None takes connections and stays silent.

    It hangs up on what does not begin with `wants`.
    """
    server = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    server.bind(str(path) if path else ("127.0.0.1", 0))
    server.listen(16)
    held: list[socket.socket] = []
    thread = threading.Thread(target=_serve, args=(server, answer, held, wants), daemon=True)
    thread.start()
    try:
        yield f"unix:{path}" if path else f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
        for connection in held:
            connection.close()


def _serve(server: socket.socket, answer: bytes | None, held: list[socket.socket], wants: bytes) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        held.append(connection)
        with suppress(OSError):  # who asked may be gone by now
            asked = connection.recv(4096)
            if answer is not None:
                connection.sendall(answer if asked.startswith(wants) else b"")
                connection.shutdown(socket.SHUT_WR)


@contextmanager
def refusing() -> Iterator[str]:
    """An address where nobody listens; it is held, so that nobody else comes to."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{held.getsockname()[1]}"
