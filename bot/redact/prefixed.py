"""Tokens of vendors that no table names: a short word, `_` or `-`, and a long run that a machine drew.

Most vendors give keys since 2021 in this form (`tvly-…`, `odt_…`), so that scanners find them. Ids of objects
have it too: those that are known are left, and so is hex behind `-`, as digests and containers are.
"""

import re

from bot.redact.randomness import is_random
from bot.redact.rule import Rule

_PREFIX = re.compile(
    r"(?:\A|[^A-Za-z0-9_./+-])(?P<name>[A-Za-z][A-Za-z0-9]{1,11}(?:[_-][A-Za-z0-9]{1,8}){0,2})\Z"
)
#: Objects of Stripe and of language models, request ids, digests, generated names: shown to everybody.
_IDS = re.compile(
    r"(?:cus|pi|ch|evt|in|ii|sub|si|prod|price|acct|seti|pm|req|request|txn|re|po|ba|card|cs|tr|py|src|promo|plan|msg"
    r"|run|step|thread|asst|assistant|file|chatcmpl|cmpl|call|batch|resp|item|org|proj|user|usr|team|node|host|sha\d*|md5"
    r"|h1|etag|id|uuid|rev|ref|amq|gen|trace|span|job|task|build|deploy|deployment|release|snap|vol|image|bundle|chunk"
    r"|app|main|vendor|index|style|runtime|consumer|producer|client|worker|session|conn|systemd|docker|libpod|container"
    r"|ami|vpc|eni|lb|elb|subnet|sg|vm|instance|event|message|nonce|rid|cid|pid|tid)\Z",
    re.IGNORECASE,
)
_MOST_PREFIX = 32
_HEX = re.compile(r"[0-9a-fA-F]+\Z")
_CHANGE = re.compile(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[a-z0-9]|(?<=[0-9])[A-Za-z]")
#: Of letters of both kinds and digits every second character or so differs from the one before.
_MIXED_PER = 3.5
#: Of small letters and digits fewer do; only longer ones are told from names.
_LONG = 32
#: Hex behind `_` is a token from this length on: shorter is a checksum in a file's name, behind `-` anything.
_DIGEST = 40


def _is_token(match: re.Match[str]) -> bool:
    body, start = match["secret"], match.start()
    prefix = _PREFIX.search(match.string[max(0, start - _MOST_PREFIX) : start])
    if prefix is None or _IDS.match(re.split("[_-]", prefix["name"])[0]):
        return False
    if _HEX.match(body):
        return match[0][0] == "_" and len(body) >= _DIGEST
    is_mixed = any(c.islower() for c in body) and any(c.isupper() for c in body)
    changes = len(_CHANGE.findall(body))
    return changes * _MIXED_PER >= len(body) if is_mixed else len(body) >= _LONG and is_random(body)


PREFIXED_RULES = (
    Rule(
        kind="token",
        words=("_", "-"),
        pattern=re.compile(
            r"[_-](?P<secret>[A-Za-z0-9]{20,512}+)(?!\.(?:js|css|map|svg|png|jpe?g|woff2?)\b)"
        ),
        is_secret=_is_token,
        reach=24,
    ),
)
