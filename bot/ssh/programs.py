"""What is exec'd on a host, always the same words, and the programs that follow on standard input.

Nothing of a request shows in the host's process list, and no length limit of a command line applies.
The exec'd words pick python3 where it starts, else POSIX sh; both read their program and the request
from standard input: line 1 the sh program (a tab for each newline), line 2 the request, line 3 python3's.
"""

from importlib.resources import files

_PATH = "PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin;export PATH;"
_LOAD = "import sys;f=sys.stdin.buffer;f.readline();r=f.readline();exec(f.readline())"
# A python3 that cannot even start has read nothing yet: sh may take over.
_PYTHON = (
    # Red Hat's tools have a python3 of their own, on hosts where nobody asked for one:
    # RHEL 8, "Configuring basic system settings", section "The internal platform-python package".
    "p=/usr/bin/python3;[ -x $p ]||p=$(command -v python3||command -v /usr/libexec/platform-python);"
    f'if [ -n "$p" ];then "$p" -I -S -c "{_LOAD}" 2>/dev/null;s=$?;'
    "case $s in 1|126|127);;*)exit $s;;esac;fi;"
)
_SHELL = 'IFS= read -r l;case $l in ":;"*)eval "$(printf %s "$l"|tr "\\t" "\\n")";;*)exit 3;;esac'

#: A request whose line did not come whole may be another one: an order for a unit with half its name.
_REQUEST = "IFS=' ' read -r r||exit 3"

#: Files of the programs: what `text` reads.
RUNNER_SH, RUNNER_PY, ORDER_SH = "runner.sh", "runner.py.txt", "order.sh"

#: The exec'd command of every read.
READ_COMMAND = f"exec sh -c '{_PATH}{_PYTHON}{_SHELL}'"
#: The same without python3, for hosts where it must not be used.
READ_COMMAND_SH = f"exec sh -c '{_PATH}{_SHELL}'"
#: The exec'd command of every order and of asking about one.
ORDER_COMMAND = f"exec sh -c '{_PATH}: order;{_SHELL}'"


def read_input(request_line: bytes) -> bytes:
    """Standard input of a read; it stays open afterwards: its end tells the runner to stop."""
    return _SH_RUNNER + request_line + _PY_RUNNER


def order_input(request_line: bytes) -> bytes:
    """Standard input of an order."""
    return _ORDER + request_line


def text(name: str) -> str:
    """One of the programs as it was written; each finds its request line in `r`."""
    return files("bot.ssh").joinpath(name).read_text("utf-8")


def _sh_line(name: str) -> bytes:
    """A sh program as one line, comments and indents off."""
    lines = (line.strip() for line in text(name).splitlines())
    kept = [line for line in lines if line and not line.startswith("#")]
    if any("\t" in line for line in kept):
        raise ValueError(f"{name} holds a tab, which stands for a newline on the wire")
    return ("\t".join([":;", _REQUEST, *kept]) + "\n").encode("ascii")


def _py_line(name: str) -> bytes:
    lines = (line.rstrip() for line in text(name).splitlines())
    kept = [line for line in lines if line and not line.lstrip().startswith("#")]
    return f"exec({chr(10).join(kept)!r})\n".encode("ascii")


_SH_RUNNER = _sh_line(RUNNER_SH)
_PY_RUNNER = _py_line(RUNNER_PY)
_ORDER = _sh_line(ORDER_SH)
