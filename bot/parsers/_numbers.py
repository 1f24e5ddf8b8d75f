"""Numbers in text that a host wrote, which may be anything."""


def is_number(text: str) -> bool:
    """Plain ASCII digits, and not more of them than any real count has."""
    return text.isascii() and text.isdecimal() and len(text) <= 18


def is_epoch(text: str) -> bool:
    """Whole seconds since 1970, before the year 5138."""
    return is_number(text) and len(text) <= 11
