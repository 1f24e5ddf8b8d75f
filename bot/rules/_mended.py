"""What mended it tells the cause: for every cause at once, beside what its own rule says."""

from collections.abc import Collection, Iterator

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _quote, _restart_told, _told
from bot.rules._checks import CHECKS

#: Below what a rule says of signs that lead to it, above what one guesses.
_WEIGHT = 78


def mended(signs: Signs, *, known: Collection[str], excluded: Collection[str]) -> Iterator[Finding]:
    """A finding for the cause that a told remedy mends, unless its rule named it as likely or excludes it."""
    causes = {sign["cause"] for sign in signs.of("mended_by")}
    if len(causes) != 1:  # of several remedies nobody knows which it was
        return
    said = signs.of("mended_by")[0]
    cause = said["cause"]
    if cause in known or cause in excluded:
        return
    says = f"it was mended by what mends {cause}, as the report says: {said['what'][:80]}"
    other = _quote.useless("app", "what mended it was not a restart")
    restart = (
        (_restart_told.brought_back(signs) or other) if said["what"].lower().startswith("restart") else other
    )
    yield _told.likely(cause, _WEIGHT, says, restart, said, next_check=CHECKS[cause])
