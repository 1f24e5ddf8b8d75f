"""JSON as it travels: the one place where its type is named."""

from typing import Any

#: A JSON object of Slack's. Its shape is Slack's own and checked at run time (validator, methods),
#: so a static type here would only repeat the documentation: the reason for Any.
Payload = dict[str, Any]


def text_of(args: Payload, name: str) -> str:
    """The argument as text; empty when it is missing, null or not text."""
    value = args.get(name)
    return value if isinstance(value, str) else ""


def is_yes(value: object) -> bool:
    """True for true, 1, `"true"` and `"1"`, the forms clients send."""
    return value is True or value == 1 or (isinstance(value, str) and value.lower() in {"true", "1"})


def whole_number(value: object, default: int) -> int:
    """The number a client sent as number or text; the default when it is neither."""
    try:
        return int(str(value))
    except ValueError:
        return default
