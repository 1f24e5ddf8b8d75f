"""What was missing and is there by now: where text shows it, "a restart meets the same again" is too much.

Source: id(1), useradd(8), usermod(8) -a; credentials(7): a process keeps its groups; lsof(8) +L1; what npm,
pip, bundler and composer print at the end of an installation.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.model.sign import Signs
from bot.model.verdict import Finding, RestartAdvice
from bot.rules import _clock, _quote, _restart_told


def heeding(signs: Signs, first: Finding) -> Finding:
    """The finding, with the advice that what is shown to be there by now gives it."""
    asked = _ADVICE.get(first.cause)
    advice = asked(signs, first) if asked is not None else None
    return first if advice is None else replace(first, restart=advice)


def _descriptors(signs: Signs, first: Finding) -> RestartAdvice | None:
    """A leak is emptied by the app's next start; what the load takes in a minute is not."""
    if first.restart.what != "app":
        return None
    if (told := _restart_told.brought_back(signs)) is not None:
        return told
    piles_up = signs.has("half_closed", "hangs_later", "memory_grows") or "CLOSE_WAIT" in signs.text
    if piles_up or _FULL_TABLE.search(signs.text):
        return _quote.temporary("app", "a new process starts with none open, until they pile up again")
    return None


#: A count of an app's descriptors at a usual limit: they stay open while nobody asks.
_FULL_TABLE = re.compile(r"/proc/\d{1,8}/fd\b[^\n]{0,40}\|\s{0,3}wc -l\s{1,4}(?:102[0-4]|409[0-6]|6553\d)\b")


def _program(signs: Signs, _: Finding) -> RestartAdvice | None:
    """The program is listed, may be run, and was changed after it could not be."""
    said = (*signs.of("unit_exec", "unit", "unit_failed", "exited"),)
    failed = max((at for sign in said if (at := _clock.when(sign.line))), default=None)
    paths = {sign["path"] for sign in signs.of("unit_exec")} | set(_EXEC.findall(signs.text))
    for changed, path in _LISTED.findall(signs.text):
        at = _clock.when(f"{changed}:00", year=failed.year) if failed else None
        if path in paths and at and failed and at > failed:
            return _quote.perhaps("app", "the program was put there, or changed, after it could not be run")
    return None


_EXEC = re.compile(r"ExecStart=[-@:+!]{0,3}(/\S{1,200})")
#: A row of `ls -l`, whose date is that of the last change.
_LISTED = re.compile(
    r"^-r[w-]x\S{0,9}\s[^\n]{1,80}?\s([A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d) (/\S{1,200})$", re.MULTILINE
)


def _port(signs: Signs, first: Finding) -> RestartAdvice | None:
    """Who listens was asked after the bind failed, and nothing was printed for that port."""
    failed = max(signs.text.rfind(line.text) for line in first.because)
    ports = {sign["port"] for sign in signs.of("port_taken") if sign["port"]}
    asked = _ASKED.finditer(signs.text, failed) if failed >= 0 else ()
    if any(one[1] in ports for one in asked):
        return _quote.perhaps(first.restart.what, "nobody has the port by now")
    return None


#: A command that asks for one port, and no row of an answer before the next command or the end.
_ASKED = re.compile(
    r"[$#] [^\n]{0,40}\b(?:ss|netstat|lsof)\b[^\n|]{0,60}(?:\| *grep\b[^\n]{0,20}?|:)(\d{2,5})\b[^\n\d]{0,4}"
    r"(?:\n\s*(?:[$#(]|\Z)|\s*\Z)"
)


def _user(signs: Signs, first: Finding) -> RestartAdvice | None:
    units = {found[1] for line in first.because for found in _UNIT.finditer(line.text)}
    named = {sign["name"] for sign in signs.of("unit_user") if sign["name"]} | units
    known = {found[1] for found in _ID.finditer(signs.text)}
    if known and (known & named or _MADE_USER.search(signs.text)):
        return _quote.perhaps("app", "the user is there by now")
    return None


_ID = re.compile(r"^uid=\d{1,10}\(([\w.-]{1,40})\)[^\n]{0,200}", re.MULTILINE)
_UNIT = re.compile(r"\b([\w.-]{1,40})\.service\b")
_MADE_USER = re.compile(r"\b(?:useradd|adduser)\s")


def _installed(signs: Signs, first: Finding) -> RestartAdvice | None:
    failed = max(signs.text.rfind(line.text) for line in first.because)
    if failed >= 0 and _INSTALLED.search(signs.text, failed):
        return _quote.perhaps("app", "what was missing was installed since; no start is shown after that")
    return None


_INSTALLED = re.compile(
    r"^(?:added \d{1,5} packages?|Successfully installed \S|Bundle complete!"
    r"|Generating (?:optimized )?autoload files)",
    re.MULTILINE,
)


def _disk(signs: Signs, _: Finding) -> RestartAdvice | None:
    """A deleted file takes its room until the last who has it open ends."""
    held = next((one for one in _DELETED.finditer(signs.text) if int(one[2]) >= _MUCH_BYTES), None)
    if held is None:
        return None
    size = f"{int(held[2]) / 1e9:.0f} GB"
    if "php" in signs.text.lower() and "php" not in held[1]:
        return _quote.useless("app", f"first {held[1]} has to end: it has {size} of a deleted file open")
    return _quote.temporary(held[1], f"it has {size} of a deleted file open, which its end frees")


#: lsof's row: program, process, …, size, links, inode, name.
_DELETED = re.compile(
    r"^([\w.-]{1,30})\s+\d{1,8}\s[^\n]{5,80}?\s(\d{9,15})\s[^\n]{1,200}\(deleted\)", re.MULTILINE
)
_MUCH_BYTES = 10**9


def _groups(signs: Signs, _: Finding) -> RestartAdvice | None:
    """The proxy's user is in the socket's group by now, and its workers have the groups of their start."""
    sockets = {s["group"] for s in signs.of("socket_file") if s["mode"][3:5] == "rw"}
    if any(set(_NAMES.findall(groups)) & sockets for groups in _of_proxies(signs)):
        return _quote.helps(
            "nginx", "its user is in the socket's group by now; workers keep those of their start"
        )
    return None


def _of_proxies(signs: Signs) -> Iterator[str]:
    users = {s["user"] for s in signs.of("runs_as")} | {"www-data", "nginx", "http", "apache"}
    return (one[0].rpartition("groups=")[2] for one in _ID.finditer(signs.text) if one[1] in users)


_NAMES = re.compile(r"\d\(([\w.-]{1,40})\)")


def _deployment(signs: Signs, first: Finding) -> RestartAdvice | None:
    if first.restart.is_sure and _DEPLOYS.search(signs.text):
        return _quote.perhaps("app", "a deployment may have stopped it, and starts it at its end")
    return None


#: A program that deploys writes to the journal under its own name, or is who gave the order.
_DEPLOYS = re.compile(r"\s(?:deploy[\w.-]{0,20}|ansible[\w-]{0,20}|cap|capistrano)\[\d{1,8}\]: ")
_ADVICE: Mapping[str, Callable[[Signs, Finding], RestartAdvice | None]] = {
    "app_crash_startup": _installed,
    "app_stopped_by_hand": _deployment,
    "disk_full": _disk,
    "exec_missing": _program,
    "fd_limit": _descriptors,
    "permission_user": _user,
    "port_conflict": _port,
    "socket_permission": _groups,
}
