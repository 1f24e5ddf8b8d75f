"""A rule's conclusion from signs, in few words."""

from bot.model.sign import Sign
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice

_MOST_LINES = 4


def confirmed(cause: str, weight: int, says: str, restart: RestartAdvice, *because: Sign | None) -> Finding:
    """The signs settle it: no other cause leaves them."""
    return _finding(cause, Certainty.CONFIRMED, weight, says, restart, because, next_check=None)


def likely(
    cause: str, weight: int, says: str, restart: RestartAdvice, *because: Sign | None, next_check: str
) -> Finding:
    """The signs lead to it, but a rival is not excluded; `next_check` would exclude it."""
    return _finding(cause, Certainty.LIKELY, weight, says, restart, because, next_check=next_check)


def possible(
    cause: str, weight: int, says: str, restart: RestartAdvice, *because: Sign | None, next_check: str
) -> Finding:
    """It fits the signs as others do."""
    return _finding(cause, Certainty.POSSIBLE, weight, says, restart, because, next_check=next_check)


def _finding(
    cause: str,
    certainty: Certainty,
    weight: int,
    says: str,
    restart: RestartAdvice,
    because: tuple[Sign | None, ...],
    *,
    next_check: str | None,
) -> Finding:
    lines = dict.fromkeys((sign.source or "pasted", sign.line) for sign in because if sign is not None)
    return Finding(
        cause=cause,
        certainty=certainty,
        says=says,
        because=tuple(Line(step=source, text=line) for source, line in list(lines)[:_MOST_LINES]),
        restart=restart,
        next_check=next_check,
        weight=weight,
    )
