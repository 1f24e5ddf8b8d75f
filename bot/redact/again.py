"""A secret that was told by its name in one place and stands without it in another."""

import re

from bot.redact.rule import Findings

#: A shorter one, or one of letters alone, may be an ordinary word.
_MIN_LENGTH = 8
#: More are a dump, which is withheld; so the work stays linear in the text.
_MOST = 24
#: `web-01`, `db2.shop.example`, `myapp-2026`: hosts, units and releases are called so, and some passwords.
_NAME = re.compile(r"[a-z][a-z._-]{0,64}+\d{1,4}+(?>(?:[._-][a-z0-9]{1,32}+){0,8})")


def cut(text: str, found: Findings) -> str:
    """The text without other occurrences of what was found in it, where they stand as words of their own."""
    for secret in telling(found)[:_MOST]:
        if secret in text:
            alone = re.compile(rf"(?<![A-Za-z0-9]){re.escape(secret)}(?![A-Za-z0-9])")
            text, hits = alone.subn("[REDACTED:again]", text)
            found.hits += hits
    return text


def telling(found: Findings) -> tuple[str, ...]:
    """The secrets found that nothing else looks like, the longest first."""
    bare = {secret.strip("\"'") for secret in found.secrets}
    return tuple(sorted(filter(_is_telling, bare), key=lambda secret: (-len(secret), secret)))


def _is_telling(secret: str) -> bool:
    has_both = any(c.isdigit() for c in secret) and any(c.isalpha() for c in secret)
    return len(secret) >= _MIN_LENGTH and has_both and "\n" not in secret and not _NAME.fullmatch(secret)
