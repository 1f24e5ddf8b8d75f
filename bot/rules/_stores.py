"""Stores by their names, and which of two lines was said later: over signs."""

from bot.model.sign import Sign
from bot.rules import _clock, _outage

_NAMES = {"postgres": "postgresql", "maria": "mysql", "mysql": "mysql", "redis": "redis", "mongo": "mongodb"}


def is_of(store: str, named: str) -> bool:
    """Whether what an app misses is this store; without a name it may be any."""
    named = named.lower()
    return next((known for word, known in _NAMES.items() if word in named), named) in ("", store)


def is_later(later: Sign, earlier: Sign) -> bool:
    """Later in one text, or by the clocks of two."""
    return _outage.is_after(later, earlier) or (_clock.gap_s(earlier.line, later.line) or 0) > 0
