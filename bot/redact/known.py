"""Values that are known to be secret, in every form they may turn up in."""

import base64
import html
import json
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass

#: A shorter value would also hit ordinary words.
MIN_LENGTH = 6


@dataclass(frozen=True)
class KnownValues:
    """Forms to look for, the longest first. Build with `of`."""

    forms: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"KnownValues({len(self.forms)} forms)"

    @classmethod
    def of(cls, values: Iterable[str]) -> "KnownValues":
        """From secrets as they are used; those under 6 characters are left out.

        Each is also found as base64 at any alignment, base64url, URL-encoded, hex, and escaped for
        JSON, HTML or Python. Of a value of several lines each longer line counts by itself.
        """
        found = {form for value in values for part in _parts(value) for form in _forms(part)}
        return cls(tuple(sorted(found, key=lambda form: (-len(form), form))))

    def hide(self, text: str) -> tuple[str, int]:
        """The text without them, and how many different forms it held."""
        hits = 0
        for form in self.forms:
            if form in text:
                text = text.replace(form, "[REDACTED:known]")
                hits += 1
        return text, hits


def _parts(value: str) -> set[str]:
    value = value.strip()
    lines = {line.strip() for line in value.splitlines() if len(line.strip()) >= 16}
    return {part for part in ({value} | lines) if len(part) >= MIN_LENGTH and not _is_frame(part)}


def _is_frame(part: str) -> bool:
    return part.startswith("-----") and part.endswith("-----") and len(part) < 80


def _forms(value: str) -> set[str]:
    raw = value.encode()
    quoted = urllib.parse.quote(value, safe="")
    lower = "".join(part[:3].lower() + part[3:] if i else part for i, part in enumerate(_at_percent(quoted)))
    forms = {value, quoted, lower, urllib.parse.quote(value), urllib.parse.quote_plus(value)}
    forms |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
    forms |= {html.escape(value), raw.hex(), raw.hex().upper()}
    for shift in range(3):
        plain = _aligned(raw, shift)
        forms |= {plain, plain.replace("+", "-").replace("/", "_")}
    return {form for form in forms if len(form) >= MIN_LENGTH}


def _at_percent(quoted: str) -> list[str]:
    first, *rest = quoted.split("%")
    return [first, *(f"%{part}" for part in rest)]


def _aligned(raw: bytes, shift: int) -> str:
    """The base64 digits that depend on `raw` alone when `shift` bytes stand before it."""
    whole = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
    start = (0, 2, 3)[shift]
    bits = 8 * (shift + len(raw))
    return whole[start : bits // 6]
