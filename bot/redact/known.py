"""Values that are known to be secret, in every form they may turn up in."""

import base64
import html
import json
import re
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass

from bot.redact.normalise import PART

#: A shorter value would also hit ordinary words.
MIN_LENGTH = 6
_MARK = "[REDACTED:known]"
_TIME = r"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ][\d:.,+Z-]{8,24})"
_STAMP = rf"{_TIME} [^ \n]{{1,64}} [^ \n]{{1,64}}: "
#: Where a program wraps or parts a line: maybe a backslash, then maybe the journal's stamp, then an indent.
_BREAK = rf"[ \t]{{0,8}}\\?[\n{PART}](?:{_STAMP})?[ \t]{{0,40}}"
_ANY_BREAK = re.compile(_BREAK)


@dataclass(frozen=True)
class KnownValues:
    """Forms to look for, the longest first. Build with `of` or `learned`."""

    forms: tuple[str, ...] = ()
    #: Hidden only where no letter or digit touches them: nobody declared them, they may be part of a name.
    words: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"KnownValues({len(self.forms)} forms, {len(self.words)} words)"

    @classmethod
    def of(cls, values: Iterable[str]) -> "KnownValues":
        """From secrets as they are used; those under 6 characters are left out.

        Each is also found as base64 at any alignment, base64url, URL-encoded, hex, and escaped for
        JSON, HTML, PHP or Python. Of a value of several lines each longer line counts by itself.
        """
        return cls(_sorted(form for value in values for part in _parts(value) for form in _forms(part)))

    @classmethod
    def learned(cls, secrets: Iterable[str]) -> "KnownValues":
        """From secrets that outputs gave away: the same forms, as they are only where they stand alone."""
        words = set(secrets)
        return cls(_sorted(form for word in words for form in _forms(word) - {word}), _sorted(words))

    def also(self, other: "KnownValues") -> "KnownValues":
        """Both."""
        if not (other.forms or other.words):
            return self
        return KnownValues(_sorted((*self.forms, *other.forms)), _sorted((*self.words, *other.words)))

    def hide(self, text: str) -> tuple[str, int]:
        """The text without them, wrapped ones too; and how many different forms it held."""
        hits = 0
        for form in self.forms:
            if form in text:
                text, hits = text.replace(form, _MARK), hits + 1
        for word in self.words:
            if word in text:
                text, count = re.subn(_alone(re.escape(word)), _MARK, text)
                hits += bool(count)
        return self._hide_wrapped(text, hits) if "\n" in text or PART in text else (text, hits)

    def _hide_wrapped(self, text: str, hits: int) -> tuple[str, int]:
        joined = _ANY_BREAK.sub("", text) if self.forms or self.words else ""
        for form in self.forms:
            if form in joined:
                text, count = re.subn(_wrapped(form), _marked, text)
                hits += bool(count)
        for word in self.words:
            if word in joined:
                text, count = re.subn(_alone(_wrapped(word)), _marked, text)
                hits += bool(count)
        return text, hits


def _sorted(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(forms), key=lambda form: (-len(form), form)))


def _alone(pattern: str) -> str:
    return rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"


def _wrapped(form: str) -> str:
    """The form with a break in any place, of which one at least is there: whole ones are hidden already."""
    return rf"(?>(?:{_BREAK})?)".join(re.escape(character) for character in form)


def _marked(found: re.Match[str]) -> str:
    """With a line end where it had one: what followed on the next line still does."""
    return f"{_MARK}\n" if "\n" in found[0] else f"{_MARK}{PART}"


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
    # PHP's json_encode escapes slashes, and JSON inside JSON is escaped twice.
    forms |= {form.replace("/", r"\/") for form in forms} | {json.dumps(form)[1:-1] for form in forms}
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
