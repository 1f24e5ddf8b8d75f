"""IPv4 and IPv6: which family a name stands for, which one a port is open on, which one a proxy dials from.

Source: getaddrinfo(3); bind(2) (EINVAL for an address of the other family); ngx_http_proxy_module
`proxy_bind`; BIND's nslookup ("Name:", "Address:"); common English of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "families_told": "somebody writes of ::1 and 127.0.0.1 for one name, of which one fails; fields: what",
    "one_family": "somebody writes that a port is open, or works, on IPv4 alone; fields: what",
    "localhost_dialled": "a proxy is given `localhost` as the name of its backend; fields: what",
    "bind_other_family": "a proxy cannot dial an IPv6 address from its own, or has no IPv6; fields: what",
}
#: Nothing that a program logs.
_BY_HAND = r"^(?!.*(?:\[error\]|connect\(\)|for url|\"[A-Z]{3,7} /))"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "families_told",
        _BY_HAND
        + r"(?!.*\b(?:neither|both|all|every|no error|not fail|trying|hosts|ignore\w*|could not connect"
        r"|port \d)\b)(?=.*\blocalhost\b)(?=.*(?<![\w:])\[?::1\b)(?=.*\b127\.0\.0\.1\b)"
        r"(?P<what>.*\b(?:refused|fail\w*|502|bad gateway|error\w*)\b.*)",
        "::1",
    ),
    says(
        "one_family",
        r"(?P<what>\b(?:publish\w*|listen\w*|open|bound|binds?|expos\w*|answers?|serv\w+|available)\b.{0,60}"
        r"\b(?:only|just|solely)\b.{0,30}\bIPv4\b"
        r"|\b(?:publish\w*|listen\w*|open|bound|binds?|expos\w*|answers?|serv\w+|available)\b.{0,60}"
        r"\bIPv4\b\W{0,3}(?:only|alone)\b"
        r"|\b(?:only|just) (?:publish\w*|listen\w*|bound|binds?|expos\w*|answers?)\b.{0,40}\bIPv4\b"
        r"|\b0\.0\.0\.0\b\S{0,8} only\b.{0,20}\bIPv4\b"
        r"|\bIPv4\b\W{0,3}(?:\([^)]{1,40}\))?(?:로만|만 |のみ|だけ)"
        r"|(?:仅|只)\S{0,8}IPv4|\bnur\b.{0,30}\bIPv4\b"
        r"|\bsolo\b.{0,30}\bIPv4\b|\buniquement\b.{0,30}\bIPv4\b)",
        "ipv4",
    ),
    says(
        "localhost_dialled",
        r"(?P<what>\b(?:proxy_pass|reverse_proxy|ProxyPass|BalancerMember|fastcgi_pass|uwsgi_pass|server)\s+"
        r"(?:/\S*\s+)?(?:\w+://)?localhost\b)",
        "localhost",
    ),
    says(
        "bind_other_family",
        r"(?P<what>bind\(\d{1,3}(?:\.\d{1,3}){3}\) failed \(22: Invalid argument\)"
        r"(?= while connecting to upstream)"
        # Where nginx is to listen, the address stands behind `socket()`.
        r"|socket\(\) failed \((?:97: )?Address family not supported by protocol\))",
        "22: invalid argument",
        "socket() failed",
    ),
)
_NAME = re.compile(r"\A\s*Name:\s+(?P<name>[\w.-]+)\s*\Z")
_ADDRESS = re.compile(r"\A\s*Address(?:es)?(?: \d+)?:\s+(?P<address>[0-9a-fA-F.:]{3,45})(?:\s.*)?\Z")


@given(_NAME, _ADDRESS)
def _looked_up(piece: Piece) -> Iterator[Sign]:
    """nslookup: `Name:` and the `Address:` lines below; the server's own stands above the first name."""
    name = ""
    for line in piece.text.split("\n"):
        if found := _NAME.match(line):
            name = found["name"]
        elif name and (found := _ADDRESS.match(line)):
            yield Sign(kind="resolves", line=line.strip(), fields={"name": name, "address": found["address"]})
        elif line.strip():
            name = ""


READERS: tuple[Reader, ...] = (_looked_up,)
