"""More of what a hostile SSH server may do: to the login, to the connection, and back to the client.

`python -m tests.support.evil_ssh_more` serves every mode of this zoo on a port of its own, in a process of
its own, so that what the bot spends and holds can be measured apart; it prints key and ports as JSON.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncssh
from asyncssh.constants import MSG_IGNORE, MSG_KEXINIT
from asyncssh.packet import Byte, NameList, String, UInt32

from bot.ssh.wire import Request
from tests.support import evil_ssh
from tests.support.evil_ssh import HOST_KEY, hello, result

Process = asyncssh.SSHServerProcess[bytes]
#: Kinds of channels a server tried to open to us -> how often it was let.
opened: dict[str, int] = {}


# At login


class _Banners(asyncssh.SSHServer):
    """Greets without end before it lets anybody in."""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn

    async def begin_auth(self, username: str) -> bool:  # type: ignore[override]  # asyncssh awaits it
        with contextlib.suppress(OSError, asyncssh.Error):
            while True:
                self._conn.send_auth_banner("x" * 30_000)
                await asyncio.sleep(0)
        return True


class _NeverDecides(asyncssh.SSHServer):
    async def begin_auth(self, username: str) -> bool:  # type: ignore[override]  # asyncssh awaits it
        await asyncio.Event().wait()
        return True


class _RefusesEverybody(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True


LOGINS: dict[str, type[asyncssh.SSHServer]] = {
    "banners_without_end": _Banners,
    "login_never_decided": _NeverDecides,
    "login_refused": _RefusesEverybody,
}


async def stalls_in_key_exchange(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    names = [NameList([name]) for name in (b"curve25519-sha256", b"ssh-ed25519")]
    both = [NameList([b"aes128-gcm@openssh.com"])] * 2 + [NameList([b"hmac-sha2-256"])] * 2
    payload = b"".join(
        [
            Byte(MSG_KEXINIT),
            os.urandom(16),
            *names,
            *both,
            *([NameList([b"none"])] * 2),
            *([NameList([])] * 2),
        ]
    )
    payload += b"\0" + UInt32(0)
    padding = 8 - (len(payload) + 5) % 8 + 4
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n" + UInt32(len(payload) + padding + 1) + Byte(padding) + payload)
    writer.write(b"\0" * padding)
    await asyncio.Event().wait()


# After login


def _connection(process: Process) -> Any:
    return process.get_extra_info("connection")


async def floods_with_ignore(process: Process, request: Request) -> None:
    process.stdout.write(hello(request))
    connection = _connection(process)
    while True:
        for _ in range(64):
            connection.send_packet(MSG_IGNORE, String(b"i" * 1000))
        await asyncio.sleep(0)


async def floods_with_debug(process: Process, request: Request) -> None:
    process.stdout.write(hello(request))
    connection = _connection(process)
    while True:
        for _ in range(64):
            connection.send_debug("d" * 1000)
        await asyncio.sleep(0)


async def sends_what_was_not_encrypted(process: Process, request: Request) -> None:
    process.stdout.write(hello(request))
    _connection(process)._transport.write(b"\xff" * 300_000)
    await asyncio.Event().wait()


async def says_goodbye_at_length(process: Process, request: Request) -> None:
    process.stdout.write(hello(request))
    _connection(process).disconnect(asyncssh.DISC_PROTOCOL_ERROR, "\x1b]0;approved\x07<!channel> " * 1000)


async def ends_by_a_signal(process: Process, request: Request) -> None:
    process.stdout.write(hello(request))
    process.exit_with_signal("KILL", msg="x" * 10_000)


async def opens_channels_to_us(process: Process, request: Request) -> None:
    """Tries the agent, X11 and a forwarded port, then answers as it should."""
    connection = _connection(process)
    attempts = {
        "agent": connection.open_agent_connection,
        "x11": lambda: connection.create_x11_connection(asyncssh.SSHTCPSession, "192.0.2.9", 9),
        "forwarded": lambda: connection.create_connection(
            asyncssh.SSHTCPSession, "127.0.0.1", 22, "192.0.2.9", 9
        ),
        "unix": lambda: connection.create_unix_connection(asyncssh.SSHUNIXSession, "/run/x.sock"),
    }
    for name, attempt in attempts.items():
        opened.setdefault(name, 0)
        with contextlib.suppress(asyncssh.Error, OSError, ValueError):
            await attempt()
            opened[name] += 1
    process.stdout.write(hello(request))
    for index in range(len(request.commands)):
        process.stdout.write(result(request, index))
    process.exit(0)


async def exchanges_keys_without_end(process: Process, request: Request) -> None:
    """Served with a limit of bytes for a key that every few answers exceed."""
    process.stdout.write(hello(request))
    while True:
        process.stderr.write(b"e" * 8000)
        await process.stderr.drain()


OPTIONS: dict[str, dict[str, Any]] = {
    "exchanges_keys_without_end": {"rekey_bytes": 16_384},
    "compression_only": {"compression_algs": ["zlib@openssh.com"]},
}
BARE = {
    name: getattr(evil_ssh, name)
    for name in (
        "no_banner", "banner_drip", "banner_lines_for_ever", "stops_after_version", "garbage_after_version",
        "hangs_up", "speaks_http",
    )
} | {"stalls_in_key_exchange": stalls_in_key_exchange}  # fmt: skip
AFTER = {
    name: getattr(evil_ssh, name)
    for name in (
        "says_nothing", "ends_at_once", "floods_before_hello", "lies_about_its_clock", "is_a_year_beyond",
        "floods_after_hello", "one_endless_line", "endless_errors", "cuts_in_a_frame", "cuts_in_a_header",
        "ends_after_hello", "ends_without_status", "drops_the_connection", "never_ends", "drips",
        "forges_another_nonce", "answers_what_was_not_asked", "names_an_alternative_not_sent",
        "promises_too_much",
    )
} | {
    each.__name__: each
    for each in (
        floods_with_ignore, floods_with_debug, sends_what_was_not_encrypted, says_goodbye_at_length,
        ends_by_a_signal, exchanges_keys_without_end,
    )
} | {"compression_only": evil_ssh.ends_after_hello}  # fmt: skip
#: Everything that never gives a whole and honest answer.
MODES = (*BARE, *AFTER, *LOGINS)


@asynccontextmanager
async def serving(mode: str) -> AsyncIterator[int]:
    """One mode; gives its port."""
    if mode in BARE:
        async with evil_ssh.before_login(BARE[mode]) as port:
            yield port
    elif mode in AFTER:
        async with evil_ssh.after_login(AFTER[mode], **OPTIONS.get(mode, {})) as port:
            yield port
    else:
        async with evil_ssh.after_login(evil_ssh.never_ends, server_factory=LOGINS[mode]) as port:
            yield port


async def _serve_all() -> None:
    async with AsyncExitStack() as stack:
        ports = {mode: await stack.enter_async_context(serving(mode)) for mode in MODES}
        key = HOST_KEY.export_public_key().decode()
        sys.stdout.write(json.dumps({"key": key, "ports": ports}) + "\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        os._exit(0)  # the modes never end by themselves


if __name__ == "__main__":
    asyncio.run(_serve_all())
