"""What looks like a secret assignment and is none: settings about secrets, paths, variables, words."""

import re

#: Last part of a name that says it is about a secret, not the secret.
_TAIL = re.compile(
    r"(?:files?|paths?|dir(?:ectory)?|ttl|time(?:out|s|out_?s|stamp)?|expir\w*|exp|len(?:gth)?|count|type|ur[li]s?|endpoint"
    r"|policy|age|min|max|size|limit|bucket|names?|ref|required|enabled|disabled|status|state|version|algorithm|alg"
    r"|method|prompt|changed?|used|remaining|requests?|per|zone|cache|servers?|services?|sockets?|timer|target|mount"
    r"|conf|ya?ml|json|js|ts|py|go|rb|sh|log|html?|internal|local|com|net|org|io|authentication|required_?\w*|agent"
    r"|manager|provider|backend|store|mode|header|field|param(?:eter)?|env|var|command|cmd|program|hint|rotation"
    r"|refresher|resett?(?:er)?|rotator|exporter|operator|controller|generator|validator|encrypted"
    r"|interval|refresh_?interval|issuer|audience|scope|lookup|index|scheme|protocol|host|port|user|realm)\Z"
)
_WORDS = frozenset(
    (
        "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "undefined", "required",
        "optional", "set", "unset", "missing", "empty", "invalid", "expired", "never", "enabled",
        "disabled", "unknown", "failed", "ok", "success", "wrong", "incorrect", "denied", "present",
        "absent", "hidden", "redacted", "masked", "locked", "files", "compat", "db", "sss", "systemd",
        "string", "str", "int", "bool", "text", "bytes", "any", "object", "stdin", "prompt", "ask",
        "basic", "bearer", "trust", "md5", "scram-sha-256", "peer", "ident", "cert", "reject", "not",
        "amd64", "arm64", "armhf", "i386", "all",
    )
)  # fmt: skip
_REFERENCE = re.compile(
    r"\$|\{\{|<|%\(|%\{|@\{|(?:os\.|process\.)?env(?:iron)?[.(\[]|getenv|file[:(]|vault:|ref\+|sops:|arn:aws:|ENC\["
    r"|\.{1,2}/|~/|/(?:etc|run|var|srv|opt|usr|home|root|tmp|mnt|dev|proc|sys|data|app|secrets?|vault|certs?|keys?"
    r"|config|lib|bin|sbin|boot|snap|nix)(?:/|\Z)|[A-Za-z_.]{1,40}\(|(?:function|lambda|def|async)\b"
)
_PATHS_OF_CREDENTIALS = re.compile(r"[\w.-]{1,64}+:/[\w./-]{1,256}+\Z")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\Z")
#: `uploads/2026/a.jpg`, `product:9126:47a61ee2`: keys of objects and caches, whatever id stands in them.
_NAMED_OBJECT = re.compile(r"(?:[a-z_-]{2,32}[/:])[\w./:-]*\Z")
_VALUE_FOLLOWS = re.compile(r"\\?[\"'],?\s{0,80}\\?[\"']?(?i:value)\\?[\"']?\s?[=:]")
_PORT = re.compile(r"\d{1,5}(?:[/;,)\]}]|\Z)")
_PLAIN = re.compile(r"[A-Za-z][a-z-]{0,18}[.,;:!?)]{0,2}\Z")
_PAIR = re.compile(r"[a-z_.]{1,24}=")
_LETTERS = re.compile(r"[a-z]{1,24}[.,;:]?\Z")


#: Keys that are names or may be known: of caches, tables, locks, requests, signatures that anybody may check.
_OPEN_KEY = re.compile(
    r"(?<![A-Za-z])(?:public|pub|host|cache|primary|foreign|unique|partition|sort|shard(?:ing)?|routing|row|hash|range|object|s3|map"
    r"|idempoten(?:cy|t)|dedup(?:lication)?|surrogate|websocket|index|lookup|lock|group|registry|redis|memcache[d]?"
    r"|rsa|dsa|ecdsa|ed25519|gpg|pgp|ssh|x509|signing|trusted|zone|kernel|hot|next|page|continuation|duplicate)"
    r"[\s_.-]{0,2}\Z",
    re.IGNORECASE,
)


def is_harmless_owner(match: re.Match[str]) -> bool:
    """True when group `word` is `key` and what stands before says that it is no secret one."""
    if not match["word"].lower().startswith("key"):
        return False
    start = match.start("word")
    return _OPEN_KEY.search(match.string[max(0, start - 24) : start]) is not None


def is_harmless_tail(key: str, tail: str) -> bool:
    """True when what follows the telling word makes the name harmless: `password_file`, `tokenizer`."""
    if not tail:
        return False
    goes_on = tail[0].isupper() if key.isupper() else tail[0].islower()
    if goes_on and not re.match(r"[sS](?:[^a-z]|\Z)", tail):
        return True
    last = re.split(r"[_.-]|(?<=[a-z])(?=[A-Z])", tail)[-1].lower()
    return _TAIL.match(last) is not None


def is_harmless_value(value: str, *, is_password: bool) -> bool:
    """True for references, paths, switches, ports, and values too short to be a secret."""
    bare = value.strip().rstrip(",;)}]\"'")
    if len(bare) < (3 if is_password else 6) or not bare.strip("*x.-_•"):
        return True
    if bare.lower() in _WORDS or _REFERENCE.match(bare) or _PATHS_OF_CREDENTIALS.match(bare):
        return True
    first = bare.split(maxsplit=1)[0].rstrip(",;").lower()
    if first in _WORDS and first != bare.lower():
        return True
    return not is_password and bool(_PORT.match(bare) or _ADDRESS.match(bare))


def is_phrase(match: re.Match[str]) -> bool:
    """True for what may be a password that somebody chose."""
    return not is_harmless_value(match["secret"], is_password=True)


def is_name_of_pair(match: re.Match[str]) -> bool:
    """True in `key="BillingToken" value="…"`: a name stands behind `key`, the secret follows (`beside`)."""
    return _VALUE_FOLLOWS.match(match.string, match.end("secret")) is not None


def is_named_object(value: str) -> bool:
    """True for paths and colon-separated names, as keys of stores and caches are."""
    return _NAMED_OBJECT.match(value) is not None


def is_prose(match: re.Match[str], *, is_password: bool) -> bool:
    """True when `word: word` is a sentence, as in `invalid token: expected string`."""
    value = match["secret"]
    if not is_password:
        return bool(_PLAIN.match(value) or _PAIR.match(value))
    line_start = match.string.rfind("\n", max(0, match.start() - 200), match.start()) + 1
    has_words_before = " " in match.string[line_start : match.start()].strip(" -\t")
    goes_on = re.match(r" [a-z]", match.string[match.end() : match.end() + 2])
    return bool(has_words_before and goes_on and _LETTERS.match(value))
