"""PHP-FPM's status page and exporters, and lists that count its children: none is idle, and requests wait.

Source: php-src fpm_status.c (text and JSON: "idle processes", "active processes", "listen queue"),
fpm_process_ctl.c and fpm_children.c "The maximum number of processes has been reached"; php-fpm_exporter
(phpfpm_idle_processes); www.conf pm.max_children; common English and German of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "fpm_all_busy": "no child of a pool of PHP-FPM is idle, by its status or by count; fields: active",
}

PATTERNS: tuple[Pattern, ...] = (
    says(
        "fpm_all_busy",
        r"The maximum number of processes has been reached\. Please review your configuration",
        "maximum number of processes",
    ),
    says(
        "fpm_all_busy",
        r"\b(?P<active>[1-9]\d{0,3}) (?:php\S{0,8} |fpm )?(?:children|child processes|workers|processes)\b"
        r".{0,70}"
        r"\b(?:max_children|limit|maximum|max)\b`?\W{0,3}(?:is |of |= ?)?(?P=active)\b",
        "max_children",
        "limit",
        "max",
    ),
    says(
        "fpm_all_busy",
        r"\bphp\S{0,20} (?P<active>[1-9]\d{0,3}) ?/ ?(?P=active) (?:belegt|busy|used|in use|active|genutzt)",
        "belegt",
        "busy",
        "use",
        "active",
        "genutzt",
    ),
)
_IDLE = re.compile(r"(?:\b|_)idle(?:[ _]processes)?\"?\W{0,20}?[:= ]\s*0\b", re.IGNORECASE)
_ACTIVE = re.compile(
    r"(?<!max )(?:\b|phpfpm_)active(?:[ _]processes)?\"?\W{0,20}?[:= ]\s*(?P<active>[1-9]\d{0,3})\b",
    re.IGNORECASE,
)
_QUEUE = re.compile(r"(?:\b|_)listen[ _]queue\"?\W{0,20}?[:= ]\s*(?P<queue>\d+)\b", re.IGNORECASE)


@given(_IDLE, _ACTIVE, _QUEUE)
def _status(piece: Piece) -> Iterator[Sign]:
    """FPM's status: none idle, some active, and requests in the queue."""
    idle, active, queue = (pattern.search(piece.text) for pattern in (_IDLE, _ACTIVE, _QUEUE))
    if idle and active and queue and int(queue["queue"]) > 0:
        line = next(one for one in piece.text.split("\n") if _IDLE.search(one))
        yield Sign(kind="fpm_all_busy", line=line.strip(), fields={"active": active["active"]})


_COUNTED = re.compile(r"\bphp\S{0,10}.{0,60}\bwc -l\b|\bpgrep -c\w* .{0,20}php")
_LIMIT = re.compile(r"^\s*pm\.max_children\s*=\s*(?P<limit>\d+)")


@given(_LIMIT, _COUNTED)
def _counted(piece: Piece) -> Iterator[Sign]:
    """As many processes of FPM are counted as the pool may have (one more is the master)."""
    lines = piece.text.split("\n")
    limit = next((int(m["limit"]) for line in lines if (m := _LIMIT.match(line))), 0)
    for at, line in enumerate(lines[:-1]):
        number = lines[at + 1].strip()
        if limit and _COUNTED.search(line) and number.isdigit() and limit <= int(number) <= limit + 2:
            yield Sign(kind="fpm_all_busy", line=number, fields={"active": number})


READERS: tuple[Reader, ...] = (_status, _counted)
