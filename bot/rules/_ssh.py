"""Whether a text tells of no more than that nobody gets onto the host."""

from bot.model.sign import Sign, Signs
from bot.rules import _front

#: What is seen from outside, and says nothing of why.
_FROM_OUTSIDE = ("status", "page", "answers_not", "not_reached", "route")
_KINDS = ("ssh_no_way", "ssh_denied", "ssh_key_changed", "ssh_key_unknown")


def alone(signs: Signs, kind: str) -> Sign | None:
    """An SSH client's end, where the text has nothing from the host itself that could be judged."""
    said = signs.first(kind)
    if said is None:
        return None
    ours = {sign.line for sign in signs.of(*_KINDS)}
    if any(s.line not in ours for s in _front.troubles(signs, *_FROM_OUTSIDE)):
        return None
    if any("remote repository" in line for line in signs.unread):  # git, which fetches code from elsewhere
        return None
    return None if signs.has("listening", "process", "container", "unit", "started") else said
