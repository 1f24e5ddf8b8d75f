"""What Slack's composer makes of typed text: names become ids, the rest is escaped."""

import re

from bot.devslack.world import World

_READY = re.compile(
    r"<(?:[@#][UWC][A-Z0-9]+(?:\|[^>]*)?|!subteam\^S[A-Z0-9]+(?:\|[^>]*)?|!(?:here|channel|everyone))>"
)
_NAME = re.compile(r"(?<![\w@#&/])([@#])([\w.-]*\w)")


def typed(world: World, text: str) -> str:
    """Text as Slack stores it; mentions that already are ids stay."""
    parts, at = [], 0
    for match in _READY.finditer(text):
        parts += [_plain(world, text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, _plain(world, text[at:])])


def _plain(world: World, text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _NAME.sub(lambda match: _resolved(world, match[1], match[2]) or match[0], escaped)


def _resolved(world: World, sign: str, name: str) -> str | None:
    if sign == "#":
        found = [item for item in world.channels.values() if item.name == name]
        return f"<#{found[0].id}|{name}>" if found else None
    if name in {"here", "channel", "everyone"}:
        return f"<!{name}>"
    people = [person.id for person in world.people.values() if person.name == name]
    groups = [group.id for group in world.groups.values() if group.handle == name]
    if people:
        return f"<@{people[0]}>"
    return f"<!subteam^{groups[0]}|@{name}>" if groups else None
