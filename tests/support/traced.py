"""What a program did to the world, by strace: calls that write, remove, signal or connect."""

import re
import shlex
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_CALLS = (
    "open", "openat", "openat2", "creat", "unlink", "unlinkat", "rename", "renameat", "renameat2",
    "mkdir", "mkdirat", "rmdir", "link", "linkat", "symlink", "symlinkat", "chmod", "fchmod",
    "fchmodat", "chown", "fchown", "fchownat", "lchown", "truncate", "ftruncate", "kill", "tkill",
    "tgkill", "connect", "mknod", "mknodat", "mount", "umount2", "setxattr", "lsetxattr", "fsetxattr",
    "utimensat", "reboot", "init_module", "execve",
)  # fmt: skip
#: A call that another process's came in between has its arguments, and its result in a later line.
_LINE = re.compile(r"\d+ +(?P<call>\w+)\((?P<words>.*?)(?: <unfinished \.\.\.>)?$")
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FOLDER = re.compile(r'[^"]*?<(/[^>]*)>, "')
_INTERNET = re.compile(r'sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)"')


@dataclass(frozen=True, order=True)
class Deed:
    """One call that could change something, and what it was about: a path, `address:port`, or the words."""

    call: str
    about: str


def lacks_strace() -> str | None:
    """Why nothing can be traced here; None when it can."""
    return None if shutil.which("strace") else "no strace: apt-get install strace"


def tracing(log: Path, argv: Sequence[str]) -> str:
    """A command line that runs argv, children and all, and writes every deed into `log`."""
    # Not with --seccomp-bpf: it takes sudo its root.
    return shlex.join(
        ["strace", "-f", "-qq", "-y", "-s", "300", "-e", f"trace={','.join(_CALLS)}", "-o", str(log), *argv]
    )


def deeds(log: Path, *, since: str) -> Iterator[Deed]:
    """What was done from the first start of a program whose path ends in `since`, also in vain."""
    has_begun = False
    for line in log.read_text(errors="replace").splitlines():
        found = _LINE.match(line)
        if not found:
            continue
        call, words = found["call"], found["words"]
        if call == "execve":
            has_begun = has_begun or (words.startswith('"') and _path(words).endswith(since))
        # A call that a signal breaks off may be shown by a number that is none.
        elif has_begun and call in _CALLS and not (call.startswith("open") and not _WRITES.search(words)):
            yield Deed(call, _about(call, words))


def _about(call: str, words: str) -> str:
    if call == "connect" and (place := _INTERNET.search(words)):
        return f"{place[2]}:{place[1]}"
    return _path(words) or words.split(")", maxsplit=1)[0]


def _path(words: str) -> str:
    """The first path; one that is relative to an open folder with that folder's before it."""
    quoted = _QUOTED.search(words)
    if not quoted:
        return ""
    folder = _FOLDER.match(words)
    return f"{folder[1]}/{quoted[1]}" if folder and not quoted[1].startswith("/") else quoted[1]
