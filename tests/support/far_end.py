"""A small real server on loopback that answers with given bytes, and counts who came."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(kw_only=True)
class FarEnd:
    """A running server."""

    port: int = 0
    connections: int = 0
    #: Heads of the requests that came.
    requests: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def far_end(
    answer: bytes | Answer, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[FarEnd]:
    """Serve until the block ends; every connection gets `answer` after its request's head."""
    end = FarEnd()
    handlers: set[asyncio.Task[None]] = set()
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        end.connections += 1
        writers.append(writer)
        task = asyncio.current_task()
        if task:
            handlers.add(task)
        try:
            end.requests.append(await reader.readuntil(b"\r\n\r\n"))
            if isinstance(answer, bytes):
                writer.write(answer)
            else:
                await answer(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the prober hung up, which is its right
        finally:
            writer.transport.abort() if writer.is_closing() else writer.close()

    server = await asyncio.start_server(serve, host, 0, ssl=tls)
    end.port = server.sockets[0].getsockname()[1]
    try:
        yield end
    finally:
        server.close()
        for task in handlers:
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)
        for writer in writers:
            writer.transport.abort()  # what nobody reads would keep it open
        await asyncio.sleep(0)  # in which they close
