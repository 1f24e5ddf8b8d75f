"""Answers that are no proper HTTP or no proper reply, as balancers, caches and nginx's other modules call
them.

Source: AWS "Access logs for your Application Load Balancer" (LambdaInvalidResponse), Heroku "Error codes"
(H17), Squid error pages (ERR_INVALID_RESP), ngx_http_memcached_module.c ("memcached sent invalid response"),
F5 K13127 ("http_process_state_prepend - Invalid action"); RFC 9112 sections 4 and 5 (status line, colon after
a name), RFC 9110 section 8.6 (Content-Length is digits); php-src fpm_log.c (access.format) and fpm_main.c.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "fpm_404": "PHP-FPM's own access log has a 404 for a script; fields: path",
}
PATTERNS: tuple[Pattern, ...] = (
    says("answer_invalid", r"\bLambdaInvalidResponse\b", "lambdainvalidresponse", proxy="cloud"),
    says(
        "answer_invalid",
        r"\bcode=H17\b|Poorly formatted HTTP response",
        "h17",
        "poorly formatted",
        proxy="cloud",
    ),
    says("answer_invalid", r"\bERR_INVALID_RESP\b", "err_invalid_resp", proxy="squid"),
    says(
        "answer_invalid",
        r"\b(?:memcached|redis2?) sent invalid (?:response|reply)",
        "sent invalid",
        proxy="nginx",
    ),
    # FPM's format has no version of HTTP: "GET /index.php" 404.
    says("fpm_404", r"\"(?:GET|POST|HEAD) (?P<path>/\S*\.php)\S*\" 404\b", '" 404'),
    says(
        "script_unknown",
        r"\.?\bphp\b.{0,60}?[\"'`]File not found\.?[\"'`]|[\"'`]File not found\.?[\"'`].{0,60}?\bphp\b",
        "file not found",
    ),
    says(
        "script_unknown",
        r"Unable to open primary script: (?P<path>\S+) \(Permission denied\)",
        "unable to open primary script",
    ),
)
_STATUS_LINE = re.compile(r"\A[<+\s]*HTTP/[\d.]+ +\d{3}\b")
_LENGTH = re.compile(r"\A<?\s*content-length:\s*(?!\d+\W*(?:\Z|\^M))\S", re.IGNORECASE)
_NO_COLON = re.compile(r"\A<?\s?(?P<name>[A-Z][a-z]+-[A-Za-z-]{2,40}) [\w/]+[^:]*\Z")


@given(_STATUS_LINE)
def _heads(piece: Piece) -> Iterator[Sign]:
    """Fields in the head of an answer asked by hand that break the grammar."""
    is_head = False
    for line in piece.text.split("\n"):
        if _STATUS_LINE.match(line):
            is_head = True
        elif not line.strip(" <>\t"):
            is_head = False
        elif is_head and (_LENGTH.match(line) or _NO_COLON.match(line)):
            name = "content-length" if _LENGTH.match(line) else line.strip(" <").split()[0].lower()
            yield Sign(kind="answer_breach", line=line.strip(), fields={"header": name})


READERS: tuple[Reader, ...] = (_heads,)
