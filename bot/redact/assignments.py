"""`key = value` in every dress: env, YAML, JSON, INI, logfmt, libpq, ADO, properties, prose.

A key is secret by its words; what stands behind the word (`password_file`, `tokenTTL`) may make it
harmless, and so may the value (a path, a variable, a switch): see `harmless`. Source: the documented
option names of PostgreSQL, MySQL, Redis, RabbitMQ, Django, Rails, Spring, Laravel and Kubernetes.
"""

import re

from bot.redact.harmless import (
    is_harmless_owner,
    is_harmless_tail,
    is_harmless_value,
    is_name_of_pair,
    is_named_object,
    is_phrase,
    is_prose,
)
from bot.redact.randomness import is_key_shaped, is_random, is_short_and_random
from bot.redact.rule import Rule

#: Name a password whatever stands in front.
_LONG = (
    r"(?i:passw(?:or)?d|pass(?:phrase|code)|passwort|kennwort|contrase[nñ]a|senha|mot_?de_?passe"
    r"|wachtwoord|parola|has[lł]o)"
)
#: Short names need a boundary: `DB_PASS` and `dbPass`, not `bypass`.
_BRIEF = (
    r"(?:(?<![A-Za-z/@])(?i:pass|pwd|psw)|(?<=[a-z])(?:Pwd|Pass)|(?i:db|database|user|ftp|smtp|mail|root|admin|key|store)(?i:pass|pwd|pw))"
    r"(?![A-Za-z])"
)
_SHORT = r"(?:(?<![A-Za-z/@])(?i:pw|pin|otp|auth|sid|salt|psk)|(?<=[a-z])(?:Pw|Pin))(?![A-Za-z])"
#: Before `key` they say that it is a secret one.
OWNERS = (
    r"api|access|secret|private|encryption|encrypt|signing|sign|master|account|shared|auth|hmac|licen[sc]e|deploy"
    r"|service|app|application|storage|write|read|admin|consumer|client|session|cookie|jwt|crypt|cipher|aes|rsa|ssh"
    r"|recovery|activation|product"
)
_TOKEN = (
    rf"(?i:(?:{OWNERS})[ _.-]?key"
    r"|(?<=[a-z])_session|session[_.-]?id|phpsessid|jsessionid|sessid|connect\.sid|asp\.net_sessionid"
    r"|secret|token|crumb|(?<!Load)(?<!Import)(?<!Condition)credential|csrf|xsrf|signature|auth_?code|seed_?phrase|mnemonic|connection_?string)"
)
#: Any other key: of secrets alone it is not a word, so its value must look drawn.
KEY = r"(?:(?<![A-Za-z])(?i:key)|(?<=[a-z0-9])Key|(?<=[A-Za-z0-9])KEY)"
_KEY_ALONE = rf"{KEY}(?![A-Za-z]|[_.-](?!(?i:prod|live|test|stag|value|base64|v?\d))[A-Za-z])"
_QUOTE = r"\\{0,3}[\"']"
#: Unquoted: up to a blank or a closing quote; a quote inside a word belongs to the value.
_BARE = r"(?>(?:[^\s\"'<>\\]|[\"'](?![\s,;)\]}\\]|$)|\\(?![\"']))+)"
#: Unquoted behind a quoted key: a number or a word of JSON.
_JSON = r"[^\s,;}\])\"'\\]++"
_QUOTED = r"[^\n\"'\\]{0,4096}+(?>(?:(?!(?P=open))(?:\\[^\n]|[\"'\\])[^\n\"'\\]{0,4096}+){0,64})"
_PATTERN = re.compile(
    # Half of a log is digits, signs and blanks, with which no name begins.
    rf"(?=[A-Za-z_])(?<!REDACTED:)(?P<key>(?P<password>{_LONG}|{_BRIEF})|{_SHORT}|{_TOKEN}|(?P<word>{_KEY_ALONE}))(?P<tail>[\w.-]{{0,40}}+)(?P<close>{_QUOTE})?\]?"
    rf"(?P<sep>\s{{0,100}}+(?::{{1,3}}=|=>|\?=|={{1,2}}|:)(?>(?:[ \t]{{0,8}}=)?)[ \t]{{0,100}}+"
    rf"(?>(?:`[ \t]{{0,4}}+)?))"
    rf"(?:b?(?P<open>{_QUOTE}))?(?P<secret>(?(open){_QUOTED}|(?(close){_JSON}|{_BARE})))",
    re.MULTILINE | re.ASCII,
)
_WORDS = (
    "pass", "pwd", "pw", "psw", "pin", "otp", "auth", "sid", "salt", "psk", "key", "session", "sess",
    "secret", "token", "credential", "csrf", "xsrf", "signature", "mnemonic", "seed",
    "connect.sid", "connection_string", "connectionstring", "kennwort", "contrase", "senha", "parola",
    "wachtwoord", "haslo", "hasło", "crumb",
)  # fmt: skip

_IS_NUMBERED = re.compile(r"(?:[_.-]?(?:v?\d{1,2}|prod|live|test|staging|value|base64))?\Z", re.IGNORECASE)


def _is_drawn(value: str) -> bool:
    return is_random(value, at_least=12) or is_key_shaped(value) or is_short_and_random(value)


def _is_secret(match: re.Match[str]) -> bool:
    is_password = match["password"] is not None
    is_quoted = match["open"] is not None
    if is_harmless_tail(match["key"], match["tail"]):
        return False
    if match["word"] and not (_IS_NUMBERED.match(match["tail"]) and _is_drawn(match["secret"])):
        return False
    if match["word"] and is_name_of_pair(match):
        return False
    if match["word"] and (is_harmless_owner(match) or is_named_object(match["secret"])):
        return False
    if is_harmless_value(match["secret"], is_password=is_password):
        return False
    return is_quoted or ":" not in match["sep"] or not is_prose(match, is_password=is_password)


#: `… for user svc password Tr0ub4dor&3`: no sign between, so only what no word looks like.
_SPOKEN = re.compile(r"\b(?i:password|passphrase) {1,3}+(?P<secret>[^\s\"'<>=:]{8,200}+)", re.ASCII)
_NO_WORD = re.compile(r"(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).*[!@#$%^&*+?~]", re.ASCII)


def _is_spoken(match: re.Match[str]) -> bool:
    return is_phrase(match) and _NO_WORD.match(match["secret"]) is not None


ASSIGNMENT_RULES = (
    Rule(
        kind="password",
        words=("passw", "passphrase"),
        pattern=re.compile(
            r"^[ \t]{0,40}+(?:- )?[\w.-]{0,40}?(?i:password|passwd|passphrase): {1,12}+"
            r"(?P<secret>[^\s\"'#|>&*!%@`{\[][^\n#\"']{0,200}+)$",
            re.MULTILINE | re.ASCII,
        ),
        is_secret=is_phrase,
    ),
    Rule(kind="password", words=("password ", "passphrase "), pattern=_SPOKEN, is_secret=_is_spoken),
    Rule(kind="value", words=_WORDS, pattern=_PATTERN, reach=96, is_secret=_is_secret),
)
