"""An app that holds its port and does nothing: data it does not read, threads that wait for one lock.

Source: tcp(7) and ss(8): CLOSE-WAIT with bytes in Recv-Q is a peer that gave up before the program read
what it sent; jstack's "waiting to lock" (HotSpot's vframe.cpp); Go's runtime/traceback.go "[semacquire, 3
minutes]"; gdb's and pstack's frames ("#0  0x7f in f ()", gdb/stack.c) over glibc's and musl's locks
(pthread_mutex_lock, __lll_lock_wait).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "hangs_later": "somebody writes that it answers for hours or days and then no more; fields: what",
    "unread": "peers gave up, and the program has not read what they sent; fields: port, count",
    "threads_blocked": "several threads of an app wait for the same lock; fields: app, count",
    "lock_awaited": "a stack of a process whose innermost frames wait for a lock; fields: function, count",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "hangs_later",
        r"(?P<what>\b(?:stop(?:s|ped)? (?:responding|answering|working)|hangs?|freezes?"
        r"|becomes? unresponsive)"
        r"\b.{0,20}\bafter (?:a few|some|several|a couple of|about|around|\d{1,3})(?: to \d{1,3}|-\d{1,3})? "
        r"(?:hours|days|weeks)\b"
        r"|\b\d{1,3} (?:hours|days|weeks) later\b.{0,60}\b(?:hangs?|hung|no longer (?:responds?|answers?)))",
        "hour",
        "days",
        "weeks",
    ),
)

_ENDS = r"(?P<local>\S{1,80}):(?P<port>\d{1,5})\s+\S{1,80}:\d{1,5}"
_SS = re.compile(rf"^\s*(?:tcp6?\s+)?CLOSE-WAIT\s+(?P<unread>\d+)\s+\d+\s+{_ENDS}")
_NETSTAT = re.compile(rf"^\s*tcp[46]{{0,2}}\s+(?P<unread>\d+)\s+\d+\s+{_ENDS}\s+CLOSE_WAIT\b")
_LOCK = re.compile(r"waiting to lock <(?P<lock>0x[0-9a-f]{4,16})>")
_ALL = re.compile(
    r"\ball (?:\S{1,20} ){0,2}(?:threads|workers)\b.{0,20}\b(?:look|are|like|hang|wait|the same)", re.I
)
_GOROUTINE = re.compile(r"^goroutine \d+ \[(?P<state>semacquire|sync\.\w{1,20}\.\w{1,20}), \d+ minutes")
#: The innermost frames; a wait for work (accept, epoll_wait, a condition) is none for a lock.
_FRAME = re.compile(
    r"^\s*#(?P<depth>[0-2])\s+(?:0x[0-9a-f]{4,16} in )?(?P<function>__lll_lock_wait\w*|__l?ll_\w*lock_slow"
    r"|(?:___?|__GI_+)?pthread_(?:mutex_(?:timed)?lock|rwlock_(?:timed)?(?:rd|wr)lock|spin_lock)\w*"
    r"|futex_(?:abstimed_)?lock\w*|native_queued_spin_lock\w*)\b"
)
#: Idle workers of a server take turns to accept.
_TURNS = re.compile(
    r"^\s*#\d{1,2}\s.*\b(?:\w*accept_mutex\w*|apr_proc_mutex\w*|proc_mutex\w*|\w*_accept_lock)\b"
)
#: So many are no chance.
_SEVERAL = 3


@given((_SS, _NETSTAT))
def _unread(piece: Piece) -> Iterator[Sign]:
    """Half closed connections with unread data, counted by the port they came to."""
    rows: dict[str, list[str]] = {}
    for line in piece.text.split("\n"):
        found = _SS.match(line) or _NETSTAT.match(line)
        if found and int(found["unread"]):
            rows.setdefault(found["port"], []).append(line.strip())
    for port, lines in rows.items():
        if len(lines) >= _SEVERAL:
            yield Sign(kind="unread", line=lines[-1], fields={"port": port, "count": str(len(lines))})


@given((_LOCK, _GOROUTINE))
def _blocked(piece: Piece) -> Iterator[Sign]:
    """The lock that most threads of a dump wait for; one thread will do where all are said to look alike."""
    waiting = [(m["lock"], line.strip()) for line in piece.text.split("\n") if (m := _LOCK.search(line))]
    for lock, count in Counter(lock for lock, _ in waiting).most_common(1):
        if count >= _SEVERAL or _ALL.search(piece.text):
            line = next(text for one, text in waiting if one == lock)
            yield Sign(kind="threads_blocked", line=line, fields={"app": "java", "count": str(count)})
    asleep = [line.strip() for line in piece.text.split("\n") if _GOROUTINE.match(line)]
    if len(asleep) >= _SEVERAL:
        yield Sign(kind="threads_blocked", line=asleep[0], fields={"app": "go", "count": str(len(asleep))})


@given(_FRAME, "#0")
def _awaited(piece: Piece) -> Iterator[Sign]:
    """Stacks (from frame #0 to the next #0) that end in a lock, counted."""
    waiting: list[tuple[str, str]] = []
    is_open = False
    for line in piece.text.split("\n"):
        frame = _FRAME.match(line)
        if line.lstrip().startswith("#0 "):
            is_open = True
        if frame and is_open:
            waiting.append((frame["function"], line.strip()))
            is_open = False
        elif waiting and not is_open and _TURNS.match(line):
            waiting.pop()
            is_open = True
    if waiting:
        function, line = waiting[0]
        yield Sign(kind="lock_awaited", line=line, fields={"function": function, "count": str(len(waiting))})


READERS: tuple[Reader, ...] = (_unread, _blocked, _awaited)
