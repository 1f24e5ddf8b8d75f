"""A real SSH server on loopback in front of one sample host; it takes the bot's requests and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncssh

from bot.demo.sample import SampleHost
from bot.ssh.order_wire import Verb, decode_order, encode_claim, encode_reply
from bot.ssh.programs import ORDER_COMMAND, READ_COMMAND, READ_COMMAND_SH
from bot.ssh.wire import WireError, decode_request, encode_hello, encode_result

#: Seconds a client may take to send its request.
_PATIENCE_S = 10.0
#: A recorded answer is held back as long as it took, but no longer than this.
_MAX_WAIT_S = 0.4

Process = asyncssh.SSHServerProcess[bytes]


class _Door(asyncssh.SSHServer):
    """Knows who is inside."""

    def __init__(self, inside: set[asyncssh.SSHServerConnection]) -> None:
        self._inside = inside

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn
        self._inside.add(conn)

    def connection_lost(self, _: Exception | None) -> None:
        self._inside.discard(self._conn)


@asynccontextmanager
async def listening(
    sample: SampleHost, *, key: asyncssh.SSHKey, allowed: asyncssh.SSHKey
) -> AsyncIterator[int]:
    """Serve the sample on a free port of 127.0.0.1 to the holder of `allowed`: its number. Raises OSError.

    Whoever is still connected at the end is let go, so that no connection outlives the event loop.
    """
    authorized = asyncssh.import_authorized_keys(allowed.export_public_key().decode())
    inside: set[asyncssh.SSHServerConnection] = set()

    async def serve(process: Process) -> None:
        await _serve(sample, process)

    server = await asyncssh.create_server(
        lambda: _Door(inside),
        "127.0.0.1",
        0,
        server_host_keys=[key],
        authorized_client_keys=authorized,
        process_factory=serve,
        encoding=None,
        allow_scp=False,
        agent_forwarding=False,
        x11_forwarding=False,
        allow_pty=False,
    )
    try:
        yield server.get_port()
    finally:
        server.close()
        for connection in tuple(inside):
            connection.abort()
            await connection.wait_closed()
        await server.wait_closed()


async def _serve(sample: SampleHost, process: Process) -> None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await process.stdin.readline()  # the runner: a sample host runs nothing
            line = await process.stdin.readline()
        await _answer(sample, process, line)
    except WireError as error:
        process.stderr.write(f"sample host: {error}\n".encode())
        process.exit(1)
    except (TimeoutError, OSError, asyncssh.Error):
        # The client went away or never asked; there is nobody to tell.
        process.close()
    else:
        process.exit(0)


async def _answer(sample: SampleHost, process: Process, line: bytes) -> None:
    match process.command:
        case command if command in (READ_COMMAND, READ_COMMAND_SH):
            await _read(sample, process, line)
        case command if command == ORDER_COMMAND:
            await _order(sample, process, line)
        case _:
            raise WireError("it replays a recorded host for the runbook bot and takes no other command")


async def _read(sample: SampleHost, process: Process, line: bytes) -> None:
    request = decode_request(line)
    now, clock = datetime.now(UTC), asyncio.get_running_loop()
    process.stdout.write(encode_hello(request.nonce, now.timestamp()))
    began = clock.time()
    for frame in sample.read(request, now):
        await asyncio.sleep(max(0.0, began + min(frame.duration_s, _MAX_WAIT_S) - clock.time()))
        process.stdout.write(encode_result(request.nonce, frame))
        await process.stdout.drain()


async def _order(sample: SampleHost, process: Process, line: bytes) -> None:
    request = decode_order(line)
    is_first, reply = sample.order(request)
    if not (is_first and request.verb is Verb.SETTLE):
        process.stdout.write(encode_claim(request.run, is_first=is_first))
    await asyncio.sleep(reply.duration_s)
    process.stdout.write(encode_reply(request.run, reply))
    await process.stdout.drain()
