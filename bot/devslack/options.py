"""How a local Slack is set up."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.devslack.clock import Clock, WallClock
from bot.devslack.manifest import DEFAULT_MANIFEST
from bot.devslack.rates import Rates
from bot.devslack.seed import DEMO, Seed
from bot.devslack.wire import Payload

PAGE = Path(__file__).parent / "page"


@dataclass(frozen=True, kw_only=True)
class Options:
    """All have defaults that suit the demo."""

    seed: Seed = DEMO
    #: App manifest: scopes, commands, shortcuts and events come from it.
    manifest: Payload = field(default_factory=lambda: DEFAULT_MANIFEST)
    #: Where payloads are posted, signed. None: Socket Mode.
    request_url: str | None = None
    #: Fixed tokens, where the app is started apart; by default they are made at start.
    bot_token: str | None = None
    app_token: str | None = None
    clock: Clock = field(default_factory=WallClock)
    rates: Rates = field(default_factory=Rates)
    #: Checks to leave out, by name (`CHECKS` and `LIMITS`): for tests of the checks.
    without: frozenset[str] = frozenset()
    ack_within_s: float = 3.0
    page: Path = PAGE
