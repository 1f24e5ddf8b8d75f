"""Ports of this machine for tests."""

import random
import socket

#: Below those that Linux gives to whoever connects, or listens on any: nobody gets one of these by chance.
_OURS = range(20_000, 32_000)
#: Not the common generator: hypothesis has that draw the same numbers in each process.
_CHANCE = random.SystemRandom()


def free_port() -> int:
    """A port on loopback that nobody listens on at this moment."""
    while True:
        port = _CHANCE.choice(_OURS)
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue  # taken
            return port
