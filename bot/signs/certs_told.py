"""A certificate that was renewed on disk and not in what the proxy serves; nginx that is told to run.

nginx, Apache and HAProxy read certificates at their start and reload alone.

Source: openssl-x509(1) -enddate ("notAfter=Mon DD HH:MM:SS YYYY GMT"), openssl-s_client(1); nginx.org
ngx_http_ssl_module ssl_certificate; Chrome's and Firefox' names for a date that is past; common English.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "cert_old": "the certificate that is served is older than the one on disk; fields: what",
}
_NEW = (
    r"(?:renewed|was renewed|fresh|up to date|(?:on disk|file|files|secret|pem)\b.{0,30}\b(?:new|fresh"
    r"|renewed"
    r"|valid)|new (?:\w+ )?cert\w*)"
)
_SERVED = (
    r"(?:NET::ERR_CERT_DATE_INVALID|SEC_ERROR_EXPIRED_CERTIFICATE|(?:browsers?|clients?|s_client|site"
    r"|nginx|users?)\b"
    r".{0,60}\b(?:still )?(?:shows?|gets?|sees?|serves?|serving|presents?|sends?|hands? out)\b"
    r".{0,20}\b(?:old|expired|previous|former)\b|(?:still|the) (?:old|expired|previous) (?:cert\w*"
    r"|one) (?:is )?(?:still )?(?:served|shown"
    r"|sent|presented|in use)"
    r"|\bcert\w* (?:on|of|for) (?:the |my |our )?(?:live |public |web ?)?(?:site|server|domain"
    r"|page)\b.{0,10}\b(?:is|was|being|has|shows?(?: as)?) (?:still )?expired\b)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "cert_old",
        rf"^(?!.*\b(?:not renewed|renewal fail|failed to renew"
        rf"|n't renew))(?P<what>.*(?:\b{_NEW}\b.{{0,160}}{_SERVED}"
        rf"|{_SERVED}.{{0,160}}\b{_NEW}\b))",
        "renewed",
        "fresh",
        "up to date",
        "new",
        "valid",
    ),
    says(
        "nginx_runs",
        r"(?:\A|[\s(])(?:nginx|httpd|apache2?"
        r"|systemctl(?: status)?)(?: \w+)?\b[^.;\n]{0,20}\bactive \(running\)",
        "active (running)",
    ),
    says(
        "nginx_runs",
        r"\bpgrep (?:-\w+ ){0,3}nginx\b.{0,8}\b\d{1,8}\b.{0,3}nginx: master",
        "pgrep",
    ),
    # The signal is refused, or what is loaded anew does not fit what is shared with the former workers.
    says(
        "reload_failed",
        r"(?P<what>kill\(\d+, \d+\) failed \(1: Operation not permitted.*"
        r"|\[emerg\].* uses the \".{1,80}\" (?:key|cache path) while previously it used .*"
        r"|\[emerg\].* had previously different levels.*)",
        "operation not permitted",
        "while previously it used",
        "previously different",
    ),
)
_DATE = re.compile(r"\bnotAfter=(?P<date>[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4}) GMT")
_SHORT = re.compile(r"(?:->|=>|→|:)\s*(?P<date>[A-Z][a-z]{2} +\d{1,2}(?: \d\d:\d\d:\d\d \d{4}| \d{4})?)\b")
_ON_DISK = re.compile(r"\s-in\s+\S|\.(?:pem|crt|cer)\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@given("s_client", "x509")
def _ends(piece: Piece) -> Iterator[Sign]:
    """The end of what is served, and of the file: the file's is later."""
    served: tuple[datetime, str] | None = None
    on_disk: datetime | None = None
    asked = ""
    parts = (part for line in piece.text.split("\n") for part in line.split("; "))
    for part in parts:
        if "s_client" in part:
            asked = "served"
        elif "x509" in part and _ON_DISK.search(part):
            asked = "disk"
        found = _DATE.search(part) or _SHORT.search(part)
        at = _read(found["date"]) if found else None
        if at is None:
            continue
        if asked == "served":
            served = at, part.strip()
        elif asked == "disk":
            on_disk = at
    if served is not None and on_disk is not None and on_disk > served[0]:
        yield Sign(kind="cert_old", line=served[1], fields={"what": served[1]})


_RENEWED = re.compile(
    rf"^(?!.*\bnot\b).*\bcert\w*\b.{{0,30}}\b(?:renewed|updated|replaced|reissued)\b.*\n.*?{_SERVED}",
    re.I | re.M,
)


def _told(piece: Piece) -> Iterator[Sign]:
    """Renewed by one line, and by the next one the old one is served."""
    found = _RENEWED.search(piece.text) if "expired" in piece.text or " old" in piece.text else None
    if found is not None:
        line = piece.text[found.start() :].split("\n")[1].strip()
        yield Sign(kind="cert_old", line=line, fields={"what": line})


def _read(date: str) -> datetime | None:
    parts = date.split()
    if parts[0] not in _MONTHS or not parts[1].isdigit() or not 1 <= int(parts[1]) <= 28 + 3:
        return None
    year = int(parts[-1]) if len(parts) > 2 and parts[-1].isdigit() else 2000
    try:
        return datetime(year, _MONTHS.index(parts[0]) + 1, int(parts[1]), tzinfo=UTC)
    except ValueError:
        return None


READERS: tuple[Reader, ...] = (_ends, _told)
