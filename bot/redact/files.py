# A pattern stands on one line, to be read against its source.
# ruff: noqa: E501
"""Secrets in files that have forms of their own.

Sources: netrc(5) of GNU inetutils, crypt(5), Apache's "Password Formats", phpass, Werkzeug's and passlib's
hash forms, redis.conf, pgpass documentation of libpq, wg(8), WordPress' wp-config, wpa_supplicant.conf(5).
"""

import re

from bot.redact.rule import Rule

_HASH = (
    r"\$1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{20,24}|\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{20,24}"
    r"|\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{30,53}|\$[56]\$(?:rounds=[0-9]{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{20,86}"
    r"|\$(?:y|gy|7)\$[./A-Za-z0-9]{1,32}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{20,86}"
    r"|\$argon2(?:id|i|d)\$[A-Za-z0-9+/=$,]{20,256}|\{S?SHA(?:256|512)?\}[A-Za-z0-9+/=]{20,128}"
    r"|SCRAM-SHA-256\$[0-9]{1,8}:[A-Za-z0-9+/=$:]{20,256}|pbkdf2_sha(?:256|1)\$[0-9]{1,9}\$[^\s\"':,]{20,256}"
    r"|\$[PH]\$[./A-Za-z0-9]{31}|\$S\$[./A-Za-z0-9]{52}|\$[89]\$[./A-Za-z0-9$-]{10,80}"
    r"|\$krb5(?:tgs|asrep|pa)\$[^\s\"']{32,4096}|\$(?:scrypt|pbkdf2(?:-sha\d{1,3})?|ml|bcrypt-sha256)\$[^\s\"']{20,256}"
    r"|(?:pbkdf2:sha\d{1,3}:\d{1,8}|scrypt:\d{1,6}:\d{1,3}:\d{1,3})\$[^\s\"']{20,256}"
)


def _is_word(match: re.Match[str]) -> bool:
    return not match["secret"].startswith(("required", "requisite", "sufficient", "include", "optional", "$"))


_KIND = r"(?i:\bkind[\"']?:[ \t]{0,128}[\"']?secret\b)"
_DATA = r"(?i:\b(?:string)?data[\"']?:)"

FILE_RULES = (
    # A manifest in one line: what is its data and where that ends is not told from the rest.
    Rule(
        kind="kubernetes-secret",
        words=("kind",),
        pattern=re.compile(rf"{_KIND}[^\n]{{0,512}}?{_DATA}(?P<secret>[^\n]{{10,4096}}+)"),
        reach=1024,
    ),
    Rule(
        kind="kubernetes-secret",
        # Not the word alone: every line of a log may have a database or a folder of data in it.
        words=("data:", 'data"', "data'"),
        pattern=re.compile(rf"{_DATA}(?P<secret>[^\n]{{10,1024}}?){_KIND}"),
        reach=1024,
    ),
    Rule(
        kind="password-hash",
        words=(
            "$1$",
            "$2",
            "$5$",
            "$6$",
            "$7$",
            "$y$",
            "$gy$",
            "$apr1$",
            "$argon2",
            "sha}",
            "sha256}",
            "sha512}",
            "scram-sha-256$",
            "pbkdf2",
            "$p$",
            "$h$",
            "$s$",
            "$8$",
            "$9$",
            "$krb5",
            "scrypt",
            "$ml$",
        ),
        pattern=re.compile(f"(?P<secret>{_HASH})"),
        reach=300,
    ),
    Rule(
        kind="netrc",
        words=("password", "account"),
        pattern=re.compile(
            r"(?:(?<=\n)|(?<![^\n]))[ \t]{0,16}+(?:machine\s\S{1,256}+\s{1,16}+)?(?:login\s\S{1,256}+\s{1,16}+)?password[ \t]{1,16}+(?P<secret>\S{1,256}+)[ \t]{0,16}+(?=\n|$|account|macdef|machine)"
        ),
        is_secret=_is_word,
        reach=1024,
    ),
    Rule(
        kind="netrc",
        words=("login ",),
        pattern=re.compile(r"login\s{1,8}+\S{1,256}+\s{1,8}+password\s{1,8}+(?P<secret>\S{1,256}+)"),
    ),
    Rule(
        kind="password",
        words=("requirepass", "masterauth", "requirepass"),
        pattern=re.compile(r"(?:requirepass|masterauth)[ \t]{1,8}+(?P<secret>\S{1,512}+)"),
    ),
    Rule(
        kind="pgpass",
        words=(":5432:", ":6432:", ":*:"),
        pattern=re.compile(
            r"(?:(?<=\n)|(?<![^\n]))[ \t]{0,16}+[A-Za-z0-9.*/_-]{1,128}+:(?:[0-9]{2,5}|\*):[\w*-]{1,64}+:[\w*-]{1,64}+:(?P<secret>[^\n]{1,256}+)"
        ),
    ),
    Rule(
        kind="wireguard-key",
        words=("privatekey", "presharedkey"),
        pattern=re.compile(
            r"(?i:privatekey|presharedkey)\s{0,8}+=\s{0,8}+(?P<secret>[A-Za-z0-9+/]{20,64}+={0,2})"
        ),
    ),
    Rule(
        kind="psk",
        words=("psk",),
        pattern=re.compile(
            r"(?<![A-Za-z])(?i:psk)\s{0,4}+[=:]\s{0,4}+(?P<secret>\"[^\"\n]{4,128}+\"|[^\s\"]{8,128}+)"
        ),
    ),
    Rule(
        # A dump of Windows' accounts: name, number, LM and NT hash.
        kind="password-hash",
        words=(":::",),
        pattern=re.compile(r":[0-9]{1,10}:(?P<secret>[A-Fa-f0-9]{32}:[A-Fa-f0-9]{32}):::"),
    ),
    Rule(
        # Bundler's credentials of a host of gems: `BUNDLE_GEMS__SHOP__EXAMPLE=user:password`.
        kind="bundler",
        words=("bundle_",),
        pattern=re.compile(
            r"BUNDLE_[A-Z0-9_]{2,64}__[A-Z0-9_]{2,64}[\"']?[=:][ \t]{0,4}[\"']?(?P<secret>[^\s\"':]{1,64}:[^\s\"']{4,256}+)"
        ),
    ),
    Rule(
        # Freemius' key in an array of PHP: 29 of any signs, quotes too.
        kind="define",
        words=("secret_key",),
        pattern=re.compile(r"(?i:secret_key)[\"']\s{0,128}+=>\s{0,128}+[\"'](?P<secret>sk_\S{29})[\"']"),
    ),
    Rule(
        kind="define",
        words=("define(", "define ("),
        pattern=re.compile(
            r"define ?\(\s{0,4}+['\"](?:[A-Z_]{0,32}?(?:PASSWORD|SALT|KEY|SECRET|TOKEN))['\"]\s{0,4}+,\s{0,4}+(?P<secret>'[^'\n]{1,256}+'|\"[^\"\n]{1,256}+\")"
        ),
    ),
)
