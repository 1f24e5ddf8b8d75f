"""An httpx transport that checks each address at the moment it connects, and connects only to it.

Checking a name first and connecting later would leave DNS time to change its answer.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence

import httpcore
import httpx

from bot.web.address import Reach, refusal

#: Name and port -> addresses as text, in the order to try them.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_FOREIGN = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
)


class NotAskedError(Exception):
    """Nothing was asked: the probe may not connect there, or the name has no address. Says why."""


async def resolve_by_system(name: str, port: int) -> Sequence[str]:
    """Addresses by the system's resolver. Raises OSError when there are none."""
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedTransport(httpx.AsyncBaseTransport):
    """One connection to exactly this name and port; raises NotAskedError or httpx.TransportError."""

    def __init__(
        self, target: tuple[str, int], *, reach: Reach, resolve: Resolve, tls: ssl.SSLContext | None
    ) -> None:
        backend = _CheckedBackend(target, reach, resolve)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls, max_connections=1, http1=True, http2=False, network_backend=backend
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; the response's stream is still open."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        order = httpcore.Request(
            method=request.method, url=url, headers=request.headers.raw, extensions=request.extensions
        )
        try:
            answer = await self._pool.handle_async_request(order)
        except _FOREIGN as error:
            raise _mapped(error) from error
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close the connection."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._answer.aiter_stream():
                yield chunk
        except _FOREIGN as error:
            raise _mapped(error) from error

    async def aclose(self) -> None:
        await self._answer.aclose()


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, target: tuple[str, int], reach: Reach, resolve: Resolve) -> None:
        self._target = target
        self._reach = reach
        self._resolve = resolve
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        if (host, port) != self._target:
            raise NotAskedError(f"{host}:{port} is not the address the fleet gives")
        last: Exception | None = None
        for address in await self._addresses(host, port):
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last or NotAskedError(f"{host} has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - the same
    ) -> httpcore.AsyncNetworkStream:
        raise NotAskedError(f"a probe asks no socket file: {path}")

    async def sleep(self, seconds: float) -> None:
        await self._plain.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        """All addresses of the name. One that may not be asked refuses them all."""
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NotAskedError(f"{host} does not resolve: {error}") from error
        for address in found:
            why = refusal(address, self._reach)
            if why:
                raise NotAskedError(f"{host}: {why}")
        return found


def _mapped(error: Exception) -> httpx.TransportError:
    """httpx's error with the words of the innermost cause: anyio says only that all attempts failed."""
    cause: BaseException = error
    while isinstance(cause.__cause__ or cause.__context__, OSError):
        cause = cause.__cause__ or cause.__context__ or cause
    if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError) and cause.errno:
        return httpx.TransportError(os.strerror(cause.errno))
    return httpx.TransportError(str(cause) or str(error) or type(error).__name__)
