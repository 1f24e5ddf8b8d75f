"""The kit of one host: every file that has to lie on it, from the fleet and the runbooks. Pure.

The same fleet and runbooks give the same bytes, so a kit can be compared, reviewed and kept in a repository.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from bot.errors import FileError
from bot.hostkit.keys import PublicKeys, authorized_keys, sshd_config
from bot.hostkit.questions import DOCTOR, looks_of, orders_of
from bot.hostkit.rights import flaws, rights_of, sudoers_lines
from bot.hostkit.told import look_told, order_told
from bot.model.host import Fleet, Host, Mode
from bot.model.runbook import Catalog
from bot.remedy import commands_for
from bot.ssh.guarded import ROOT, look_digest, order_digest
from bot.ssh.order_wire import encode_order_commands
from bot.ssh.programs import ORDER_SH, RUNNER_PY, RUNNER_SH, text
from bot.ssh.wire import encode_commands

#: Where `install.sh --sshd` puts the keys.
KEYS_FILE = "/etc/ssh/runbook-bot.keys"
#: SHA-256 of every file, as sha256sum reads it: of the kit, and of what of it lies on the host.
MANIFEST, SUMS = "MANIFEST", "lib/SHA256SUMS"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")


@dataclass(frozen=True, kw_only=True)
class Kit:
    """Everything for one host."""

    host: str
    #: SHA-256 over all of it, hex; what a guarded host says when asked which kit it has.
    id: str
    #: By path inside the kit, sorted.
    files: Mapping[str, bytes]


def kit_of(host: Host, fleet: Fleet, catalog: Catalog, keys: PublicKeys, *, root: str = ROOT) -> Kit:
    """Today's kit of a host. Raises FileError when something cannot be allowed exactly.

    `root`: the folder on the host that the guard lies in.
    """
    texts = _access(host, fleet, catalog, keys, root)
    if host.mode is Mode.GUARDED:
        texts |= _guarded(host, catalog, root)
    texts |= _for_people(host, root, holds=_holds(texts, root))
    kit = _digest(texts)
    ready = {name: written.replace("@KIT@", kit).encode() for name, written in texts.items()}
    if host.mode is Mode.GUARDED:
        ready[SUMS] = _sums(ready, folder="lib/")
    ready[MANIFEST] = _sums(ready)
    return Kit(host=host.name, id=kit, files=dict(sorted(ready.items())))


def _access(host: Host, fleet: Fleet, catalog: Catalog, keys: PublicKeys, root: str) -> dict[str, str]:
    behind = [one for one in fleet.hosts.values() if one.bastion == host.name]
    return {
        "sudoers": _sudoers(host, catalog),
        "authorized_keys": authorized_keys(host, keys, sources=fleet.ssh.sources, root=root, behind=behind),
        "sshd_config": sshd_config(host, keys_file=KEYS_FILE, behind=behind),
    }


def _sudoers(host: Host, catalog: Catalog) -> str:
    rules = [line for argv in rights_of(host, catalog) for line in sudoers_lines(host.user, argv)]
    lines = [
        f"# Made by `runbook-bot host-kit {host.name}`; exact arguments: a wildcard matches blanks too.",
        f"Defaults:{host.user} env_reset, !setenv, !requiretty, use_pty",
        f'Defaults:{host.user} secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"',
        *rules,
    ]
    written = "\n".join(lines) + "\n"
    if found := flaws(written):
        raise FileError(f"{host.name}: sudoers: {'; '.join(found)}")
    return written


def _guarded(host: Host, catalog: Catalog, root: str) -> dict[str, str]:
    made: dict[str, str] = {}
    table: list[str] = []
    for name, commands in looks_of(host, catalog).items():
        if name == DOCTOR and DOCTOR in catalog.runbooks:
            raise FileError(f"runbook {DOCTOR!r}: `runbook-bot doctor` has this name already; rename it")
        table.append(f"    look.{look_digest(commands)}) name={_plain(name)} ;;")
        made[f"lib/looks/{name}"] = encode_commands(commands).decode("ascii") + "\n"
        made[f"lib/looks/{name}.txt"] = look_told(name, commands)
    for name, remedy in orders_of(host, catalog).items():
        commands_run, timeout_s = commands_for(remedy, host), remedy.timeout_s
        table.append(f"    act.{order_digest(commands_run, timeout_s)}) name={_plain(name)} ;;")
        made[f"lib/remedies/{name}"] = encode_order_commands(commands_run, timeout_s).decode("ascii") + "\n"
        made[f"lib/remedies/{name}.txt"] = order_told(name, commands_run, timeout_s)
    guard = _own("guard.sh").replace("@TABLE@", "\n".join(table))
    made["lib/guard"] = guard.replace("@HOST@", host.name).replace("@ROOT@", root)
    made["lib/look"] = _own("look.sh") + text(RUNNER_SH)
    made["lib/look.py"] = _own("look.py.txt") + text(RUNNER_PY)
    made["lib/order"] = _own("order.sh") + text(ORDER_SH)
    return made


def _for_people(host: Host, root: str, *, holds: str) -> dict[str, str]:
    told = ", and the programs that guard it" if host.mode is Mode.GUARDED else ""
    marks = {
        "@HOST@": host.name, "@MODE@": host.mode.value, "@USER@": host.user, "@ROOT@": root,
        "@KEYS_FILE@": KEYS_FILE, "@GUARD_TOLD@": told, "@HOLDS@": holds,
    }  # fmt: skip
    return {"README.md": _marked("README.md.txt", marks), "install.sh": _marked("install.sh", marks)}


def _holds(texts: Mapping[str, str], root: str) -> str:
    """The guarded part of the list in the README; empty in plain mode."""
    if "lib/guard" not in texts:
        return ""
    looks = [f"`lib/looks/{one}`" for one in _names(texts, "lib/looks/")]
    remedies = [f"`lib/remedies/{one}`" for one in _names(texts, "lib/remedies/")]
    return (
        f"\n- `lib` -> {root}, root's: `guard`, the forced command of both keys, with the table of all\n"
        "  operations; the programs `look` and `order`.\n"
        f"- looks, for the reading key: {', '.join(looks)}; each with a `.txt` to read.\n"
        f"- remedies, for the acting key: {', '.join(remedies)}; likewise."
    )


def _names(texts: Mapping[str, str], folder: str) -> list[str]:
    return sorted(
        name.removeprefix(folder) for name in texts if name.startswith(folder) and not name.endswith(".txt")
    )


def _digest(texts: Mapping[str, str]) -> str:
    whole = hashlib.sha256()
    for name, written in sorted(texts.items()):
        content = written.encode()
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def _sums(ready: Mapping[str, bytes], *, folder: str = "") -> bytes:
    named = {name.removeprefix(folder): content for name, content in ready.items() if name.startswith(folder)}
    return "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(named.items())
    ).encode()


def _plain(name: str) -> str:
    if not _NAME.match(name):
        raise FileError(
            f"{name!r}: a runbook's or remedy's file name is plain letters, digits, '_', '-' and '.'"
        )
    return name


def _marked(name: str, marks: Mapping[str, str]) -> str:
    written = _own(name)
    for mark, value in marks.items():
        written = written.replace(mark, value)
    return written


def _own(name: str) -> str:
    return files("bot.hostkit").joinpath(name).read_text("utf-8")
