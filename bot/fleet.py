"""The fleet file: which hosts there are, and what cannot be seen of their services."""

import re
from functools import partial
from ipaddress import IPv6Address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from bot import yamlfile
from bot.checked import FilePart, check, did_you_mean
from bot.errors import FileError, UnknownHost
from bot.model import host as model

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z")


def _matching(pattern: str, what: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def must_match(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"must be {what}")
        return value

    return AfterValidator(must_match)


#: An absolute path as it may stand in an argv: no spaces at its ends, no control characters, no `..`.
AbsolutePath = Annotated[
    str, _matching(r"/(?!.*(?:^|/)\.\.(?:/|$))[\w.@%+,:=/ -]*(?<! )", "an absolute path without '..'")
]
UnitName = Annotated[
    str,
    _matching(r"[A-Za-z0-9_][\w@:.\\-]*\.(service|socket|target)", "a unit's full name, e.g. myapp.service"),
]


def _must_not_pass_for_an_id(name: str) -> str:
    if re.fullmatch(r"[0-9a-f]{1,64}", name):
        raise ValueError(
            "is all hexadecimal digits: with that container gone Docker would take it for the beginning of "
            "another one's ID, and a remedy would act on that one; "
            f"rename it (`docker rename {name} {name}-app`)"
        )
    return name


#: As Docker allows it; it never begins with `-`.
ContainerName = Annotated[
    str,
    _matching(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}", "a container's name, e.g. shop-web-1"),
    AfterValidator(_must_not_pass_for_an_id),
]


def _must_be_ipv6_with_colons(value: str) -> str:
    try:
        return value if ":" not in value else str(IPv6Address(value)) and value
    except ValueError:
        raise ValueError("must be an IP address or a DNS name; the port goes into 'port'") from None


Address = Annotated[
    str,
    _matching(
        r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?|[0-9a-fA-F:.]*:[0-9a-fA-F:.%a-z0-9]*",
        "an IP address or a DNS name",
    ),
    AfterValidator(_must_be_ipv6_with_colons),
]
UserName = Annotated[str, _matching(r"[a-z_][a-z0-9_.-]{0,31}", "a login name")]
HttpPath = Annotated[str, _matching(r"/[^\s\x00-\x1f\x7f\"'\\`$]*", "a path that begins with '/'")]
HttpUrl = Annotated[
    str, _matching(r"https?://[A-Za-z0-9\[][^\s\x00-\x1f\x7f\"'\\`$@]*", "an http:// or https:// URL")
]
SiteName = Annotated[str, _matching(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?", "a host name")]
Word = Annotated[str, _matching(r"[A-Za-z0-9_][\w.-]{0,63}", "a plain word")]
#: An argument of the fleet's own command; the first one is a path.
Argument = Annotated[str, _matching(r"[^\x00-\x1f\x7f-\x9f]+", "text without control characters")]


def _must_begin_with_a_path(command: tuple[str, ...]) -> tuple[str, ...]:
    if command and not command[0].startswith("/"):
        raise ValueError("must begin with the program's absolute path")
    return command


#: It runs as root, so which program it is must not depend on a search path, nor be an option of sudo.
OwnCommand = Annotated[tuple[Argument, ...], AfterValidator(_must_begin_with_a_path)]


class _Release(FilePart):
    link: AbsolutePath | None = None
    directory: AbsolutePath | None = None
    rollback: OwnCommand = ()

    def value(self) -> model.Release:
        return model.Release(link=self.link, directory=self.directory, rollback=self.rollback)


class _Nginx(FilePart):
    unit: UnitName = "nginx.service"
    config: AbsolutePath = "/etc/nginx/nginx.conf"
    error_log: AbsolutePath = "/var/log/nginx/error.log"
    access_log: AbsolutePath = "/var/log/nginx/access.log"
    url: HttpUrl = "http://127.0.0.1/"

    def value(self) -> model.Nginx:
        return model.Nginx(**self.model_dump())


class _Service(FilePart):
    name: Word = "app"
    unit: UnitName | None = None
    container: ContainerName | None = None
    health: HttpPath = "/"
    site: SiteName = "localhost"
    release: _Release = _Release()
    nginx: _Nginx = _Nginx()
    logs: tuple[AbsolutePath, ...] = Field(default=(), max_length=8)
    data: tuple[AbsolutePath, ...] = ()

    def value(self, public_url: str | None) -> model.Service:
        is_told = "site" in self.model_fields_set
        return model.Service(
            name=self.name,
            unit=self.unit,
            container=self.container,
            health=self.health,
            site=self.site if is_told else _name_in(public_url) or self.site,
            release=self.release.value(),
            nginx=self.nginx.value(),
            logs=self.logs,
            data=self.data,
        )


class _Host(FilePart):
    address: Address
    port: int = Field(default=22, ge=1, le=65535, strict=True)
    user: UserName
    tags: tuple[Word, ...] = ()
    environment: Word = "default"
    bastion: str | None = None
    mode: model.Mode = model.Mode.PLAIN
    service: _Service = _Service()
    public_url: HttpUrl | None = None

    def value(self, name: str) -> model.Host:
        return model.Host(
            name=name,
            address=self.address,
            port=self.port,
            user=self.user,
            tags=frozenset(self.tags),
            environment=self.environment,
            bastion=self.bastion,
            mode=self.mode,
            service=self.service.value(self.public_url),
            public_url=self.public_url,
        )


def _name_in(public_url: str | None) -> str | None:
    """The DNS name that visitors ask for; None where they ask for an address."""
    name = urlsplit(public_url or "").hostname
    is_address = name is None or ":" in name or name.rpartition(".")[2].isdigit()
    return None if is_address else name


def _must_be_networks(sources: tuple[str, ...]) -> tuple[str, ...]:
    for source in sources:
        ip_network(source)  # says itself what is wrong, host bits included
    return sources


class _Ssh(FilePart):
    identity: str
    known_hosts: str
    act_identity: str | None = None
    act_ca: str | None = None
    sources: Annotated[tuple[str, ...], AfterValidator(_must_be_networks)] = ()


class _FleetFile(FilePart):
    hosts: dict[str, _Host]
    ssh: _Ssh
    #: Checked by `policyfile`, which knows what it means.
    policy: dict[str, object] | None = None


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
    file = check(_FleetFile, yamlfile.read(path), name=str(path))
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


def _ssh(path: Path, part: _Ssh, *, needs_keys: bool) -> model.SshFiles:
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
