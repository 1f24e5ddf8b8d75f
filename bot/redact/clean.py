"""From the raw bytes of a host to text that may be kept and shown; closed when in doubt."""

import hashlib
from dataclasses import dataclass, field, replace

from bot.redact import again, pem
from bot.redact.known import KnownValues
from bot.redact.normalise import PART, cap_lines, is_binary, normalise
from bot.redact.rule import Findings, TooCostly, apply
from bot.redact.rules import RULES

#: More different secrets than this look like a dump of them.
MAX_SECRETS = 20
#: Larger inputs are not looked at; the reader of a host caps far below.
MAX_BYTES = 16 * 1024 * 1024
NOTHING_KNOWN = KnownValues()


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """An output that may be shown."""

    #: What is left; one line in square brackets when the output is binary or withheld.
    text: str
    #: Places where a secret was replaced by `[REDACTED:kind]`.
    hits: int = 0
    is_withheld: bool = False
    #: Why it is withheld; None when it is not.
    why: str | None = None
    is_binary: bool = False
    #: Those found that would be known again elsewhere, the longest first; never to be shown or kept.
    secrets: tuple[str, ...] = field(default=(), repr=False)


def clean(raw: bytes, *, known: KnownValues = NOTHING_KNOWN) -> Cleaned:
    """The output without secrets, escapes and invisible characters.

    Withheld as a whole when it holds more than 20 different secrets or a private key that cannot be
    cut cleanly, or when checking it would cost too much. Never raises for what `raw` holds.
    """
    try:
        return _cleaned(raw, known)
    except Exception:  # A mistake in a rule must not let out what it was to find.
        return withheld("the check for secrets failed", raw)


def _cleaned(raw: bytes, known: KnownValues) -> Cleaned:
    if len(raw) > MAX_BYTES:
        return withheld(f"larger than {MAX_BYTES >> 20} MiB", raw)
    text = raw.decode("utf-8", "replace")
    if is_binary(text):
        return Cleaned(text=_binary(raw), is_binary=True)
    text, known_hits = known.hide(normalise(text))
    found = Findings(hits=known_hits, unnamed=known_hits, secrets=set())
    try:
        text, is_clean = _in_lines(cap_lines(text), found)
    except TooCostly:
        return withheld("too costly to check for secrets", raw, hits=found.hits)
    if not is_clean:
        return withheld("holds a private key that cannot be cut out cleanly", raw, hits=found.hits)
    if found.count > MAX_SECRETS:
        why = f"looks like a list of secrets ({found.count} of them)"
        return replace(withheld(why, raw, hits=found.hits), secrets=again.telling(found))
    return Cleaned(text=text, hits=found.hits, secrets=again.telling(found))


#: Between two lines that are looked at in parts; nothing that was normalised holds it.
_BETWEEN = "\n\0\n"


def _in_lines(text: str, found: Findings) -> tuple[str, bool]:
    """As `_without_secrets`; what is parted within a line stays on that line.

    Such lines are first looked at as the several that other programs take them for: a secret may be parted
    so, or begin behind it.
    """
    if PART not in text:
        return _without_secrets(text, found)
    lines = text.split("\n")
    parted = [number for number, line in enumerate(lines) if PART in line]
    parts = _BETWEEN.join(lines[number] for number in parted).replace(PART, "\n")
    parts, is_clean = _without_secrets(parts, found)
    told = parts.split(_BETWEEN)
    if not is_clean or len(told) != len(parted):  # e.g. a private key over several of them
        return text, False
    for number, line in zip(parted, told, strict=True):
        lines[number] = line.replace("\n", " ")
    return _without_secrets("\n".join(lines), found)


def mask(text: str, known: KnownValues = NOTHING_KNOWN) -> str:
    """Our own text on its way out (log, export, Slack), without secrets; otherwise as it is.

    A second look after `clean`; giving its own result again changes nothing. What cannot be checked
    is replaced by one line that says so.
    """
    found = Findings(secrets=set())
    try:
        return _without_secrets(known.hide(text)[0], found)[0]
    except TooCostly:
        return "[withheld: too costly to check for secrets]"
    except Exception:  # as in `clean`
        return "[withheld: the check for secrets failed]"


def _without_secrets(text: str, found: Findings) -> tuple[str, bool]:
    text, is_clean = pem.cut_blocks(text, found)
    return again.cut(pem.cut_bare(apply(text, RULES, found), found), found), is_clean


def withheld(why: str, raw: bytes, *, hits: int = 0) -> Cleaned:
    """The whole output kept back, with its size and the reason in its place."""
    text = f"[withheld: {why}; {len(raw)} bytes, look on the host]"
    return Cleaned(text=text, hits=hits, is_withheld=True, why=why)


def _binary(raw: bytes) -> str:
    return f"[binary, {len(raw)} bytes, sha256 {hashlib.sha256(raw).hexdigest()}]"
