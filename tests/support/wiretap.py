"""A TCP relay on loopback that keeps what the client sends, and may cut what the server answers."""

import asyncio
import contextlib
from typing import Self

_CHUNK = 65_536


class _Cut(Exception):
    """So much was let through."""


class Wiretap:
    """Stands before a server while entered."""

    def __init__(self, port: int) -> None:
        self._target = port
        #: What the client sent.
        self.heard = bytearray()
        #: Bytes of answers that got through on the latest connection.
        self.answered = 0
        #: Every connection is cut off once so many bytes of answers got through; None: never.
        self.cut_after: int | None = None
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # A cancelled handler of a stream server is told of as an error in the log; OSError: the server has
        # ended, and says as little as it would have said itself.
        with contextlib.closing(writer.transport), contextlib.suppress(asyncio.CancelledError, OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
            await self._relay(reader, writer, far_reader, far_writer)

    async def _relay(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._forth(reader, far_writer))
                group.create_task(self._back(far_reader, writer))
        except* _Cut:
            pass
        finally:
            for each in (writer, far_writer):
                each.transport.abort()

    async def _forth(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(_CHUNK):
                self.heard += data
                writer.write(data)
                await writer.drain()
            writer.write_eof()

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.answered = 0
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(_CHUNK):
                if self.cut_after is not None:
                    data = data[: self.cut_after - self.answered]
                writer.write(data)
                await writer.drain()
                self.answered += len(data)
                if self.answered == self.cut_after:
                    raise _Cut
            writer.write_eof()
