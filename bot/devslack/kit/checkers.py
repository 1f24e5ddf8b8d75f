"""Small checkers that shapes of blocks and elements are put together from."""

from collections.abc import Mapping

from bot.devslack.kit.limits import LIMITS
from bot.devslack.kit.look import Checker, Look


def string(check: str, *, minimum: int = 1) -> Checker:
    """Text of `minimum` … `LIMITS[check]` characters."""

    def look_at(look: Look, value: object, pointer: str) -> None:
        if look.kind(value, str, pointer):
            look.length(check, len(str(value)), pointer, minimum=minimum)

    return look_at


def flag(look: Look, value: object, pointer: str) -> None:
    """true or false."""
    look.kind(value, bool, pointer)


def anything(look: Look, value: object, pointer: str) -> None:
    """Not looked into."""


def number(check: str | None = None, *, minimum: int = 0) -> Checker:
    """An integer of `minimum` … `LIMITS[check]`."""

    def look_at(look: Look, value: object, pointer: str) -> None:
        if not look.kind(value, int, pointer) or check is None or not isinstance(value, int):
            return
        if not minimum <= value <= LIMITS[check]:
            look.report(check, pointer, f"must be between {minimum} and {LIMITS[check]}", code="out_of_range")

    return look_at


def one_of(*allowed: object) -> Checker:
    """One of a fixed set."""

    def look_at(look: Look, value: object, pointer: str) -> None:
        if value not in allowed:
            names = ", ".join(str(item) for item in allowed)
            look.report("enum", pointer, f"must be one of: {names}", code="wrong_value")

    return look_at


def items(check: str, each: Checker, *, minimum: int = 1) -> Checker:
    """A list of `minimum` … `LIMITS[check]` things."""

    def look_at(look: Look, value: object, pointer: str) -> None:
        if not look.kind(value, list, pointer) or not isinstance(value, list):
            return
        look.count(check, len(value), pointer, minimum=minimum)
        for index, item in enumerate(value):
            each(look, item, f"{pointer}/{index}")

    return look_at


def listed(each: Checker) -> Checker:
    """A list without a limit of its own."""

    def look_at(look: Look, value: object, pointer: str) -> None:
        if look.kind(value, list, pointer) and isinstance(value, list):
            for index, item in enumerate(value):
                each(look, item, f"{pointer}/{index}")

    return look_at


def shape(fields: Mapping[str, Checker], *, required: tuple[str, ...] = ()) -> Checker:
    """An object with these fields and no others."""

    def look_at(look: Look, value: object, pointer: str) -> None:
        if not look.kind(value, dict, pointer) or not isinstance(value, dict):
            return
        for name in required:
            if value.get(name) is None:
                look.report("missing_field", pointer, f"missing required field: {name}", code="missing_field")
        for name, item in value.items():
            _field(look, fields, str(name), item, pointer)

    return look_at


def _field(look: Look, fields: Mapping[str, Checker], name: str, item: object, pointer: str) -> None:
    if name not in fields:
        look.report("unknown_field", pointer, f"invalid additional property: {name}", code="unknown_field")
    elif item is not None:
        fields[name](look, item, f"{pointer}/{name}")


def typed(check: str, kinds: Mapping[str, Checker], *allowed: str) -> Checker:
    """An object whose `type` is one of the allowed keys of `kinds` (all when none is named)."""

    def look_at(look: Look, value: object, pointer: str) -> None:
        if not look.kind(value, dict, pointer) or not isinstance(value, dict):
            return
        name = value.get("type")
        if name is None:
            look.report("missing_field", pointer, "missing required field: type", code="missing_field")
        elif not isinstance(name, str) or name not in (allowed or kinds):
            look.report(check, f"{pointer}/type", f"unsupported type: {name}", code="unknown_type")
        else:
            kinds[name](look, value, pointer)

    return look_at


def text(check: str, *, minimum: int = 1) -> Checker:
    """A text object, plain_text or mrkdwn."""
    return _text_object(check, ("plain_text", "mrkdwn"), minimum)


def plain(check: str, *, minimum: int = 1) -> Checker:
    """A plain_text object."""
    return _text_object(check, ("plain_text",), minimum)


_TEXT_FIELDS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


def _text_object(check: str, kinds: tuple[str, ...], minimum: int) -> Checker:
    def look_at(look: Look, value: object, pointer: str) -> None:
        if not look.kind(value, dict, pointer) or not isinstance(value, dict):
            return
        if value.get("type") not in kinds:
            look.report("text_type", f"{pointer}/type", f"must be {' or '.join(kinds)}", code="wrong_type")
        allowed = _TEXT_FIELDS.get(str(value.get("type")), {"type", "text", "emoji", "verbatim"})
        shape(dict.fromkeys(allowed, anything), required=("text",))(look, value, pointer)
        if value.get("text") is not None:
            string(check, minimum=minimum)(look, value["text"], f"{pointer}/text")

    return look_at
