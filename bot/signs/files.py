"""ls -l, stat, namei, df, mount, du: socket files, permissions, left-over files, full file systems.

Source: coreutils ls(1), stat(1), df(1); util-linux namei(1); busybox coreutils/df.c; errno(3) ENOSPC, EDQUOT,
EROFS; pid and lock files of Puma, unicorn, Rails (server_command.rb), Apache (AH00526 pid file), gunicorn
(pidfile.py "Already running"), PHP-FPM (fpm_sockets.c "Another FPM instance"), uWSGI, Redis, PostgreSQL.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says
from bot.signs.space_told import OF_A_DISK

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "socket_file": "the file of a unix socket; fields: path, mode, owner, group",
    "directory": "a directory and its mode; fields: path, mode, owner, group",
    "file_absent": "a path was looked for and is not there; fields: path",
    "stale_file": "a left-over pid, lock or socket file stops a start; fields: path, who, pid, holder",
    "socket_named": "a configuration or command names a unix socket; fields: path",
    "read_only": "a file system is read-only; fields: path",
    "runs_as": "the user a server's workers run as; fields: who, user",
}

_FULL = (
    r"(?:No space left on device|ENOSPC(?!.{0,80}watch)|Disk quota exceeded"
    r"|not enough space on the disk|disk full)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "disk_full",
        rf"{OF_A_DISK}(?:(?:^|[\s'\"‘])(?P<path>/[\w./-]{{1,200}})['\"’:]{{0,2}}[^/]{{0,60}}?)?{_FULL}",
        "no space left",
        "enospc",
        "quota exceeded",
        "not enough space",
        "disk full",
    ),
    says(
        "disk_full",
        r"(?:disk|filesystem|partition|volume).{0,40}\b(?:is|was|were) (?:completely )?full\b",
        " full",
    ),
    says("read_only", r"(?:(?P<path>/[\w./-]{1,200})\W{1,4})?Read-only file system", "read-only file system"),
    says(
        "read_only", r"^\S+ (?:on )?(?P<path>/\S*) (?:type )?(?:ext4|xfs|ext3|btrfs) \(?ro[,)]", " ro,", "(ro"
    ),
    says(
        "file_absent",
        r"(?:ls|stat|cat|namei|chmod|chown|file): (?:cannot (?:access|stat|statx)|failed to stat:?|"
        r"can't stat)? ?"
        r"'?‘?\"?(?P<path>/[^\s:'’\"]+)['’\"]?:? ?(?:- )?No such file or directory",
        "no such file",
    ),
    says(
        "file_absent",
        r"(?P<path>/[\w./@-]{1,200}\.sock(?:et)?)\b.{0,20}(?:does not exist|doesn't exist|is not there|"
        r"is missing|not found)",
        ".sock",
    ),
    # Files of an earlier life.
    says(
        "stale_file",
        r"Already running on PID:? ?\d+ \(or pid file '?(?P<path>[^\s')]+)"
        r"'? is stale",
        "is stale",
    ),
    says(
        "stale_file",
        r"pid ?file:? ?'?(?P<path>/[^\s',:]+)?'?.{0,60}(?:already exists|exists|is stale)",
        "already exists",
        "is stale",
        "exists",
    ),
    says(
        "stale_file",
        r"(?P<path>/[^\s',:]{1,200}\.(?:pid|lock))'?.{0,40}(?:already exists|exists, process|File exists)",
        "exists",
    ),
    says(
        "stale_file",
        r"(?<!ing )(?<!ing a )(?<!ing the )(?<!removed )(?<!deleted )(?<!cleaned up )"
        r"stale (?:pid|lock|socket) ?file:? ?(?P<path>/\S+)?",
        "stale pid",
        "stale lock",
        "stale socket",
    ),
    says("stale_file", r"httpd \(pid \d+\??\) already running", "already running", who="httpd"),
    says("stale_file", r"lock file \"(?P<path>[^\"]+)\" already exists", "lock file", who="postgres"),
    says("stale_file", r"(?P<who>[\w.-]{1,80}) dead but (?:pid|subsys) (?:file exists|locked)", "dead but"),
    says(
        "stale_file",
        r"Another (?:FPM|process|instance).{0,40}(?:already listen|already running|is running)"
        r".{0,20}?(?P<path>/\S+)?$",
        "another ",
    ),
    says(
        "stale_file",
        r"unlink.{0,20}?(?P<path>/\S{1,200}\.sock(?:et)?)\b.{0,40}(?:Permission denied"
        r"|Operation not permitted)",
        "unlink",
    ),
    says(
        "stale_file",
        r"(?<!\S)\W{0,3}(?P<path>/\S{1,200}\.sock(?:et)?)\b.{0,30}(?:already exists|File exists|"
        r"is not a socket)",
        ".sock",
    ),
    says(
        "stale_file",
        r"(?:PID file|pidfile) ['\"]?(?P<path>/[^\s'\"]+)['\"]? (?:contains|references|(?:was )?found|exists)"
        r"\b.{0,60}(?:non-existing|not running|stale|dead|no (?:such )?process)",
        "pid file",
        "pidfile",
    ),
    says(
        "stale_file",
        r"(?<!\S)\W{0,3}(?P<path>/\S{1,200}\.sock(?:et)?)\b.{0,40}Address already in use",
        "address already in use",
    ),
    says(
        "stale_file",
        r"Address already in use.{0,40}?(?:unix:(?://)?|- |for )\"?(?P<path>/[\w./-]+)",
        "address already in use",
    ),
    says(
        "stale_file", r"bind\(\) to unix:(?P<path>/[^\s:]+) failed \((?:98|48):", "failed (98", "failed (48"
    ),
    says(
        "socket_named",
        # What Apache dials is no setting, also where the setting's name got into it.
        r"^(?!.*attempt to connect).*?"
        r"(?:\b(?:listen|socket|http-socket|uwsgi-socket|bind(?: to)?|ListenStream)"
        r"[\"']?\s*[=:]\s*[\"']?(?:unix:(?://)?)?"
        r"|(?:--bind|-b|--socket|-s|--uds|ln -sf?|mv)[ =](?:unix:(?://)?)?)(?P<path>[/\w.@-]+\.sock(?:et)"
        r"?)\b",
        ".sock",
    ),
    says(
        "socket_named",
        r"\b(?:only|just|instead|there is|is called|creat\w+|find|see)\b"
        r"(?:(?!\b(?:no|not|missing)\b).){0,30}[`'\"](?P<path>[\w./-]{1,80}\.sock)[`'\"]",
        ".sock",
    ),
    says("runs_as", r"^\s*user\s+(?P<user>[a-z_][\w-]*)(?:\s+[\w-]+)?;", "user", who="nginx"),
    says(
        "runs_as",
        r"\b(?P<who>web ?server|nginx|apache2?|httpd|caddy|haproxy),?(?: which| that| itself| workers?"
        r"| process(?:es)?){0,2} (?:runs?|(?:is|are) running|running|is run) (?:as|under|with)(?: the)?"
        r" (?:user(?:/group| and group|name)?)?\W{0,3}(?P<user>[a-z_][a-z0-9_-]{1,30})\b(?! (?:service"
        r"|container|proxy|reverse|server))",
        "run",
    ),
    says(
        "runs_as",
        r"^\s*(?P<user>[a-z_][\w.+-]*)\s+\d+\s.{0,80}(?P<who>nginx): worker process",
        "worker process",
    ),
)

_LONG = re.compile(
    r"(?:\A|[\s:])(?P<type>[sdlb-])(?P<mode>[r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-])[.+@]?\s+\d*\s*"
    r"(?P<owner>[\w.$+-]+)\s+(?P<group>[\w.$+-]+)\s+(?:\d[\d,]*\s+)?.*?(?P<path>[^\s'\"]+)"
    r"['\"]?(?: -> \S+)?(?:\s+\([^()]*\))?\s*\Z"  # what somebody remarks behind it
)
_NAMEI = re.compile(
    r"\A\s*(?P<type>[sdfl])(?P<mode>[r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-])\s+(?P<owner>[\w.-]+)"
    r"\s+(?P<group>[\w.-]+)\s+"
    r"(?P<path>\S+)\s*\Z"
)
_ACCESS = re.compile(
    r"Access: \((?P<octal>\d{4})/(?P<type>[sd-])(?P<mode>[rwxsStT-]{9})\)\s+Uid: \(\s*\d+/\s*(?P<owner>\S+)\)"
    r"\s+Gid: \(\s*\d+/\s*(?P<group>\S+)\)"
)
_STAT_NAME = re.compile(r"\A\s*File: [‘'\"]?(?P<path>[^\s’'\"]+)")
_KINDS = {"s": "socket_file", "d": "directory"}


@given((_NAMEI, _ACCESS, _LONG))
def _modes(piece: Piece) -> Iterator[Sign]:
    """Sockets and directories in `ls -l`, `namei -l` and `stat`."""
    stat_of = ""
    for line in piece.text.split("\n"):
        if found := _STAT_NAME.match(line):
            stat_of = found["path"]
        found = (
            _NAMEI.match(line)
            or _ACCESS.search(line)
            or (_LONG.search(line) if "rw" in line or "r-x" in line else None)
        )
        if found is None or found["type"] not in _KINDS:
            continue
        path = found.groupdict().get("path") or stat_of
        fields = {name: found[name] for name in ("mode", "owner", "group")} | {"path": path}
        yield Sign(kind=_KINDS[found["type"]], line=line.strip(), fields=fields)


_NO_INODES = re.compile(r"\s100%\s+(?P<path>/\S*)\s*\Z")
_NO_SPACE = (
    re.compile(
        r"^\S+\s+(?:ext[234]|xfs|btrfs|overlay|zfs|tmpfs)?\s*[\d.]+[KMGTP]?i?\s+[\d.]+[KMGTP]?i?\s+"
        r"0[KMGTPB]?\s+(?:100)%\s+(?P<path>/(?!snap/|boot/efi|mnt/cdrom)\S*)"
    ),
    re.compile(r"\s(?:9[89]|100)%\s+(?P<path>/(?:var|tmp|data|home|opt|srv|var/\S+)?)\s*$"),
)
_COUNTS_INODES = re.compile(r"\bdf -\w*i|IUse%|IFree|%iused")
_COUNTS_SPACE = re.compile(r"Use%|Capacity|(?:^|[$#>] *)df\b")


@given("%", (*_NO_SPACE, _NO_INODES))
def _full(piece: Piece) -> Iterator[Sign]:
    """Rows of `df`, full of bytes, or under `df -i` of files: the rows look the same, the head does not."""
    kind = "disk_full"
    for line in piece.text.split("\n"):
        if _COUNTS_INODES.search(line):
            kind = "inodes_full"
        elif _COUNTS_SPACE.search(line):
            kind = "disk_full"
        elif "%" in line:
            rows = _NO_SPACE if kind == "disk_full" else (_NO_INODES,)
            for found in filter(None, (row.search(line) for row in rows)):
                yield Sign(kind=kind, line=line.strip(), fields={"path": found["path"]})


_LISTS = re.compile(r"(?:\A|[$#>]\s*)ls(?: -[1aAF]+)? (?P<folder>/\S{1,120})\s*\Z")
_SOCKET = re.compile(r"(?<!\S)(?P<name>[\w.@-]{1,80}\.sock)=?(?=\s|\Z)")


@given(_LISTS, _SOCKET)
def _listed(piece: Piece) -> Iterator[Sign]:
    """Sockets that a plain `ls` of a folder shows."""
    folder = ""
    for line in piece.text.split("\n"):
        asked = _LISTS.search(line)
        if asked:
            folder = asked["folder"].rstrip("/")
        elif not line.strip():
            folder = ""
        elif folder:
            for found in _SOCKET.finditer(line):
                fields = {"path": f"{folder}/{found['name']}"}
                yield Sign(kind="socket_named", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_modes, _full, _listed)
