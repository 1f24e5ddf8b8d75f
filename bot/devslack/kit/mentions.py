"""Finds every mention and link that a message would make live."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Something in a message that notifies somebody or can be clicked."""

    pointer: str
    #: `user`, `usergroup`, `broadcast`, `channel`, `link`.
    kind: str
    #: User, group or channel id, `here`/`channel`/`everyone`, or the address.
    target: str


_ANGLE = re.compile(r"<([^<>\n]+)>")
_BARE = re.compile(r"(?<![<|\w])https?://[^\s<>|]+", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w@])[@#]([\w.-]+)")
_MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)")
#: Keys whose text is never parsed.
_PIECES = {
    "user": ("user", "user_id"),
    "usergroup": ("usergroup", "usergroup_id"),
    "channel": ("channel", "channel_id"),
    "broadcast": ("broadcast", "range"),
    "link": ("link", "url"),
}


def live_mentions(payload: dict[str, object]) -> tuple[Mention, ...]:
    """All live mentions and links of a message payload, in the order of its keys.

    Read are `text`, blocks and attachments. plain_text objects and rich-text `text` elements are
    literal in Slack and give none. Mentions inside code marks count: Slack parses them all the same.
    """
    found: list[Mention] = []
    top = payload.get("text")
    if isinstance(top, str) and payload.get("mrkdwn") is not False:
        names = payload.get("parse") == "full" or payload.get("link_names") in (True, 1, "1", "true")
        found.extend(_in_text(top, "/text", auto_links=True, names=names))
    for key in ("blocks", "attachments"):
        found.extend(_walk(payload.get(key), f"/{key}"))
    return tuple(found)


def _walk(value: object, pointer: str) -> Iterator[Mention]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, f"{pointer}/{index}")
    elif isinstance(value, dict):
        yield from _object(value, pointer)


def _object(value: dict[str, object], pointer: str) -> Iterator[Mention]:
    kind, text = value.get("type"), value.get("text")
    if kind == "mrkdwn" and isinstance(text, str):
        yield from _in_text(text, f"{pointer}/text", auto_links=value.get("verbatim") is not True)
        return
    if kind == "markdown" and isinstance(text, str):
        yield from _in_markdown(text, f"{pointer}/text")
        return
    if isinstance(kind, str) and kind in _PIECES and _PIECES[kind][1] in value:
        name, key = _PIECES[kind]
        yield Mention(pointer=pointer, kind=name, target=str(value[key]))
        return
    yield from _attachment_text(value, pointer)
    yield from _link_of(value, pointer)
    for key, item in value.items():
        yield from _walk(item, f"{pointer}/{key}")


def _attachment_text(value: dict[str, object], pointer: str) -> Iterator[Mention]:
    if "type" in value:
        return
    for key in ("text", "pretext", "fallback"):
        item = value.get(key)
        if isinstance(item, str):
            yield from _in_text(item, f"{pointer}/{key}", auto_links=True)


def _link_of(value: dict[str, object], pointer: str) -> Iterator[Mention]:
    # a button or an overflow option with a url opens it
    if isinstance(value.get("url"), str) and ("text" in value or value.get("type") == "button"):
        yield Mention(pointer=f"{pointer}/url", kind="link", target=str(value["url"]))


def _in_markdown(text: str, pointer: str) -> Iterator[Mention]:
    for match in _MARKDOWN_LINK.finditer(text):
        yield Mention(pointer=pointer, kind="link", target=match[1])
    yield from _in_text(_MARKDOWN_LINK.sub("", text), pointer, auto_links=True)


def _in_text(text: str, pointer: str, *, auto_links: bool, names: bool = False) -> Iterator[Mention]:
    for match in _ANGLE.finditer(text):
        mention = _of_angle(match[1], pointer)
        if mention is not None:
            yield mention
    rest = _ANGLE.sub(" ", text)
    if auto_links:
        for match in _BARE.finditer(rest):
            yield Mention(pointer=pointer, kind="link", target=match[0])
    if names:
        for match in _NAME.finditer(rest):
            yield Mention(pointer=pointer, kind="channel" if match[0][0] == "#" else "user", target=match[1])


def _of_angle(inner: str, pointer: str) -> Mention | None:
    target = inner.split("|", 1)[0]
    if target.startswith("@"):
        return Mention(pointer=pointer, kind="user", target=target[1:])
    if target.startswith("#"):
        return Mention(pointer=pointer, kind="channel", target=target[1:])
    if target.startswith("!subteam^"):
        return Mention(pointer=pointer, kind="usergroup", target=target.removeprefix("!subteam^"))
    if target.startswith("!date^"):
        return _date_link(target, pointer)
    if target.startswith("!"):
        return Mention(pointer=pointer, kind="broadcast", target=target[1:])
    if re.match(r"(?i)[a-z][a-z0-9+.-]*:", target):
        return Mention(pointer=pointer, kind="link", target=target)
    return None


def _date_link(target: str, pointer: str) -> Mention | None:
    parts = target.split("^")
    return Mention(pointer=pointer, kind="link", target=parts[3]) if len(parts) > 3 and parts[3] else None
