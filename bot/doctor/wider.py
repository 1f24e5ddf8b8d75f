"""Where a host's sudo rules allow more than the runbooks need. Pure."""

import re
from collections.abc import Iterator

from bot.hostkit import flaw_of, rights_of, sudoers_lines
from bot.model.host import Host
from bot.model.runbook import Catalog

_TAG = re.compile(r"([A-Z_]+):\s*")
_MEND = "remove the rule; `runbook-bot host-kit {host}` writes the exact ones"


def wider(host: Host, catalog: Catalog, listed: str) -> Iterator[tuple[str, str]]:
    """What is wider than needed in the answer of `sudo -n -l`, each with its mend; nothing when all is exact.

    Rules that ask for a password are none of the bot's. Source: sudo(8) -l, sudoers(5).
    """
    needed = {
        _bare(line.partition("NOPASSWD: ")[2])
        for argv in rights_of(host, catalog)
        for line in sudoers_lines(host.user, argv)
    }
    mend = _MEND.format(host=host.name)
    unneeded = []
    for spec in without_password(listed):
        if flaw := flaw_of(spec):
            yield f"`{spec}`: {flaw}", mend
        elif _bare(spec) not in needed:
            unneeded.append(spec)
    if unneeded:
        yield f"no runbook or remedy here needs {', '.join(f'`{spec}`' for spec in unneeded)}", mend


def without_password(listed: str) -> Iterator[str]:
    """Each command that `sudo -l` says needs no password, as sudoers writes it."""
    for line in listed.split("\n"):
        runas = re.match(r"\s+\([^)]*\)\s*", line)
        if not runas:
            continue
        is_free = False
        for item in re.split(r"(?<!\\),\s+", line[runas.end() :]):
            spec = item
            while tag := _TAG.match(spec):
                is_free = {"NOPASSWD": True, "PASSWD": False}.get(tag[1], is_free)
                spec = spec[tag.end() :]
            if is_free:
                yield spec.strip()


def _bare(spec: str) -> str:
    """A command without escapes, for comparing; sudo prints some that it was not given."""
    return re.sub(r"\\(.)", r"\1", spec)
