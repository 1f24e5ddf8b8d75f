"""Whose file it is that a proxy refuses, and whether what runs needs it: how sure nginx_config_invalid is.

A host's own file is mended where it stands. In a container it comes with the image or is written by what
starts it, so that the image (deploy_bad_release) or a container that is not found may be what is wrong.

Source: ngx_cycle.c (paths of the file system), ngx_module.c "is not binary compatible"; lua-resty-core
base.lua; docker-library/nginx (templates of docker-entrypoint.d); nginx-proxy (nginx.tmpl).
"""

import re
from dataclasses import replace

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _quote, _stray, _told
from bot.rules._serves_no_more import serves

_NAME = "nginx_config_invalid"


def goes_on(signs: Signs, first: Sign, says: str) -> Finding | None:
    """What runs does not need the file, or what it needs is of the file system."""
    if serves(signs):
        says = f"{says}; what runs goes on with what it had read, and answers"
        return _told.likely(_NAME, 86, says, ENDS, first, next_check=CHECK)
    if reloads := signs.first("reload_failed"):
        says = f"{says}; the reload is refused, and what runs goes on with what it had read"
        return _told.likely(_NAME, 86, says, ENDS, first, reloads, next_check=CHECK)
    if _OF_FILES.search(first.line):
        says = "nginx does not start: it may not write or open a path it needs, by its files or where it runs"
        return replace(_told.likely(_NAME, 80, says, ENDS, first, next_check=_WHOSE), mend=_MENDS_FILES)
    if _stray.stray(signs) is not None:
        says = f"{says}; what runs goes on with what it had read"
        return _told.likely(_NAME, 80, says, ENDS, first, next_check=CHECK)
    if _stray.works_on(signs, first):
        says = f"{says}; what runs goes on with what it had read, and may fail for another reason"
        return _told.likely(_NAME, 86, says, ENDS, first, next_check=CHECK)
    return None


def of_others(signs: Signs, first: Sign, says: str) -> Finding | None:
    """The file is not to be mended where it stands, or it is not the file."""
    made = signs.first("file_made")
    if made is not None:  # not to be mended where it stands: the image writes it anew
        says = f"{says}; the proxy's image writes that file itself"
        return _told.likely(_NAME, 87, says, ENDS, first, made, next_check=MADE)
    if "no servers are inside upstream" in first.line + first["text"]:
        says = f"{says}; who writes the file knew no server: none runs, or none on the proxy's network"
        runs = "[emerg]" not in first.line and signs.has("gateway_late", "page")
        if runs:
            return _told.possible(_NAME, 40, says, _RUNS, first, next_check=MADE)
        return _told.likely(_NAME, 88, says, ENDS, first, next_check=MADE)
    if "in command line" in first.line:
        says = f"{says}; what is wrong stands behind -g, where what starts nginx (a unit, a script) gives it"
        return _told.likely(_NAME, 88, says, ENDS, first, next_check=_STARTS)
    if _OTHER_BUILD.search(first.line):
        says = f"{says}; it and a module of it come from different builds"
        return _told.likely(_NAME, 88, says, ENDS, first, next_check=_BUILDS)
    older = signs.first("went_back")
    if older is not None:
        says = f"{says}; an older version takes the same files"
        return _told.likely(_NAME, 70, says, ENDS, first, older, next_check=MADE)
    if in_box(signs, first) and not _OF_HOST.search(first.line):
        says = f"{says}; in a container that file may come with the image, or be written by what starts it"
        return _told.likely(_NAME, 91, says, ENDS, first, next_check=_WHENCE)
    return None


def unfilled(signs: Signs) -> Sign | None:
    """A name that is none: a template's variable, to which nobody gave a value before nginx read the file."""
    return next((s for s in signs.of("name_at_start", "name_unresolved") if _VARIABLE.search(s.line)), None)


_VARIABLE = re.compile(
    r"host not found in (?:upstream|resolver) \""
    r"(?:[^\"\s]*[<>{}][^\"]*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?::\d+)?\""
)


def in_box(signs: Signs, first: Sign) -> bool:
    """Whether the proxy that refuses its file runs in a container."""
    boxed = signs.has("proxy_in_container", "container", "compose_service", "pod")
    return boxed or first.source in ("docker", "kubectl")


#: Docker makes a folder where a file of the host is to be mounted that is not there: no image has it so.
_OF_HOST = re.compile(r"\(21: Is a directory\)")
#: Of the file system and not of what is written: mode, owner, a read-only mount, no folder for the pid file.
_OF_FILES = re.compile(
    r"mkdir\(\) \"[^\"]{1,200}\" failed \(2: "
    r"|failed \((?:13: Permission|[35]: The system|[35]: Access|30: Read-only|20: Not a dir)"
    r"|:Permission denied|\.log\" failed \(2: |\.pid\" failed \(2: "
)
#: A module or Lua library that belongs to another nginx: packages that were not updated together.
_OTHER_BUILD = re.compile(
    r"is not binary compatible|\bversion \d{7} instead of \d{7}\b|\bundefined symbol: |\bresty\.core\b"
    r"|\bngx_\w+_module \d+\.\S+ required\b"
)
ENDS = _quote.harmful("nginx", "what still runs would stop serving and not come back before that is mended")
_RUNS = _quote.unknown("nginx", "it answers, and that its file is refused is not known")
CHECK = "`nginx -t` now"
MADE = "the image's version, and what the containers' labels and variables tell it"
_WHENCE = "whether that file is mounted or comes with the image, and whether the image before takes it"
UNFILLED = "`nginx -T` where it runs: has what starts nginx filled in the template, and with which variables?"
_STARTS = "ExecStart= (or the script) that starts nginx: the quotes and the directives behind -g"
_BUILDS = "`nginx -V` against the packages of its modules: were they updated together?"
_WHOSE = "`namei -l` of that path, and the user that nginx is started as"
_MENDS_FILES = (
    "owner and mode of that path, its label or mount, for the user that nginx is started as, or another path"
    " (client_body_temp_path, pid, access_log); then nginx -t again"
)
