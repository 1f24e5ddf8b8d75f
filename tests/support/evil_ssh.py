"""SSH servers that lie, stall and flood: what a host may do that is broken or not ours any more."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncssh

from bot.ssh import wire
from bot.ssh.wire import Request, ResultFrame

HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")
NAME = "evil"

#: What a server does once a request came: it writes whatever it likes to standard output.
Behaviour = Callable[["asyncssh.SSHServerProcess[bytes]", Request], Awaitable[None]]
#: What a server does on the bare TCP connection.
Greeting = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def after_login(behave: Behaviour, **options: Any) -> AsyncIterator[int]:
    """A server that logs everybody in and misbehaves on the exec; gives its port."""

    async def serve(process: "asyncssh.SSHServerProcess[bytes]") -> None:
        with contextlib.suppress(OSError, asyncssh.Error, asyncio.IncompleteReadError):
            await process.stdin.readline()
            line = await process.stdin.readline()
            await behave(process, wire.decode_request(line))

    options = {"server_factory": _LetsEverybodyIn, **options}
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[HOST_KEY],
        process_factory=serve,
        encoding=None,
        keepalive_interval=0,
        **options,
    )
    try:
        yield server.get_port()
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def before_login(behave: Greeting) -> AsyncIterator[int]:
    """A server that misbehaves on the bare connection; gives its port."""
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(_quietly(behave, reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, family=socket.AF_INET)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _LetsEverybodyIn(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return False


async def _quietly(behave: Greeting, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with contextlib.suppress(OSError):
            await behave(reader, writer)
    finally:
        writer.transport.abort()


# On the bare connection


async def no_banner(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def banner_drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"S")
        await asyncio.sleep(0.05)


async def banner_lines_for_ever(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"please wait\r\n" * 50)
        await writer.drain()


async def stops_after_version(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    await asyncio.Event().wait()


async def garbage_after_version(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n" + b"\xff" * 4096)
    await asyncio.Event().wait()


async def hangs_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def speaks_http(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


# After login


def hello(request: Request) -> bytes:
    return wire.encode_hello(request.nonce, 1_700_000_000.0)


def result(request: Request, index: int = 0, stdout: bytes = b"ok\n", **kwargs: Any) -> bytes:
    values: dict[str, Any] = {"alternative": 0, "how": wire.EXITED, "status": 0, "duration_s": 0.1}
    frame = ResultFrame(index=index, stdout=stdout, stderr=b"", **(values | kwargs))
    return wire.encode_result(request.nonce, frame)


async def says_nothing(_process: "asyncssh.SSHServerProcess[bytes]", _request: Request) -> None:
    await asyncio.Event().wait()


async def ends_at_once(process: "asyncssh.SSHServerProcess[bytes]", _request: Request) -> None:
    process.exit(0)


async def floods_before_hello(process: "asyncssh.SSHServerProcess[bytes]", _request: Request) -> None:
    while True:
        process.stdout.write(b"x" * 32_768)
        await process.stdout.drain()


async def floods_after_hello(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request))
    await floods_before_hello(process, request)


async def one_endless_line(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request) + f"@{request.nonce} e ".encode())
    while True:
        process.stdout.write(b"9" * 32_768)
        await process.stdout.drain()


async def endless_errors(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request))
    while True:
        process.stderr.write(b"e" * 32_768)
        await process.stderr.drain()


async def sends_all_it_may(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    """Well-formed answers, each as large as was asked for."""
    process.stdout.write(hello(request))
    for index, command in enumerate(request.commands):
        process.stdout.write(result(request, index, stdout=b"x" * command.max_bytes))
        await process.stdout.drain()
    process.exit(0)


async def cuts_in_a_frame(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request) + result(request, stdout=b"only half of it comes")[:-5])
    process.exit(0)


async def cuts_in_a_header(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request) + f"@{request.nonce} e 0 0 x 0".encode())
    process.exit(0)


async def ends_after_hello(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request))
    process.exit(0)


async def ends_without_status(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request))
    process.close()


async def drops_the_connection(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request))
    await process.stdout.drain()
    connection = process.get_extra_info("connection")
    connection.abort()


async def never_ends(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request))
    await asyncio.Event().wait()


async def drips(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request))
    for byte in result(request, stdout=b"z" * 5000):
        process.stdout.write(bytes([byte]))
        await asyncio.sleep(0.05)


async def forges_another_nonce(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request) + result(Request(nonce="0" * 32, life_s=1, commands=())))
    await asyncio.Event().wait()


async def answers_what_was_not_asked(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request) + result(request, index=len(request.commands)))
    await asyncio.Event().wait()


async def names_an_alternative_not_sent(
    process: "asyncssh.SSHServerProcess[bytes]", request: Request
) -> None:
    process.stdout.write(hello(request) + result(request, alternative=7))
    await asyncio.Event().wait()


async def promises_too_much(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(hello(request) + f"@{request.nonce} e 0 0 x 0 1 999999999999 0 0\n".encode())
    await floods_before_hello(process, request)


async def lies_about_its_clock(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(wire.encode_hello(request.nonce, float("nan")))
    await asyncio.Event().wait()


async def is_a_year_beyond(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    process.stdout.write(wire.encode_hello(request.nonce, 1e300))
    await asyncio.Event().wait()


async def says_bytes_that_are_no_text(process: "asyncssh.SSHServerProcess[bytes]", request: Request) -> None:
    answers = [result(request, index, stdout=b"\xff\xfe\0\x80") for index in range(len(request.commands))]
    process.stdout.write(hello(request) + b"".join(answers))
    process.exit(0)
