"""The fleet file's keys: which values each may have, before they are held against each other."""

import re
from ipaddress import IPv6Address, ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from bot.checked import FilePart
from bot.model import host as model


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


class ReleasePart(FilePart):
    """How releases lie on the host, and what rolls back."""

    link: AbsolutePath | None = None
    directory: AbsolutePath | None = None
    rollback: OwnCommand = ()

    def value(self) -> model.Release:
        """As the model has it."""
        return model.Release(link=self.link, directory=self.directory, rollback=self.rollback)


class NginxPart(FilePart):
    """Where nginx's files are, and how it is asked from the host itself."""

    unit: UnitName = "nginx.service"
    program: Annotated[OwnCommand, Field(min_length=1, max_length=5)] = ("nginx",)
    config: AbsolutePath = "/etc/nginx/nginx.conf"
    error_log: AbsolutePath = "/var/log/nginx/error.log"
    access_log: AbsolutePath = "/var/log/nginx/access.log"
    url: HttpUrl = "http://127.0.0.1/"

    def value(self) -> model.Nginx:
        """As the model has it."""
        return model.Nginx(**self.model_dump())


class ServicePart(FilePart):
    """The app behind nginx."""

    name: Word = "app"
    unit: UnitName | None = None
    container: ContainerName | None = None
    health: HttpPath = "/"
    site: SiteName = "localhost"
    release: ReleasePart = ReleasePart()
    nginx: NginxPart = NginxPart()
    logs: tuple[AbsolutePath, ...] = Field(default=(), max_length=8)
    data: tuple[AbsolutePath, ...] = ()

    def value(self, public_url: str | None) -> model.Service:
        """As the model has it; the site is the name in `public_url` unless the file gives one."""
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


class HostPart(FilePart):
    """How a host is reached, and what runs on it."""

    address: Address
    port: int = Field(default=22, ge=1, le=65535, strict=True)
    user: UserName
    tags: tuple[Word, ...] = ()
    environment: Word = "default"
    bastion: str | None = None
    mode: model.Mode = model.Mode.PLAIN
    service: ServicePart = ServicePart()
    public_url: HttpUrl | None = None

    def value(self, name: str) -> model.Host:
        """As the model has it."""
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


class SshPart(FilePart):
    """Keys of the bot and of the hosts."""

    identity: str
    known_hosts: str
    act_identity: str | None = None
    act_ca: str | None = None
    sources: Annotated[tuple[str, ...], AfterValidator(_must_be_networks)] = ()


class FleetFile(FilePart):
    """All of it."""

    hosts: dict[str, HostPart]
    ssh: SshPart
    #: Checked by `policyfile`, which knows what it means.
    policy: dict[str, object] | None = None
