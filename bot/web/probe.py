"""Asks a service the way its users do: one GET of the fleet's public address, from outside the host."""

import asyncio
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from bot.model.command import Ended, RawOutput
from bot.web.address import Reach
from bot.web.transport import CheckedTransport, NotAskedError, Resolve, resolve_by_system

STEP = "outside"
#: Bytes read of a body at most, and bytes of it that are handed on.
MAX_READ = 65_536
MAX_SHOWN = 2_048
_HEADERS = (
    "server",
    "content-type",
    "content-length",
    "content-encoding",
    "location",
    "retry-after",
    "via",
    "date",
)
_MAX_HEADER = 512
#: The deadline around all of it is the limit, whatever part is slow.
_NO_TIMEOUT = httpx.Timeout(None)
_PORTS = {"http": 80, "https": 443}


@dataclass(kw_only=True)
class _Heard:
    """What has come so far; a deadline may end it at any point."""

    head: bytes = b""
    body: bytes = b""
    problem: str = ""


class OutsideProber:
    """A `Prober` that asks only the public addresses the fleet names.

    Redirects are reported and not followed, proxies of the environment are not used, encoded bodies
    are not unpacked, certificates are verified.
    """

    def __init__(
        self,
        public_urls: Iterable[str],
        *,
        reach: Reach | None = None,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = resolve_by_system,
    ) -> None:
        self._public_urls = frozenset(public_urls)
        self._reach = reach or Reach()
        # Reading all authorities takes 40 ms, which a fleet without https need not wait for.
        needs_tls = any(url.lower().startswith("https:") for url in self._public_urls)
        self._tls = tls or (httpx.create_ssl_context(trust_env=False) if needs_tls else None)
        self._resolve = resolve

    async def probe(self, url: str, *, deadline_s: float) -> RawOutput:
        """One GET; stdout holds status line, some headers, `time_s` and the start of the body.

        Exit status 0 when an HTTP answer came, whatever it says, 1 when none did (stderr says why);
        `TIMED_OUT` when it was not complete in time. Never raises for what the far end does.
        """
        started = time.monotonic()
        heard = _Heard()
        ended = Ended.EXITED
        try:
            async with asyncio.timeout(deadline_s):
                await self._ask(url, heard, started)
        except TimeoutError:
            ended, heard.problem = Ended.TIMED_OUT, f"no complete answer within {deadline_s:g} s"
        except (NotAskedError, httpx.HTTPError, httpx.InvalidURL, OSError, ssl.SSLError) as error:
            heard.problem = str(error) or type(error).__name__
        return _output(url, heard, ended, time.monotonic() - started)

    async def _ask(self, url: str, heard: _Heard, started: float) -> None:
        transport = CheckedTransport(
            self._target(url), reach=self._reach, resolve=self._resolve, tls=self._tls
        )
        headers = {"Accept-Encoding": "identity", "User-Agent": "runbook-bot", "Connection": "close"}
        async with (
            httpx.AsyncClient(
                transport=transport,
                trust_env=False,
                follow_redirects=False,
                timeout=_NO_TIMEOUT,
                headers=headers,
            ) as client,
            client.stream("GET", url) as answer,
        ):
            heard.head = _head(answer, time.monotonic() - started)
            encoding = answer.headers.get("content-encoding", "identity").strip().lower()
            if encoding not in {"", "identity"}:
                heard.problem = f"body is encoded ({encoding[:40]!r}) though none was asked for; not read"
                return
            await _read(answer, heard)

    def _target(self, url: str) -> tuple[str, int]:
        """Name and port the connection must have. Raises NotAskedError."""
        if url not in self._public_urls:
            raise NotAskedError(f"{url!r} is no public_url of the fleet")
        parsed = httpx.URL(url)
        if parsed.scheme not in _PORTS or not parsed.host or parsed.userinfo:
            raise NotAskedError(f"{url!r} must be http:// or https:// with a host and no user")
        return parsed.raw_host.decode("ascii"), parsed.port or _PORTS[parsed.scheme]


async def _read(answer: httpx.Response, heard: _Heard) -> None:
    async for chunk in answer.aiter_raw():
        heard.body += chunk[: MAX_READ - len(heard.body)]
        if len(heard.body) >= MAX_READ:
            return


def _head(answer: httpx.Response, time_s: float) -> bytes:
    lines = [f"{answer.http_version} {answer.status_code} {answer.reason_phrase}".rstrip()]
    lines += [f"{name}: {answer.headers[name][:_MAX_HEADER]}" for name in _HEADERS if name in answer.headers]
    return "\n".join([*lines, f"time_s: {time_s:.3f}", "", ""]).encode("utf-8", "replace")


def _output(url: str, heard: _Heard, ended: Ended, duration_s: float) -> RawOutput:
    exit_status = (0 if heard.head else 1) if ended is Ended.EXITED else None
    return RawOutput(
        step=STEP,
        argv=("GET", url),
        alternative=0,
        ended=ended,
        exit_status=exit_status,
        stdout=heard.head + heard.body[:MAX_SHOWN],
        stderr=heard.problem.encode("utf-8", "replace")[:MAX_SHOWN],
        omitted_bytes=max(0, len(heard.body) - MAX_SHOWN),
        duration_s=duration_s,
    )
