"""The fleet file: which hosts there are, and what cannot be seen of their services."""

import re
from functools import partial
from pathlib import Path

from bot import yamlfile
from bot.checked import check, did_you_mean
from bot.errors import FileError, UnknownHost
from bot.fleetkeys import FleetFile, SshPart
from bot.model import host as model

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z")


def load(path: Path, *, needs_keys: bool = True) -> tuple[model.Fleet, dict[str, object] | None]:
    """The fleet, and its `policy` section as written (None when there is none).

    Paths in `ssh` are taken from the fleet file's own folder; without `needs_keys` no file need be there.
    Raises FileError.
    """
    if not path.exists():
        raise FileError(
            f"no fleet file at {path.absolute()}; name it with --fleet or RUNBOOK_BOT_FLEET, or start from "
            "docs/quickstart.md"
        )
    file = check(FleetFile, yamlfile.read(path), name=str(path))
    if not file.hosts:
        raise FileError(f"{path}: hosts: empty; name at least one host")
    hosts = {name: host.value(name) for name, host in file.hosts.items()}
    for name, host in hosts.items():
        _check_host(host, hosts, where=f"{path}: hosts.{name if name.isprintable() else repr(name)}")
    ssh = _ssh(path, file.ssh, needs_keys=needs_keys)
    _check_guarded(path, hosts, ssh)
    return model.Fleet(hosts=hosts, ssh=ssh), file.policy


def host_named(fleet: model.Fleet, name: str) -> model.Host:
    """The host with exactly this name. Raises UnknownHost with the nearest names."""
    if name in fleet.hosts:
        return fleet.hosts[name]
    shown = "".join(c if c.isprintable() else "?" for c in name[:60])
    raise UnknownHost(f"no host {shown!r} in the fleet{did_you_mean(name[:60], fleet.hosts, most=3)}")


def _check_host(host: model.Host, hosts: dict[str, model.Host], *, where: str) -> None:
    if not HOST_NAME.match(host.name) or len(host.name) > 200:
        raise FileError(f"{where}: a host's name is lower-case letters, digits, '-' and '.'; rename it")
    if host.service.unit and host.service.container:
        raise FileError(
            f"{where}.service.container: stands beside service.unit; give the unit where systemd starts the "
            "container, else the container"
        )
    seen = [host.name]
    while host.bastion is not None:
        if host.bastion not in hosts:
            raise FileError(f"{where}.bastion: no host {host.bastion!r}{did_you_mean(host.bastion, hosts)}")
        if host.bastion in seen:
            raise FileError(f"{where}.bastion: goes in a circle: {' -> '.join([*seen, host.bastion])}")
        seen.append(host.bastion)
        host = hosts[host.bastion]


def _ssh(path: Path, part: SshPart, *, needs_keys: bool) -> model.SshFiles:
    at = partial(_file, path, must_be_there=needs_keys)
    return model.SshFiles(
        identity=at(part.identity, "ssh.identity"),
        known_hosts=at(part.known_hosts, "ssh.known_hosts"),
        act_identity=at(part.act_identity, "ssh.act_identity") if part.act_identity else None,
        act_ca=at(part.act_ca, "ssh.act_ca") if part.act_ca else None,
        sources=part.sources,
    )


def _check_guarded(path: Path, hosts: dict[str, model.Host], ssh: model.SshFiles) -> None:
    guarded = [name for name, host in hosts.items() if host.mode is model.Mode.GUARDED]
    if ssh.act_identity is not None and ssh.act_ca is not None:
        raise FileError(f"{path}: ssh.act_ca: stands beside ssh.act_identity; give one of them")
    if guarded and ssh.act_identity is None and ssh.act_ca is None:
        raise FileError(
            f"{path}: ssh.act_identity: missing, and {guarded[0]} is guarded; name a second private key, "
            "the only one that guarded hosts take orders from"
        )
    if ssh.identity in (ssh.act_identity, ssh.act_ca):
        key = "act_ca" if ssh.act_ca else "act_identity"
        raise FileError(f"{path}: ssh.{key}: is ssh.identity too; make a key of its own: ssh-keygen")


def _file(fleet: Path, name: str, key: str, *, must_be_there: bool) -> str:
    try:
        path = (fleet.parent / Path(name).expanduser()).resolve()
    except (ValueError, RuntimeError, OSError) as error:  # a NUL, `~nobody`, a loop of links
        raise FileError(f"{fleet}: {key}: {name!r} is no path: {error}; write a plain file name") from error
    if must_be_there and not path.is_file():
        raise FileError(f"{fleet}: {key}: no file {str(path)!r}; write its path from the fleet file's folder")
    return str(path)
