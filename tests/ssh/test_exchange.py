"""A channel that is closed under us is the host's trouble, and says that nothing was sent."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.errors import SshBroken
from bot.ssh.exchange import hand_over


class Closed:
    """A channel as asyncssh has it once the far end closed it."""

    def write(self, data: bytes) -> None:
        raise BrokenPipeError("Channel not open for sending")


async def test_a_channel_closed_before_the_request_is_a_broken_connection() -> None:
    link: Any = SimpleNamespace(host=SimpleNamespace(name="web-01"))
    channel: Any = Closed()

    with pytest.raises(SshBroken, match="web-01: sshd closed the command's channel before it was told"):
        hand_over(link, channel, b"request")
