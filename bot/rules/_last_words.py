"""What the app itself said last, and of a process that ended: the line that best tells of trouble."""

import re
from datetime import timedelta
from itertools import takewhile

from bot.parsers.journal import Journal, JournalEntry
from bot.rules import _life

_COMPLAINT = re.compile(
    r"^\w*([A-Z]\w*)?(Error|Exception|Exit)\b.*|\b(error|fatal|panic|critical|cannot|can't|could not|failed|"
    r"missing|denied|refused|not set|not found|unable|abort(ed|ing)?|exiting|killed|segmentation fault)\b",
    re.IGNORECASE,
)
#: What PHP-FPM says after it has said what is wrong.
FOLLOWS = re.compile(
    r"FPM initialization failed|failed to (load|post process|open) (the )?configuration|"
    r"Unable to include .*\.conf"
)
#: What servers complain of at each start and serve all the same; and what Python's io says where a signal
#: comes while its handler's own log is written (bufferedio.c), as gunicorn's do when a worker dies.
_HARMLESS = re.compile(
    r"reliably determine the server's fully qualified domain name|reentrant call inside <_io\.Buffered"
    r"|Apache Tomcat Native library which allows"
)
#: A JVM names the thread first, and what lies below an error behind it. Source: java.lang.Throwable and
#: ThreadGroup.uncaughtException of the JDK.
NAMED_ERROR = re.compile(
    r"^\s*(?:Caused by: |Exception in thread \"[^\"]{0,100}\" )?(?:[\w.$]+\.)?[A-Z]\w*(Error|Exception)\b"
    r"|^(?-i:Error: \S)|^panic: |\bFATAL\b|^fatal",
    re.IGNORECASE,
)


def last_words(journal: Journal | None) -> JournalEntry | None:
    """The app's own line that best tells of trouble: a named error, else a complaint, else None."""
    return _best(journal.entries) if journal else None


def last_own(journal: Journal | None) -> JournalEntry | None:
    """The last line that is not systemd's, since its last start."""
    for entry in reversed(journal.entries if journal else ()):
        if entry.is_from_systemd and _life.STARTED.search(entry.message):
            return None
        if not entry.is_from_systemd and entry.message.strip():
            return entry
    return None


def words_of_exit(journal: Journal | None) -> JournalEntry | None:
    """The same of the process that ended last, from its start on; an earlier one's trouble may be mended."""
    exit_ = _life.last_exit(journal)
    if journal is None or exit_ is None:
        return last_words(journal)
    life = _life.life_of_exit(journal)
    end = max(i for i, entry in enumerate(journal.entries) if entry is exit_)
    pids = {entry.pid for entry in life if not entry.is_from_systemd} - {None}
    late = (e for e in journal.entries[end:] if e.pid in pids)  # it may be written down after its end
    if (words := _best((*life, *late))) is not None or pids:
        return words
    return _best(_beside(journal.entries, end)) or _best(_then(journal.entries, exit_))


def _then(entries: tuple[JournalEntry, ...], exit_: JournalEntry) -> tuple[JournalEntry, ...]:
    """What the app said within seconds of that end: in a quick loop it may stand beside another start."""
    return tuple(
        e
        for e in entries
        if not e.is_from_systemd and e.at and exit_.at and abs(e.at - exit_.at) <= _SAME_MOMENT
    )


def _beside(entries: tuple[JournalEntry, ...], end: int) -> tuple[JournalEntry, ...]:
    """What an app says that dies at once may stand after the line of its end, or before that of its start.

    systemd and the app speak to journald by sockets of their own, which it reads in no certain order. Source:
    systemd-journald.service(8), its stdout stream and its native protocol.
    """
    after = tuple(takewhile(lambda e: not _NEXT.search(e.message), entries[end + 1 :]))
    if any(not entry.is_from_systemd for entry in after):
        return after
    since = takewhile(lambda e: not _PREVIOUS.search(e.message), reversed(entries[:end]))
    return tuple(reversed(tuple(since)))


#: Journals cut their times to the second, and are written a moment later.
_SAME_MOMENT = timedelta(seconds=2)
#: Lines of systemd between which all is of one start.
_NEXT = re.compile(rf"{_life.STARTED.pattern}|{_life.SCHEDULED.pattern}|^Starting ")
_PREVIOUS = re.compile(rf"{_life.EXITED.pattern}|{_life.SCHEDULED.pattern}|{_life.STOPPED.pattern}")


#: What a program calls no trouble itself is none, whatever words it has; nor is what Node.js says of where an
#: error came up, once it has said which. Source: Node.js, lib/events.js (`Emitted 'error' event`).
_NO_COMPLAINT = re.compile(
    r"^\W*(?:\d+\W+)?(?:INFO|DEBUG|NOTICE)\b|[Rr]etrying in \d"
    r"|^Emitted 'error' event|; // Unhandled 'error' event|^\s+(?:code|syscall|errno|address|path): "
)


def _best(entries: tuple[JournalEntry, ...]) -> JournalEntry | None:
    own = [
        entry
        for entry in reversed(entries)
        if not entry.is_from_systemd
        and entry.message.strip()
        and not _NO_COMPLAINT.search(entry.message)
        and not _HARMLESS.search(entry.message)
    ]
    own = [entry for entry in own if not FOLLOWS.search(entry.message)] or own
    for pattern in (NAMED_ERROR, _COMPLAINT):
        for at, entry in enumerate(own[:60]):
            if pattern.search(entry.message):
                return _with_address(entry, own[at + 1 : 60])
    return None


#: A trace of a JVM, from its last error up: frames, how many more there are, and what each error caused.
_FRAME = re.compile(r"^\s+at \S|^\s+\.\.\. \d+ |^\s*(?:Caused by|Suppressed): ")
_HOST_AND_PORT = re.compile(r"(?<![\w.])[\w.-]{1,100}:\d{2,5}\b(?!\))|:\d{2,5} refused")


def _with_address(entry: JournalEntry, above: list[JournalEntry]) -> JournalEntry:
    """The error; of a chain of causes that ends without saying where, the one that says with whom.

    A driver names host and port in its own error and lays it to a bare `Connection refused` of java.net.
    """
    if not entry.message.lstrip().startswith("Caused by: ") or _HOST_AND_PORT.search(entry.message):
        return entry
    for other in above:
        is_frame = _FRAME.search(other.message) is not None
        is_error = NAMED_ERROR.search(other.message) is not None
        if is_error and _HOST_AND_PORT.search(other.message):
            return other
        if not is_frame:
            return entry
    return entry
