"""Puts the driving edge together: one object to start and stop."""

import logging
from collections.abc import Callable, Mapping, Sequence

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.model.incident import Incident
from bot.ports import Desk, Leases, Ledger
from bot.redact import Cleaner, CleanHere, KnownValues
from bot.redact.clean import NOTHING_KNOWN
from bot.slack.api import Api
from bot.slack.blocks import View
from bot.slack.chores import Chores
from bot.slack.counter import Office
from bot.slack.failures import Away, RateLimited
from bot.slack.http import HttpDoor
from bot.slack.identity import Directory, Home, directory_for
from bot.slack.listeners import Listeners
from bot.slack.pace import Time
from bot.slack.presenter import Presenter
from bot.slack.relay import PresenterRelay
from bot.slack.seen import Seen
from bot.slack.sender import Sender
from bot.slack.setup import SlackSettings, SystemTime, commands_of, tokens_of
from bot.slack.shape import OnMisshapen
from bot.slack.socket import Sockets
from bot.slack.teller import Teller
from bot.slack.throttle import Limits, Throttle
from bot.work import Rules

_log = logging.getLogger(__name__)
_TIMEOUT_S = 15.0


class SlackEdge:
    """The bot in one Slack workspace."""

    def __init__(  # noqa: PLR0913 - parts and knobs that have nothing in common
        self,
        desk: Desk,
        ledger: Ledger,
        rules: Rules,
        settings: SlackSettings,
        *,
        clock: Time | None = None,
        limits: Limits | None = None,
        traces: Sequence[aiohttp.TraceConfig] = (),
        leases: Leases | None = None,
        cleaner: Cleaner | None = None,
        known: KnownValues = NOTHING_KNOWN,
        ledger_silent_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._desk, self._ledger, self._rules, self._settings = desk, ledger, rules, settings
        self._time = clock or SystemTime()
        self._limits = limits or Limits()
        self._traces = list(traces)
        self._leases = leases
        self._ledger_silent_s = ledger_silent_s
        self._cleaner, self._known = cleaner or CleanHere(known), known
        self._tokens = tokens_of(settings)
        #: Give this to whoever appends events; before `start` it does nothing.
        self.chat = PresenterRelay()
        self.sockets: Sockets | None = None
        self.door: HttpDoor | None = None
        self._session: aiohttp.ClientSession | None = None
        self._chores: Chores | None = None
        self._sender = Sender(self._time, check=self._check)
        self._directory: Directory | None = None

    async def start(self) -> None:
        """Sign in, complete what an earlier process left in Slack, then listen.

        Waits for as long as Slack is away. Raises ChatError when Slack refuses the token, SettingsError
        for what is missing, LedgerUnavailable.
        """
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S), trace_configs=self._traces
        )
        try:
            await self._start(self._session)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop listening, let answers out, stop sending; the next start shows what is not shown yet."""
        for door in (self.sockets, self.door):
            if door is not None:
                await door.stop()
        if self._chores is not None:
            await self._chores.finish()
        presenter, self.chat.presenter = self.chat.presenter, None
        if presenter is not None:
            await presenter.stop()
        await self._sender.stop()
        if self._session is not None:
            await self._session.close()

    @property
    def health(self) -> Mapping[str, object]:
        """For a health page: whether Slack reaches us."""
        if self.sockets is None:
            return {"mode": self._settings.slack_mode, "ok": self.door is not None}
        return {
            "mode": "socket",
            "ok": self.sockets.up > 0,
            "connections": self.sockets.up,
            "silent_s": self.sockets.silent_s,
        }

    @property
    def waiting(self) -> int:
        """How many messages wait to be sent."""
        return self._sender.waiting

    @property
    def serving(self) -> int:
        """How many requests of people are served or wait for it."""
        return self._chores.serving if self._chores else 0

    @property
    def connections(self) -> int:
        """How many Socket Mode connections are up; 0 in HTTP mode."""
        return self.sockets.up if self.sockets else 0

    async def _start(self, session: aiohttp.ClientSession) -> None:
        client = AsyncWebClient(
            token=self._tokens["bot"],
            base_url=self._settings.slack_api_url,
            timeout=int(_TIMEOUT_S),
            session=session,
            retry_handlers=[],  # the sender retries; a retry in here would post twice
        )
        api = Api(client, known=self._known)
        home = await self._signed_in(api)
        office = self._office(api, home, session)
        self.chat.presenter = office.presenter
        await office.presenter.start()
        app = self._app(session, home)
        self._chores = Chores(office.teller, most=self._limits.waiting, ledger_silent_s=self._ledger_silent_s)
        commands = commands_of(self._settings.commands, self._rules.catalog.runbooks)
        listeners = Listeners(office, self._chores, Seen(self._time.monotonic), commands=commands)
        listeners.register(app)
        await self._listen(app, listeners.on_misshapen)

    async def _listen(self, app: AsyncApp, on_misshapen: OnMisshapen) -> None:
        settings, tokens = self._settings, self._tokens
        if settings.slack_mode == "http":
            host, port = settings.http_host, settings.http_port
            self.door = HttpDoor(app, on_misshapen, signing_secret=tokens["secret"], host=host, port=port)
            await self.door.start()
            return
        self.sockets = Sockets(
            app, tokens["app"], self._time, on_misshapen, connections=settings.slack_connections
        )
        await self.sockets.start()

    async def _signed_in(self, api: Api) -> Home:
        wait_s = 1.0
        while True:
            try:
                told = await api.self_test()
            except (Away, RateLimited) as away:
                url = self._settings.slack_api_url
                _log.warning("cannot sign in to Slack at %s: %s; next try in %.0f s", url, away, wait_s)
                await self._time.sleep(wait_s)
                wait_s = min(30.0, wait_s * 2)
                continue
            return Home.of(told)

    def _office(self, api: Api, home: Home, session: aiohttp.ClientSession) -> Office:
        directory = self._directory = directory_for(self._rules.policy, api, self._time, home)
        presenter = Presenter(
            api=api,
            ledger=self._ledger,
            sender=self._sender,
            time=self._time,
            view_of=self._view_of,
            team=home.team,
            leases=self._leases,
            forget=directory.forget,
            is_public=directory.is_public,
        )
        return Office(
            api=api,
            cleaner=self._cleaner,
            desk=self._desk,
            directory=directory,
            home=home,
            ledger=self._ledger,
            presenter=presenter,
            runbooks=tuple(self._rules.catalog.runbooks),
            sender=self._sender,
            time=self._time,
            teller=Teller(api, session),
            throttle=Throttle(self._time.monotonic, self._limits),
        )

    async def _check(self, channel: str) -> None:
        if self._directory is not None:
            await self._directory.check(channel)

    def _view_of(self, incident: Incident) -> View:
        catalog = self._rules.catalog
        titles = {name: remedy.title for name, remedy in catalog.remedies.items()}
        return View(runbook=catalog.runbooks.get(incident.runbook or ""), titles=titles)

    def _app(self, session: aiohttp.ClientSession, home: Home) -> AsyncApp:
        # Bolt logs whole bodies of requests it does not know, at INFO and WARNING.
        bolt_log = logging.getLogger("bot.slack.bolt")
        bolt_log.setLevel(logging.ERROR)
        known = AuthorizeResult(
            enterprise_id=None,
            team_id=home.team,
            bot_user_id=home.bot_user,
            bot_id=home.bot_id,
            bot_token=self._tokens["bot"],
        )

        async def authorize() -> AuthorizeResult:
            return known  # signed in already; left alone Bolt asks again with the first requests

        return AsyncApp(
            logger=bolt_log,
            # Bolt would look for a name in the sources of all that called it, a tenth of a second.
            name="runbook-bot",
            client=AsyncWebClient(base_url=self._settings.slack_api_url, session=session),
            authorize=authorize,
            signing_secret=self._tokens["secret"] or None,
            raise_error_for_unhandled_request=False,
        )
