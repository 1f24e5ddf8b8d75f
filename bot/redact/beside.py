# A pattern stands on one line, to be read against its source.
# ruff: noqa: E501
"""Values beside a telling name where no sign of assignment stands between: directives, pairs, tags, prose.

`assignments` reads `name = value`. Here the name ends in a word for a secret and the value looks drawn by a
machine, or the form leaves no doubt. Sources: nginx `set` and `fastcgi_param`, Apache `SetEnv`, php-fpm `env[]`;
Kubernetes `EnvVar` and ECS task definitions (`name`, `value`); .NET `appSettings`; Maven's settings.xml.
"""

import re

from bot.redact.assignments import KEY, OWNERS
from bot.redact.harmless import (
    is_harmless_owner,
    is_harmless_value,
    is_name_of_pair,
    is_named_object,
    is_phrase,
)
from bot.redact.randomness import is_key_shaped, is_numbered_name, is_random, is_short_and_random
from bot.redact.rule import Rule

_WORD = rf"(?:(?i:passw(?:or)?d|passphrase|secret|token|credential|(?:{OWNERS})[ _.-]?key|pwd|(?<![a-z])(?:pass|auth))|{KEY})s?"
#: In prose the value decides; the first letters first, for this is tried at every place of a line.
_PLAIN_WORD = rf"(?=[AaCcKkMmPpSsTt])(?:(?i:(?:api|access|secret|auth|private|client|app|master)key|pass(?:w(?:or)?d|phrase)|secret|token|credential|pwd|(?<![a-z])(?:pass|auth))|{KEY})s?"
#: What a name may go on with and still be a secret's: `API_TOKEN_2`, `secretV1`, `TOKEN_PROD`.
_REST = r"(?i:[ _.-]?(?:v?\d{1,2}|prod(?:uction)?|live|test|stag(?:e|ing)|dev|value|string|base|base64|primary|secondary|main))?"
_DRAWN = r"(?P<secret>[A-Za-z0-9_+/=.~-]{10,4096}+(?::[A-Za-z0-9_+/=.~-]{16,4096}+)?)"
_ANY_QUOTED = r"(?P<secret>[^\s\"'<>]{3,4096}+)"
#: An attribute reaches to the quote that ends its element: passwords have blanks and quotes in them.
_ATTRIBUTE = r"(?P<secret>(?<=\")[^\n]{1,512}?(?=\"\s{0,128}/>)|[^\s\"'<>]{3,4096}+)"
#: Of a value whose name goes on with anything.
_LONG = 24
#: `key 90C4D96FC3B227A8: imported`: key ids and fingerprints.
_KEY_ID = re.compile(r"[0-9A-F]{16}|[0-9A-F]{40}")


def _is_of_an_object(match: re.Match[str], value: str) -> bool:
    """The name is of a key that everybody may know, or the value names an object."""
    return is_harmless_owner(match) or is_numbered_name(value) or _KEY_ID.fullmatch(value) is not None


def _is_drawn(match: re.Match[str]) -> bool:
    """A machine drew the value, and it opens something."""
    value = match["secret"].rstrip(".,:;")
    if is_harmless_value(value, is_password=False) or is_named_object(value) or is_name_of_pair(match):
        return False
    if _is_of_an_object(match, value):
        return False
    return is_random(value) or is_key_shaped(value) or is_short_and_random(value)


def _is_told(match: re.Match[str]) -> bool:
    """The form of a key, where hardly anything stands between it and the name."""
    value = match["secret"].rstrip(".,:;")
    return is_key_shaped(value) and not _is_of_an_object(match, value)


def _is_long_and_mixed(match: re.Match[str]) -> bool:
    """Drawn beyond doubt, for hardly anything else speaks for it: long, both cases and digits."""
    value = match["secret"]
    is_mixed = any(map(str.isdigit, value)) and not value.islower() and not value.isupper()
    return is_mixed and is_random(value, at_least=_LONG) and _is_drawn(match)


def _is_given(match: re.Match[str]) -> bool:
    """A password may be anything that is no reference; a key must look drawn."""
    is_password = match["word"].lower().startswith(("pass", "pwd"))
    if is_harmless_value(match["secret"], is_password=is_password) or is_harmless_owner(match):
        return False
    if is_password or is_random(match["secret"]):
        return True
    is_key = match["word"].lower().startswith("key")
    return not is_key and len(match["secret"]) >= 12 and any(map(str.isdigit, match["secret"]))


BESIDE_RULES = (
    Rule(
        kind="directive",
        words=("set $", "setenv", "_param", "_set_header", "add_header", "env "),
        pattern=re.compile(
            rf"(?<![\w$-])(?i:set\s{{1,4}}\$|(?:setenv|fastcgi_param|uwsgi_param|scgi_param|(?:proxy|grpc)_set_header|add_header|env)\s{{1,8}}+)"
            rf"[\w-]{{0,64}}?(?P<word>{_WORD}){_REST}\s{{1,8}}+[\"']?{_ANY_QUOTED}"
        ),
        is_secret=_is_given,
    ),
    Rule(
        kind="pair",
        words=("value",),
        pattern=re.compile(
            rf"(?i:(?<![a-z])(?:name|key))\\?[\"']?\s?[=:]\s{{0,4}}\\?[\"']?[\w.-]{{0,64}}?(?P<word>{_WORD}){_REST}\\?[\"']?,?\s{{0,128}}+"
            rf"\\?[\"']?(?i:value)\\?[\"']?\s?[=:]\s{{0,4}}\\?[\"']?{_ATTRIBUTE}"
        ),
        is_secret=_is_given,
        reach=256,
    ),
    Rule(
        kind="element",
        words=("</",),
        pattern=re.compile(
            rf"<[\w:.-]{{0,64}}?(?P<word>{_WORD}){_REST}(?:\s[^<>]{{0,128}})?>\s{{0,8}}(?P<secret>[^<>\s]{{3,4096}}+)\s{{0,8}}</"
        ),
        is_secret=_is_given,
        reach=256,
    ),
    Rule(
        kind="value",
        words=("key", "token", "secret", "pass", "pwd", "auth", "credential"),
        pattern=re.compile(
            rf"(?P<word>{_PLAIN_WORD}){_REST}\\?[\"'`)\]]{{0,2}}(?:\s{{1,4}}(?i:is|was|of|set to|with|value|named|for)|)(?:[ _-](?i:key|code))?[\s:=,|>?]{{1,16}}[\"'`(\[<{{]{{0,2}}{_DRAWN}"
        ),
        is_secret=_is_drawn,
        reach=64,
    ),
    Rule(
        # `acme ACCESS …`, `acme-secret-…`: up to three blanks and signs between, so only a key's form counts.
        kind="value",
        words=("access", "private", "secret", "key", "token"),
        pattern=re.compile(
            rf"(?<!systemd-)(?P<word>(?i:access|private|secret|token)|{KEY})(?:[ _.-]?(?i:key|token|tok|code))?[\s=:._-]{{1,3}}(?P<secret>[A-Za-z0-9-]{{20,4096}}+)"
        ),
        is_secret=_is_told,
        reach=64,
    ),
    Rule(
        # `credsShop x =>> "…"`: the name goes on with other words, and any sign assigns.
        kind="value",
        words=("access", "auth", "api", "cred", "key", "passw", "secret", "token"),
        pattern=re.compile(
            r"(?P<word>(?=[AaCcKkPpSsTt])(?i:access|auth|api|credential|creds|key|passw(?:or)?d|secret|token))[ \t\w.-]{0,20}+[\s'\"]{0,3}(?:\?=|[:=>,]{1,4}|\|\|)[`'\"\s=]{0,5}(?P<secret>[\w.=-]{24,150}+)(?=[`'\"\s;]|\\[nr]|$)"
        ),
        is_secret=_is_long_and_mixed,
        reach=64,
    ),
    Rule(
        # `administrator_login_password > "…"`: whatever assigns, a value in quotes with a digit is no word.
        kind="password",
        words=("password",),
        pattern=re.compile(
            r"(?i:password)[\w \t.-]{0,24}[\s\"']{0,3}(?::{1,3}=|=>|\?=|\|\||>)[`'\"\s=]{0,5}\"(?P<secret>(?!\d{4}-\d\d-\d\d)(?=[A-Za-z=_-]{0,32}[0-9])[A-Za-z0-9=_-]{8,64}+)\""
        ),
        is_secret=is_phrase,
        reach=160,
    ),
    Rule(
        # .NET: `new NetworkCredential("user", "…")`, `new DirectoryEntry(path, "user", "…")`.
        kind="password",
        words=("networkcredential(", "directoryentry(", "pscredential("),
        pattern=re.compile(
            r"(?i:networkcredential|directoryentry|pscredential)\((?:\s{0,32}+[\"'][^\"'\n]{0,256}+[\"'],){1,2}\s{0,32}+[\"'](?P<secret>[^\"'\n]{3,256}+)[\"']"
        ),
        reach=1024,
    ),
    Rule(
        # `if password == "…"`, `the password for "shop" is "…"`: only in quotes, for prose speaks of passwords too.
        kind="password",
        words=("password", "passphrase", "secret"),
        pattern=re.compile(
            r"(?i:password|passphrase|secret)(?:[ \t]{0,4}[=!]={1,2}[ \t]{0,4}|\b[^\n\"'=]{0,24}(?:[\"'][\w@.-]{1,64}[\"'] )?is )[\"'](?P<secret>[^\s\"']{4,256}+)[\"']"
        ),
        is_secret=is_phrase,
        reach=160,
    ),
)
