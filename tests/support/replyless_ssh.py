"""An SSH server that takes one exec without saying so: what it was told may run, and nobody hears of it."""

import os
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

import asyncssh

#: Begins on this machine what was exec'd, with pipes for input and output.
Start = Callable[[str], "subprocess.Popen[bytes]"]


class Way(Enum):
    """What becomes of the first exec."""

    #: It is begun, and the connection is cut before the reply.
    CUT = auto()
    #: It is begun, and no reply ever comes.
    SILENT = auto()
    #: The connection is cut before the reply, and it is begun when `late` is called.
    LATE = auto()
    #: It is refused, and nothing is begun.
    REFUSED = auto()
    #: No channel is opened for it.
    SHUT = auto()


@dataclass(kw_only=True)
class Replyless:
    """A running server. All that comes after the first exec is served."""

    way: Way
    start: Start
    host_key: asyncssh.SSHKey
    port: int = 0
    execs: list[str] = field(default_factory=list)
    begun: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def known_line(self) -> str:
        return f"[127.0.0.1]:{self.port} {self.host_key.export_public_key().decode()}"

    def begin(self, words: str) -> None:
        self.begun.append(self.start(words))

    def late(self) -> None:
        """Begin what was asked for first."""
        self.begin(self.execs[0])

    def ended(self) -> list[int]:
        """The exit statuses of all that was begun, its input closed."""
        for process in self.begun:
            process.communicate(timeout=60)
        return [process.returncode for process in self.begun]


@asynccontextmanager
async def replyless_ssh(way: Way, start: Start) -> AsyncIterator[Replyless]:
    """Serve until the block ends; lets everybody in."""
    end = Replyless(way=way, start=start, host_key=asyncssh.generate_private_key("ssh-ed25519"))
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[end.host_key],
        server_factory=lambda: _LetsEverybodyIn(end),
        encoding=None,
    )
    end.port = server.get_port()
    try:
        yield end
    finally:
        server.close()
        await server.wait_closed()
        try:
            end.ended()
        finally:
            for process in end.begun:
                process.kill()
                process.communicate()


def guard_of(kit: Path, home: Path) -> Start:
    """What a guarded host begins: the guard of this kit, with the right of its acting key.

    An order has its nonce when this is back, so that who asks about it does not come first.
    """

    def start(words: str) -> "subprocess.Popen[bytes]":
        process = _begun(["sh", str(kit / "lib/guard"), "act"], SSH_ORIGINAL_COMMAND=words, HOME=str(home))
        if " act " in words and process.stdout is not None:
            process.stdout.readline()
        return process

    return start


def shell_in(home: Path) -> Start:
    """What any other host begins."""
    return lambda words: _begun(["sh", "-c", words], HOME=str(home))


def _begun(argv: list[str], **environment: str) -> "subprocess.Popen[bytes]":
    pipe = subprocess.PIPE
    environment["PATH"] = os.environ["PATH"]
    return subprocess.Popen(argv, env=environment, stdin=pipe, stdout=pipe, stderr=pipe)


class _LetsEverybodyIn(asyncssh.SSHServer):
    def __init__(self, end: Replyless) -> None:
        self._end = end

    def begin_auth(self, username: str) -> bool:
        return False

    def session_requested(self) -> "bool | _Session":
        return False if self._end.way is Way.SHUT else _Session(self._end)


class _Session(asyncssh.SSHServerSession[bytes]):
    def __init__(self, end: Replyless) -> None:
        self._end = end

    def connection_made(self, chan: "asyncssh.SSHServerChannel[bytes]") -> None:
        self._chan = chan

    def exec_requested(self, command: str) -> bool | None:  # type: ignore[override]  # None: no reply is sent
        self._end.execs.append(command)
        if len(self._end.execs) > 1:
            return True
        if self._end.way in (Way.CUT, Way.SILENT):
            self._end.begin(command)
            # What is sent without waiting for a reply is to reach what was begun.
            self._chan.resume_reading()
        if self._end.way in (Way.CUT, Way.LATE):
            self._chan.get_connection().abort()
        return False if self._end.way is Way.REFUSED else None

    def data_received(self, data: bytes, datatype: int | None) -> None:
        assert self._end.begun[-1].stdin is not None
        self._end.begun[-1].stdin.write(data)

    def session_started(self) -> None:
        process = self._end.start(self._end.execs[-1])
        out, _ = process.communicate(timeout=60)
        self._chan.write(out)
        self._chan.exit(process.returncode)
