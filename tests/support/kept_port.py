"""A port of this machine that nobody else gets while a test is about to use it, or stops using it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_port() -> Iterator[int]:
    """A port on loopback that nobody listens on yet, until the block ends.

    It is held by a socket that does not listen: whoever connects is refused, and neither another server
    nor an outgoing connection is given it. Who asks for it with SO_REUSEADDR, as servers do, can listen.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])
