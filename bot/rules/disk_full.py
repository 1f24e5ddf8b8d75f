"""A file system the service needs is full."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.disks import Disks
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _life, _outage, _quote, _told, _whose


def disk_full(
    disks: Disks, app_journal: Journal | None, error_log: NginxErrorLog | None, front: HttpProbes | None
) -> Finding | RuledOut | None:
    """A file system that the service writes to has no space left.

    Why: df shows it full, and the app or nginx says "No space left on device".
    Ruled out when: no file system of the service is full.
    Mistaken when: the complaint is about inodes (inode_full) or a quota.
    Mended by: space: what filled it removed or moved (logs, dumps, temporary files, deleted files still
    held open), then the service that failed started again.
    Not mended by: a restart before there is space.
    Source: write(2) ENOSPC; df(1).
    """
    full = disks.full(disks.blocks)
    said = app_journal.matching(_life.NO_SPACE) if app_journal else ()
    nginx = error_log.of(Fault.DISK_FULL) if error_log else ()
    php = error_log.of(Fault.BACKEND_SAID) if error_log else ()
    php = tuple(entry for entry in php if _life.NO_SPACE.search(entry.message))
    if not full and php and not disks.full(disks.inodes):
        return _elsewhere(_quote.error(php[0]), front)
    nginx = (*nginx, *php)
    if not full:
        says = "no file system the service needs is full"
        rows = tuple(Line(step="disks", text=row.line) for row in disks.blocks[:1])
        return RuledOut(cause="disk_full", says=says, because=rows)
    is_failing = front is not None and not front.are_well
    complaint = (*(_quote.logged(e) for e in said[:1]), *(_quote.error(e) for e in nginx[:1]))
    return Finding(
        cause="disk_full",
        certainty=Certainty.CONFIRMED
        if complaint
        else Certainty.LIKELY
        if is_failing
        else Certainty.POSSIBLE,
        says=f"{full[0].mount} is full ({full[0].used_percent} %, {full[0].free} kB free)",
        because=(Line(step="disks", text=full[0].line), *complaint),
        restart=_quote.harmful(
            "app", "what it writes at its start fails too, then it does not come up at all"
        ),
        mend=f"space on {full[0].mount}: du -xh {full[0].mount} | sort -h | tail, lsof +L1 for deleted files"
        " still held open; then a start of what failed",
        next_check=None if complaint else f"what fills {full[0].mount}, and whether the app writes there",
        weight=96 if complaint else 50 if is_failing else -10,
    )


def _elsewhere(complaint: Line, front: HttpProbes | None) -> Finding:
    """A script cannot write, and the file systems that were looked at have room: it is another one."""
    is_failing = front is not None and not front.are_well
    return Finding(
        cause="disk_full",
        certainty=Certainty.LIKELY,
        says="a file system that was not looked at has no space left (or no inodes): "
        + _path(complaint.text),
        because=(complaint,),
        restart=_quote.useless("app", "it cannot write there afterwards either"),
        next_check="`df -h` and `df -i` of that path; name it under `service.data` in the fleet file",
        weight=92 if is_failing else -10,
    )


_PATH = re.compile(r"(?<![\w:/.])/(?!/)[\w.+-]+(?:/[\w.+-]+)+")


#: mod_files.c of PHP's sessions names the folder after the error.
_SESSIONS = re.compile(r"session\.save_path is correct \((/[^)]{1,200})\)")


def _path(line: str) -> str:
    """The path that the complaint names, else what it says."""
    if (session := _SESSIONS.search(line)) is not None:
        return session[1]
    named = _PATH.search(line[: found.start()]) if (found := _life.NO_SPACE.search(line)) else None
    return named[0] if named else line[:160]


def told(signs: Signs) -> Finding | None:
    """Whoever cannot write says so; df shows which file system, or that it is only the inodes."""
    said = signs.first("disk_full")
    if signs.has("inodes_full"):
        return None
    if said is None:
        return _suspected(signs)
    writes = _restart(said)
    where = f" ({said['path']})" if said["path"] else ""
    says = f"a file system has no space left{where}"
    if (quota := signs.first("quota_used")) is not None:
        says = "the account has used the space that its quota gives it, whatever the disk has left"
        return _told.likely("disk_full", 88, says, writes, said, quota, next_check=_QUOTA)
    if (free := signs.first("space_free", "files_many")) and row(signs) is None:
        check = "`df -h` and `df -i` of the file system of that path"
        return _told.possible("disk_full", 48, says, writes, said, free, next_check=check)
    if _BY_PEOPLE.search(said.line) and not _BY_PROGRAM.search(said.line):
        check = "`df -h` and `df -i`: space, or inodes?"
        return _told.likely("disk_full", 86, says, writes, said, next_check=check)
    return _told.confirmed("disk_full", 95, says, writes, said)


#: Who writes that the disk is full may have seen that files cannot be made, as with inodes.
_BY_PEOPLE = re.compile(r"\bdisk (?:is |was )?full\b", re.IGNORECASE)
_BY_PROGRAM = re.compile(r"no space left|enospc|\b28\b|writing|\d%|\berror\b|\[\w+\]", re.IGNORECASE)

_QUOTA = "`quota -s` of the account"


def row(signs: Signs) -> Sign | None:
    """df's own row of a file system without space; what somebody says is free is then another one."""
    return next((s for s in signs.of("disk_full") if _ROW.search(s.line)), None)


#: df's row, or the word of the pool below the file system, whose room the file system does not know.
_ROW = re.compile(r"\s\d{1,3}%\s+/|out-of-data-space")


def _suspected(signs: Signs) -> Finding | None:
    """A store refuses to write, and says not why."""
    refuses = signs.first("disk_suspected")
    made = signs.first("space_mends")
    if refuses is None and made is not None:
        says = "once something large is deleted it works again: the disk was full"
        check = "`df -h` and `df -i` the next time that it fails"
        weight = 72 if _outage.any_sign(signs) else 60
        return _told.likely("disk_full", weight, says, _WRITES, made, next_check=check)
    if refuses is None:
        return None
    says = "a store no longer writes; most often its disk is full"
    check = "`df -h` and `df -i` where the store keeps its data, and the store's own log"
    return _told.likely("disk_full", 68, says, _REFUSES, refuses, next_check=check)


_WRITES = _quote.harmful("app", "what it writes at its start fails too, then it does not come up at all")
#: A store that is up and takes no writes: Redis "MISCONF", Elasticsearch "read-only / allow delete".
_REFUSES = _quote.useless(
    "app", "the store refuses to write as before; its own restart may lose what it has not saved"
)
#: PostgreSQL's words of a start that failed, or of its end (PANIC): it does not run.
_DOWN = re.compile(r"postmaster\.pid|could not (?:write|create) lock file|\bPANIC: ")


def _restart(said: Sign) -> RestartAdvice:
    """Harm is done to what runs; a store that is down only does not come up."""
    if _DOWN.search(said.line):
        what = _whose.program(said, otherwise="PostgreSQL")
        return _quote.useless(what, "it is down, and cannot start before there is space")
    return _WRITES
