"""Whether what proves a cause is told of another program than the app: an agent, a store, a neighbour."""

import re
from dataclasses import dataclass

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _deeper, _dialling, _whose

#: Causes that are of one program alone; a full disk hits whoever writes, whoever says so.
_OF_ONE = frozenset(
    {
        *("app_crash_runtime", "app_crash_startup", "app_stopped_by_hand", "exec_missing", "fd_limit"),
        *("memory_rlimit", "oom_kill", "permission_user", "premature_close_crash", "start_limit_hit"),
        *("systemd_unit_error", "upstream_down"),
    }
)
#: What systemd, syslog or compose put before a line: whose it is.
_TAG = re.compile(
    r"(?:\A|\s)(?P<tag>[A-Za-z][\w.@-]{1,40})\[\d{1,8}\]: (?:(?P<unit>[\w.@-]{1,60})\.service: )?"
)
_BOX = re.compile(r"\A\s{0,8}(?P<box>[a-z0-9][\w.-]{0,60}?)\s{1,40}\| ")


@dataclass(frozen=True, kw_only=True)
class Other:
    """Whose fault it is instead."""

    name: str
    #: A store's end takes the app with it, and is worth a start; an agent's does nothing to it.
    is_needed: bool


def other(one: Finding, signs: Signs) -> Other | None:
    """Whose fault is told, where the first line that names a program names another than the app."""
    if one.cause not in _OF_ONE and not (one.cause == "disk_full" and _is_beside(signs)):
        return None
    proofs = {line.text for line in one.because}
    for sign in signs.all:
        if sign.line in proofs and not sign["proxy"]:
            for name in _names(sign):
                return _told_apart(name) or _neighbour(sign, signs, one.cause)
    return None


def _is_beside(signs: Signs) -> bool:
    """Whether only disks are full that are mounted beside those that a system runs from."""
    paths = [sign["path"] for sign in signs.of("disk_full") if sign["path"]]
    return bool(paths) and all(path.startswith(_BESIDE) for path in paths)


_BESIDE = ("/mnt/", "/media/", "/backup")


def _names(sign: Sign) -> tuple[str, ...]:
    tag = _TAG.search(sign.line)
    by_tag = (tag["unit"] or tag["tag"]) if tag and (tag["unit"] or tag["tag"] != "systemd") else ""
    return tuple(name for name in (sign["who"] or sign["unit"], by_tag, _box(sign)) if name)[:1]


def _told_apart(name: str) -> Other | None:
    if _deeper.is_agent(name):
        return Other(name=name, is_needed=False)
    return Other(name=_whose.named(name) or name, is_needed=True) if _deeper.is_store(name) else None


def _box(sign: Sign) -> str:
    found = _BOX.match(sign.line)
    return found["box"] if found else sign["name"] if sign.kind in ("container", "backing_off") else ""


def _neighbour(sign: Sign, signs: Signs, cause: str) -> Other | None:
    """A container beside one that is up and serves the port that is dialled.

    Of another project it has no part in it. Of the same one it may by its fault, but by its end in good order
    (a migration that is through) the app was not stopped.
    """
    box = _box(sign)
    ports = {str(place.port) for place in _dialling.dialled(signs)}
    serves = {s["name"] for s in signs.of("serves_port") if s["port"] in ports}
    ups = [s["name"] for s in signs.where("container", state="up") if s["name"] in serves]
    part = _service if cause == "app_stopped_by_hand" else _project
    is_apart = box and ups and all(part(box) != part(up) for up in ups)
    return Other(name=box, is_needed=False) if is_apart else None


def _project(box: str) -> str:
    return re.split(r"[-_]", box, maxsplit=1)[0]


def _service(box: str) -> str:
    """Without the number of its copy."""
    return re.sub(r"[-_]\d+\Z", "", box)
