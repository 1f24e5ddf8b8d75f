"""Everything one local Slack is made of, put together once."""

from bot.devslack.calls import ApiCall
from bot.devslack.checks import Strict
from bot.devslack.delivery import Delivery
from bot.devslack.faults import Faults
from bot.devslack.feed import Feed
from bot.devslack.hooks import Hooks
from bot.devslack.ids import Ids
from bot.devslack.manifest import rights_of
from bot.devslack.options import Options
from bot.devslack.rates import Limiter
from bot.devslack.sender import HttpSender
from bot.devslack.sockets import Sockets
from bot.devslack.tokens import Tokens
from bot.devslack.transport import Transport
from bot.devslack.triggers import Triggers
from bot.devslack.world import World


class Parts:
    """The parts by name; methods and the page API work on these."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = options.clock
        self.rights = rights_of(options.manifest)
        self.strict = Strict(options.without)
        self.ids = Ids(self.clock)
        self.feed = Feed()
        self.world = World(options.seed, self.ids, self.feed)
        self.tokens = Tokens(self.ids, self.rights, self.strict, bot=options.bot_token, app=options.app_token)
        self.limiter = Limiter(options.rates, self.clock, self.strict)
        self.faults = Faults(self.clock, self.feed)
        self.triggers = Triggers(self.clock, self.ids, self.strict)
        self.hooks = Hooks(self.clock, self.ids, self.strict)
        self.sockets = Sockets(self.clock, self.ids, self.strict, self.feed, self.faults)
        self.sender = HttpSender(self.tokens.signing_secret, self.clock, self.strict)
        self.sockets.ack_within_s = self.sender.ack_within_s = options.ack_within_s
        self.sender.url = options.request_url or ""
        self.delivery = Delivery(self._transport(), self.clock, self.strict, self.faults)
        #: Upload address's secret part -> file id.
        self.uploads: dict[str, str] = {}
        self.calls: list[ApiCall] = []
        #: `http://127.0.0.1:PORT`, known once the server listens.
        self.base = ""

    @property
    def is_http(self) -> bool:
        """True when payloads are posted to a request URL."""
        return self.delivery.transport is self.sender

    def deliver_to(self, request_url: str) -> None:
        """Post payloads there from now on, signed; Socket Mode is off."""
        self.sender.url = request_url
        self.delivery.transport = self.sender

    def _transport(self) -> Transport:
        return self.sender if self.options.request_url else self.sockets
