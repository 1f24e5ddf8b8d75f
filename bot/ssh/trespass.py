"""Tries what a guarded host must refuse, with the bot's own keys; harmless on a host that refuses nothing.

Whether a command of ours ran shows in a product that only a shell can have worked out: an echo of our own
words proves nothing. The order that is tried has a nonce that was burnt before, so that it cannot run.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import Enum

import asyncssh
from asyncssh.packet import Boolean, String, UInt32

from bot.errors import SshBroken
from bot.ssh.connect import Link
from bot.ssh.guarded import PROTOCOL, kit_words
from bot.ssh.session import PATIENCE_S, Said, said_by

#: What an SFTP server answers its greeting with: packet type 2 behind four bytes of length.
_SFTP_HELLO, _SFTP_VERSION = b"\0\0\0\5\1\0\0\0\3", 2
#: A variable that makes bash run a file: no host may take it from outside.
_VARIABLE = ("BASH_ENV", "/dev/null")
#: What a try of that is called.
VARIABLE = f"the variable {_VARIABLE[0]}"


class Way(Enum):
    """How a way in was found."""

    SHUT = "shut"
    OPEN = "open"
    #: Neither refused nor let in within PATIENCE_S: what would come of it is not known.
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One try."""

    #: What was tried, e.g. `a shell`.
    what: str
    way: Way


@dataclass(frozen=True, kw_only=True)
class Trespass:
    """All tries with one key."""

    link: Link
    #: Exec'd words that are operations, yet not of this key, each with what they are.
    foreign: tuple[tuple[str, str], ...] = ()

    async def tried(self) -> tuple[Tried, ...]:
        """Every try, one after the other. Raises SshBroken when the connection ends meanwhile."""
        found = [Tried(what=what, way=await of(self.link)) for what, of in (_COMMANDS | _BESIDE).items()]
        for what, words in (*_malformed(), *self.foreign):
            found.append(Tried(what=what, way=await self._operation(words)))
        self._check_open()
        return tuple(found)

    async def tried_beside_commands(self) -> tuple[Tried, ...]:
        """For a key that may run commands: whether it may do more. Raises SshBroken likewise."""
        found = [Tried(what=what, way=await of(self.link)) for what, of in _BESIDE.items()]
        self._check_open()
        return tuple(found)

    def _check_open(self) -> None:
        if not self.link.is_open():
            # To a connection that is gone everything looks refused.
            name = self.link.host.name
            raise SshBroken(f"{name}: the connection ended while the ways in were tried; try again")

    async def _operation(self, words: str) -> Way:
        """SHUT when the guard let nothing run for these words: it says no frame and leaves with 126."""
        said = await said_by(self.link, command=words)
        if not said.was_opened:
            # sshd opens a session for anybody, unless those that went on before are too many.
            return Way.SILENT
        return _way(said, is_in=bool(said.out) or (said.has_ended and said.status != 126))


def run_id() -> str:
    """A fresh mark or nonce."""
    return secrets.token_hex(16)


def _way(said: Said, *, is_in: bool) -> Way:
    """`is_in`: what came shows that it was let in."""
    if is_in:
        return Way.OPEN
    if said.has_ended:
        return Way.SHUT
    # What talks and goes on was let in, whatever it says.
    return Way.OPEN if said.out else Way.SILENT


async def _a_command(link: Link) -> Way:
    words, product = _sum()
    said = await said_by(link, command=words)
    return _way(said, is_in=product in said.out)


async def _a_shell(link: Link) -> Way:
    words, product = _sum()
    said = await said_by(link, stdin=f"{words}\nexit\n".encode())
    return _way(said, is_in=product in said.out)


async def _a_terminal(link: Link) -> Way:
    said = await said_by(link, command="true", term_type="xterm")
    return _way(said, is_in=said.was_opened)


async def _sftp(link: Link) -> Way:
    said = await said_by(link, subsystem="sftp", stdin=_SFTP_HELLO, enough=5)
    is_served = len(said.out) >= 5 and said.out[4] == _SFTP_VERSION
    return _way(said, is_in=is_served)


async def _scp(link: Link) -> Way:
    said = await said_by(link, command="scp -f /etc/hostname", stdin=b"\0\0\0", enough=2)
    return _way(said, is_in=said.out.startswith(b"C0"))


async def _a_local_forward(link: Link) -> Way:
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await link.connection.open_connection("127.0.0.1", 22)
    except asyncssh.ChannelOpenError as error:
        # "Connection refused" by the target would mean that it was let through to it.
        return Way.SHUT if error.code == asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED else Way.OPEN
    except TimeoutError:
        return Way.SILENT
    writer.close()
    return Way.OPEN


async def _a_remote_forward(link: Link) -> Way:
    try:
        async with asyncio.timeout(PATIENCE_S):
            listener = await link.connection.forward_remote_port("localhost", 0, "127.0.0.1", 9)
    except asyncssh.ChannelListenError:
        return Way.SHUT
    except TimeoutError:
        return Way.SILENT
    listener.close()
    return Way.OPEN


async def _the_agent(link: Link) -> Way:
    return await _extra(link, b"auth-agent-req@openssh.com")


async def _x11(link: Link) -> Way:
    cookie = String("MIT-MAGIC-COOKIE-1"), String("0" * 32)
    return await _extra(link, b"x11-req", Boolean(True), *cookie, UInt32(0))


async def _variables(link: Link) -> Way:
    return await _extra(link, b"env", *map(String, _VARIABLE))


async def _extra(link: Link, name: bytes, *fields: bytes) -> Way:
    said = await said_by(link, command=f"{PROTOCOL} kit {run_id()}", request=(name, *fields))
    if any(said.granted):
        return Way.OPEN
    # Without a reply it was refused only where the whole session was.
    return Way.SHUT if said.granted or said.has_ended else Way.SILENT


#: What runs something, in the order it is tried.
_COMMANDS: dict[str, Callable[[Link], Awaitable[Way]]] = {
    "a command of our own": _a_command,
    "a shell": _a_shell,
    "SFTP": _sftp,
    "scp": _scp,
}
#: What goes beyond commands.
_BESIDE: dict[str, Callable[[Link], Awaitable[Way]]] = {
    "a terminal": _a_terminal,
    "a forward to the host's own ports": _a_local_forward,
    "a forward from the host": _a_remote_forward,
    "agent forwarding": _the_agent,
    "X11 forwarding": _x11,
    VARIABLE: _variables,
}


def _malformed() -> Iterator[tuple[str, str]]:
    """What no key may say, and what it is."""
    yield "an unknown operation", f"{PROTOCOL} reboot {run_id()}"
    yield "another version", f"v0 kit {run_id()}"
    yield "a word too few", f"{PROTOCOL} settle {run_id()}"
    yield "a word too many", f"{PROTOCOL} kit {run_id()} {run_id()}"
    yield "an over-long request", f"{PROTOCOL} settle {run_id()} {'0' * 4000}"
    yield "a second command behind an operation", f"{PROTOCOL} kit {run_id()};id"
    yield "a second line", f"{PROTOCOL} kit {run_id()}\nid"


def _sum() -> tuple[str, bytes]:
    one, other = 10_000 + secrets.randbelow(10_000), 10_000 + secrets.randbelow(10_000)
    return f"echo $(({one}*{other}))", str(one * other).encode()


async def installed_kit(link: Link) -> str | None:
    """The id of the kit that answers there; None when no guard of ours does."""
    run = run_id()
    words = (await said_by(link, command=kit_words(run))).out.decode("ascii", "replace").split()
    return words[2] if words[:2] == [f"@{run}", "k"] and len(words) == 3 else None
