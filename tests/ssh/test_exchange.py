"""A channel that is closed under us is the host's trouble; one that is asked for is not held up here."""

import asyncio
import socket
from types import SimpleNamespace
from typing import Any

import pytest

from bot.errors import SshBroken
from bot.ssh.exchange import Exchange, begin, hand_over

HOST = SimpleNamespace(name="web-01")


class Closed:
    """A channel as asyncssh has it once the far end closed it."""

    def write(self, data: bytes) -> None:
        raise BrokenPipeError("Channel not open for sending")


class Asked:
    """A connection whose far end opens the channel once its first words are acknowledged (Nagle)."""

    def __init__(self, peer: socket.socket | None, *, opens: bool = False) -> None:
        self.peer, self.seen = peer, asyncio.Event()
        self.was_asked = False
        if opens:
            self.seen.set()

    async def create_session(self, *_: object, **__: object) -> tuple[str, None]:
        self.was_asked = True
        await self.seen.wait()
        return "channel", None

    def get_extra_info(self, name: str) -> Any:
        return {"socket": self if self.peer else None}[name]

    def setsockopt(self, *option: int) -> None:
        assert self.was_asked, "the request for the channel would end it at once"
        assert self.peer is not None
        self.seen.set()
        self.peer.setsockopt(*option)


async def ask(connection: Asked) -> object:
    link: Any = SimpleNamespace(host=HOST, connection=connection)
    exchange = Exchange(lambda _: None, lambda: None)
    return await begin(link, "true", exchange, until=asyncio.get_running_loop().time() + 20)


def talked() -> tuple[socket.socket, socket.socket]:
    """Both ends of a connection on which one side asks and the other answers, as in a handshake."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = socket.create_connection(server.getsockname())
        far, _ = server.accept()
    for _ in range(8):
        for one, other in ((near, far), (far, near)):
            one.sendall(b"x")
            assert other.recv(1) == b"x"
    return near, far


async def test_a_channel_closed_before_the_request_is_a_broken_connection() -> None:
    link: Any = SimpleNamespace(host=HOST)
    channel: Any = Closed()

    with pytest.raises(SshBroken, match="web-01: sshd closed the command's channel before it was told"):
        hand_over(link, channel, b"request")


@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="only Linux can be told when to acknowledge")
async def test_what_the_far_end_says_before_the_channel_is_acknowledged_at_once() -> None:
    near, far = talked()
    with near, far:
        assert near.getsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK) == 0

        assert await ask(Asked(near)) == "channel"

        assert near.getsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK) == 1


async def test_a_connection_without_a_socket_of_its_own_is_asked_all_the_same() -> None:
    assert await ask(Asked(None, opens=True)) == "channel"


async def test_a_socket_that_was_closed_meanwhile_is_said_by_who_asks() -> None:
    loud: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: loud.append(context))
    near, far = talked()
    near.close()
    far.close()

    assert await ask(Asked(near)) == "channel"

    assert loud == []
