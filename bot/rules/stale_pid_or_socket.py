"""A file of an earlier life keeps the service from starting."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding, RestartAdvice
from bot.rules import _outage, _quote, _told, _whose

_EMPTY = _quote.useless("nginx", "it runs; its number is to be written into the pid file first")
#: A second start while the first runs is answered in these words too.
_TWICE = re.compile(r"httpd|apache|another", re.IGNORECASE)
_IPC = "`ipcs -s -m -p` and `ipcs -l`: whose are they, and how many may there be?"
_CHECK = "does the process in the pid file live (ps -p), and does anybody listen on the socket (ss -lxp)?"


def stale_pid_or_socket(signs: Signs) -> Finding | None:
    """A pid, lock or socket file that an earlier run left behind prevents the start.

    Why: the program says that it runs already, or cannot bind its unix socket, though nobody has it open.
    Ruled out when: a process is seen to listen on that very socket, or the pid is alive.
    Mistaken when: a second copy really runs (port_conflict).
    Mended by: removing the file while the program is down, and by removing it before each start (a tmpfs
    /run, RuntimeDirectory=, `rm -f tmp/pids/server.pid` in the container's entry point).
    Not mended by: another restart: the file outlives it; in containers it lies in the writable layer or a
    volume.
    Source: unix(7) "must be deleted by the caller", bind(2) EADDRINUSE; gunicorn pidfile.py, Rails
    server_command.rb, Apache httpd log.c "already running".
    """
    bound = next((s for s in signs.of("port_taken") if s["path"]), None) or _unix_one(signs)
    says = f"a file of an earlier run keeps {_whose.called(bound)} from starting"
    if bound is not None:
        return _socket(signs, bound, says)
    empty = next((s for s in signs.of("nginx_not_running") if 'PID number ""' in s.line), None)
    if empty is not None and signs.has("nginx_runs") and not signs.has("config_old", "config_beside"):
        says = "the pid file is empty while nginx runs: no signal reaches it"
        return _told.likely("stale_pid_or_socket", 84, says, _EMPTY, empty, next_check=_CHECK)
    held = signs.first("already_running", "stale_file")
    says = f"a file of an earlier run keeps {_whose.called(held)} from starting"
    if (kept := signs.first("ipc_full")) is not None:
        says = "no semaphores or shared memory are left: runs that were killed leave theirs behind"
        advice = _quote.useless(_whose.program(kept), "what earlier runs left is still there")
        return _told.likely("stale_pid_or_socket", 82, says, advice, kept, next_check=_IPC)
    lock = signs.first("lock_left")
    if held is None and lock is not None:
        return _locked(signs, lock)
    if held is None or (held.kind == "stale_file" and held["path"].endswith(".sock")):
        return _left(signs, held, says)
    if "dead but" in held.line:  # what is left is told, and not that it stops a start
        weight = 60 if "fpm" in held["who"] else 72
        return _told.likely("stale_pid_or_socket", weight, says, _still_there(held), held, next_check=_CHECK)
    # Whose number it is now, nobody looked; gunicorn and unicorn say themselves that it is one of two.
    if (held["pid"] and not held["holder"]) or "(or pid" in held.line:
        weight = 84 if signs.has(*_outage.DEAF) else 76
        return _told.likely("stale_pid_or_socket", weight, says, _still_there(held), held, next_check=_CHECK)
    if signs.has("port_taken") or _TWICE.search(held.line):
        return _told.likely("stale_pid_or_socket", 72, says, _still_there(held), held, next_check=_CHECK)
    return _told.confirmed("stale_pid_or_socket", 91, says, _still_there(held), held)


def _still_there(held: Sign) -> RestartAdvice:
    why = "the left-over file is still there; it has to be removed first"
    return _quote.useless(_whose.program(held), why)


def _locked(signs: Signs, lock: Sign) -> Finding:
    """A lock of an earlier run, if no other copy runs."""
    nobody = signs.first("nobody_runs")
    it = _whose.called(lock)
    says = f"a lock or socket of an earlier run keeps {it} from starting, if no other copy of it runs"
    weight = 88 if nobody is not None or lock["path"] else 76
    return _told.likely(
        "stale_pid_or_socket", weight, says, _still_there(lock), lock, nobody, next_check=_CHECK
    )


def _unix_one(signs: Signs) -> Sign | None:
    """An address in use that nobody names, of a program whose socket's file is named, or held by nobody."""
    if not signs.has("socket_named", "socket_unheld"):
        return None
    return next((s for s in signs.of("port_taken") if not s["port"] and not s["address"]), None)


def _socket(signs: Signs, bound: Sign, says: str) -> Finding:
    """A unix path in use: left behind, unless somebody is seen to listen on it."""
    path = bound["path"].removeprefix("unix:")
    # What the app says before it binds is its wish.
    seen = (s for s in signs.of("listening") if s["inside"] != "app" or _outage.is_after(s, bound))
    holder = next((s for s in seen if s["path"] and s["path"] in path), None)
    if holder is not None:
        return _told.possible(
            "stale_pid_or_socket", 55, says, _still_there(bound), bound, holder, next_check=_CHECK
        )
    return _told.likely("stale_pid_or_socket", 89, says, _still_there(bound), bound, next_check=_CHECK)


def _left(signs: Signs, held: Sign | None, says: str) -> Finding | None:
    if held is not None:
        return _told.likely("stale_pid_or_socket", 84, says, _still_there(held), held, next_check=_CHECK)
    left, taken = signs.first("left_over"), signs.first("port_taken")
    if left is None or taken is None:
        return None
    return _told.possible(
        "stale_pid_or_socket", 50, says, _still_there(taken), left, taken, next_check=_CHECK
    )
