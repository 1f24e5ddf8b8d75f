"""Which Web API methods there are, and what each needs."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.devslack.parts import Parts
from bot.devslack.wire import Payload

Handler = Callable[[Parts, Payload], Payload]


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method of the Web API."""

    handler: Handler
    #: One of these is enough; empty: none needed.
    scopes: tuple[str, ...]
    #: Rate-limit tier; None: no limit here.
    tier: int | None
    #: True: takes the app token instead of the bot token.
    wants_app: bool


METHODS: dict[str, Method] = {}


def method(
    name: str, *, scopes: tuple[str, ...] = (), tier: int | None = None, wants_app: bool = False
) -> Callable[[Handler], Handler]:
    """Register a function as a Web API method."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(handler=handler, scopes=scopes, tier=tier, wants_app=wants_app)
        return handler

    return register
