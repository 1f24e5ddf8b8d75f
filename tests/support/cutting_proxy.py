"""A TCP proxy before a database that interferes with a COMMIT the moment it is sent."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from typing import Self

_CHUNK = 64 * 1024
#: The query as it travels; "READ COMMITTED" is another.
_COMMIT = b"COMMIT\0"
_APPEND = b"append_entries"


class Mode(Enum):
    """What becomes of a COMMIT."""

    #: It gets through, and so does the reply.
    PASS = auto()
    #: It gets through, the reply does not.
    CUT = auto()
    #: The client is cut off at once, the COMMIT gets through when `released` is set.
    LATE = auto()
    #: It does not get through, and both sides are cut off.
    DROP = auto()
    #: Nothing gets through any more, nobody is cut off, and nobody new gets in.
    STALL = auto()
    #: From the next append on the client hears nothing until `released` is set.
    DEAF = auto()


class CuttingProxy:
    """Listens on a port of its own while entered; each mode but STALL and DEAF is for one COMMIT."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.mode = Mode.PASS
        self.released = asyncio.Event()
        #: COMMITs that were interfered with.
        self.cuts = 0
        #: Called at each.
        self.on_cut: Callable[[], None] = lambda: None
        self._is_deaf = False
        #: What came when it went deaf.
        self.appended = b""
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
        if self.mode is Mode.STALL:
            writer.close()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except (OSError, asyncio.CancelledError):  # it has ended: as little as it would have said itself
            writer.transport.abort()
            return
        back = asyncio.create_task(self._back(server_reader, writer))
        try:
            with suppress(ConnectionError):
                await self._forth(reader, server_writer, writer)
        except asyncio.CancelledError:
            for each in (writer, server_writer):
                each.transport.abort()  # what nobody reads would keep it open
        finally:
            back.cancel()
            for each in (writer, server_writer):
                each.close()
            await asyncio.gather(back, return_exceptions=True)

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            if self.mode is Mode.STALL:
                await asyncio.Event().wait()
            if self._is_deaf:
                await self.released.wait()
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _forth(
        self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, client: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(_CHUNK):
            if self.mode is Mode.STALL:
                await asyncio.Event().wait()
            if self.mode is Mode.DEAF and _APPEND in data:
                self._is_deaf, self.appended = True, data
            if _COMMIT not in data or self.mode in (Mode.PASS, Mode.DEAF):
                server.write(data)
                await server.drain()
                continue
            await self._interfere(data, server, client)
            return

    async def _interfere(
        self, data: bytes, server: asyncio.StreamWriter, client: asyncio.StreamWriter
    ) -> None:
        mode, self.mode = self.mode, Mode.PASS
        self.cuts += 1
        self.on_cut()
        client.transport.abort()
        if mode is Mode.DROP:
            return
        if mode is Mode.LATE:
            await self.released.wait()
        server.write(data)
        await server.drain()
