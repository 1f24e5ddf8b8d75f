"""Credentials in HTTP headers, in dumps of requests and in nginx's configuration.

Sources: RFC 9110 section 11 (Authorization, Proxy-Authorization), RFC 6265 (cookies), RFC 6750 (Bearer),
nginx ngx_http_proxy_module `proxy_set_header` (a value with `$` is a variable, not a secret).
"""

import base64
import re

from bot.redact.rule import Rule

_SET = r"(?:proxy_set_header|fastcgi_param|uwsgi_param|grpc_set_header|add_header)"
_TELLING = (
    r"(?i:x-(?:[a-z0-9]{1,24}-){0,4}?(?:key|token|secret|signature|auth|password|session)|authorization"
    r"|proxy-authorization|api-?key|private-token|job-token|deploy-token|cookie|set-cookie|apikey|auth-token)"
)


def _is_literal(match: re.Match[str]) -> bool:
    """A variable such as `$http_authorization` stays; so does a bare scheme."""
    value = match["secret"].strip("\"'; ")
    return value != "" and not value.startswith(("$", "{{", "<")) and value not in {"-", "null", "None"}


def _is_token(match: re.Match[str]) -> bool:
    """A word of prose (`bearer authentication`) has neither digits nor capitals inside."""
    return any(character.isdigit() for character in match["secret"]) or not match["secret"][1:].islower()


HEADER_RULES = (
    Rule(
        kind="authorization",
        words=("authorization",),
        pattern=re.compile(
            r"(?i:authorization)(?:[\"'],(?=\s?b?[\"'])|\\?[\"']?\s{0,4}+(?::|=>|=))\s{0,4}+b?\\?[\"']?"
            r"(?P<secret>(?:(?i:basic|bearer|token|digest|negotiate|apikey|aws4-hmac-sha256|ntlm|hawk)\s{1,4})"
            r"?[^\n\"'$]{4,4096}+)"
        ),
        is_secret=_is_literal,
    ),
    Rule(
        kind="authorization",
        words=("bearer",),
        pattern=re.compile(
            r"(?<![A-Za-z])(?i:bearer)\s{1,4}+(?P<secret>[A-Za-z0-9._~+/:-]{12,4096}+={0,2})(?![A-Za-z0-9=])"
        ),
        is_secret=_is_token,
    ),
    Rule(
        kind="authorization",
        words=("basic ",),
        pattern=re.compile(
            r"(?<![A-Za-z])(?i:basic) {1,4}+(?P<secret>[A-Za-z0-9+/]{10,1024}+={0,2})(?![\w.-])"
        ),
        is_secret=lambda match: _is_userinfo(match["secret"]),
    ),
    Rule(
        kind="cookie",
        words=("cookie",),
        pattern=re.compile(
            r"(?<![A-Za-z_$-])(?:(?i:set-)?(?i:cookie))\\?[\"']?\s{0,2}+:\s{0,4}+\\?[\"']?(?P<secret>[^\n\"'$]{0,200}=[^\n\"'$]{1,4096}+)"
        ),
        is_secret=_is_literal,
    ),
    Rule(
        kind="header",
        words=("x-", "token:", "key:", "apikey:"),
        pattern=re.compile(
            rf"(?<![A-Za-z0-9_$-]){_TELLING}\\?[\"']?:\s{{0,4}}+\\?[\"']?(?P<secret>[^\s\"'$,]{{4,4096}}+)"
        ),
        is_secret=_is_literal,
    ),
    Rule(
        kind="header",
        words=("_set_header", "_param", "add_header"),
        pattern=re.compile(
            rf"{_SET}\s{{1,16}}+{_TELLING}\s{{1,16}}+(?P<secret>\"[^\"\n$]{{3,2048}}+\"|'[^'\n$]{{3,2048}}+'|[^\s;\"'$]{{3,2048}}+)"
        ),
        is_secret=_is_literal,
    ),
    Rule(
        kind="secret-link",
        words=("secure_link_secret", "secure_link_md5"),
        pattern=re.compile(r"secure_link_(?:secret\s{1,8}+(?P<secret>[^\s;$]{4,256}+))"),
    ),
    Rule(
        kind="secret-link",
        words=("secure_link_md5",),
        pattern=re.compile(r"secure_link_md5\s{1,8}+\"?(?P<secret>[^\n;]{4,256}+)"),
    ),
)


def _is_userinfo(encoded: str) -> bool:
    """True when it is base64 of something with a colon, as RFC 7617 has it."""
    try:
        return b":" in base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        return False
