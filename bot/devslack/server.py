"""The local Slack put together: start it, point an app at it, stop it."""

import ipaddress

from aiohttp import web

from bot.devslack.addresses import Addresses
from bot.devslack.guard import guard
from bot.devslack.options import Options
from bot.devslack.pageapi import PageApi
from bot.devslack.parts import Parts
from bot.devslack.static import Static
from bot.devslack.webapi import WebApi

#: The largest request body: an uploaded file.
MOST_BYTES = 64 * 1024 * 1024


class DevSlack:
    """A Slack workspace on this machine, in memory.

    The app talks to `api_url` with `bot_token` and `app_token`; people use `page_url`.
    """

    def __init__(self, options: Options | None = None) -> None:
        self.parts = Parts(options or Options())
        self.bot_token = self.parts.tokens.bot
        self.app_token = self.parts.tokens.app
        self.signing_secret = self.parts.tokens.signing_secret
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; after `stop` again, with the workspace as it was.

        ValueError for an address that others could reach; OSError when the port is taken.
        """
        _refuse_reachable(host)
        # one family, one port: with port 0 each address of `localhost` would get its own
        host = "127.0.0.1" if host == "localhost" else host
        self.parts.feed.open()
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        actual = self._runner.addresses[0][1]
        name = f"[{host}]" if ":" in host else host
        self.parts.base = f"http://{name}:{actual}"

    async def stop(self) -> None:
        """End deliveries, sockets and the server; twice is fine."""
        self.parts.feed.close()
        await self.parts.delivery.close()
        await self.parts.sockets.close()
        await self.parts.sender.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def api_url(self) -> str:
        """Base address of the Web API, ends in `/api/`."""
        return f"{self.parts.base}/api/"

    @property
    def page_url(self) -> str:
        """The page's address."""
        return f"{self.parts.base}/"

    def deliver_to(self, request_url: str) -> None:
        """Leave Socket Mode: post signed payloads to this address from now on."""
        self.parts.deliver_to(request_url)

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[guard], client_max_size=MOST_BYTES)
        api = WebApi(self.parts)
        app.add_routes(
            [
                web.route("*", "/api/{method}", api.handle),
                web.get("/link/", self.parts.sockets.handle),
                *Addresses(self.parts).routes(),
                *PageApi(self.parts).routes(),
                *Static(self.parts.options.page).routes(),
            ]
        )
        return app


def _refuse_reachable(host: str) -> None:
    is_local = host == "localhost" or _is_loopback(host)
    if not is_local:
        raise ValueError(
            f"the local Slack has no passwords and listens on loopback only, not on {host!r}; use 127.0.0.1"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
