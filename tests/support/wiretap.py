"""A TCP relay on loopback that keeps what the client sends."""

import asyncio
import contextlib
from typing import Self


class Wiretap:
    """Stands before a server while entered; `heard` grows."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.heard = bytearray()
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
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        # A cancelled handler of a stream server is told of as an error in the log.
        with contextlib.suppress(asyncio.CancelledError):
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
                group.create_task(_pass(reader, far_writer, self.heard))
                group.create_task(_pass(far_reader, writer, None))
        finally:
            for each in (writer, far_writer):
                each.transport.abort()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: bytearray | None) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            if heard is not None:
                heard += data
            writer.write(data)
            await writer.drain()
        writer.write_eof()
