"""A host of the fleet and what the fleet file knows of its service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Mode(Enum):
    """How a host is asked and acted on."""

    #: The bot sends commands; the account's sudo rules are the limit.
    PLAIN = "plain"
    #: The host holds what may be run, and takes only the names of that.
    GUARDED = "guarded"


@dataclass(frozen=True, kw_only=True)
class Release:
    """How releases lie on a host, for telling what changed and for going back."""

    #: Symlink that points at the running release, e.g. `/srv/app/current`.
    link: str | None = None
    #: Directory whose entries are the releases, e.g. `/srv/app/releases`.
    directory: str | None = None
    #: The fleet's own rollback command as argv, run as root; empty when there is none.
    rollback: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Nginx:
    """Where nginx keeps its things on this host; the defaults are Debian's."""

    unit: str = "nginx.service"
    #: Program and options that it is started with where it is not the `nginx` of the search path.
    program: tuple[str, ...] = ("nginx",)
    config: str = "/etc/nginx/nginx.conf"
    error_log: str = "/var/log/nginx/error.log"
    access_log: str = "/var/log/nginx/access.log"
    #: Where nginx is asked from the host itself.
    url: str = "http://127.0.0.1/"


@dataclass(frozen=True, kw_only=True)
class Service:
    """Facts about the app behind nginx that cannot be seen from outside it."""

    name: str = "app"
    #: systemd unit of the app; None when the fleet does not say.
    unit: str | None = None
    #: Name of the app's Docker container, where Docker keeps the app and no unit does; None when it does not.
    container: str | None = None
    #: Path that answers 200 when the app is well.
    health: str = "/"
    #: Host header (and server_name) to ask nginx and the app with; without it the name in public_url.
    site: str = "localhost"
    release: Release = field(default_factory=Release)
    nginx: Nginx = field(default_factory=Nginx)
    #: The app's own log files, where they are not found by themselves or need root.
    logs: tuple[str, ...] = ()
    #: Directories whose file systems the service needs; `/` is always looked at.
    data: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Host:
    """One host as the fleet file gives it. `name` is the only text a request can choose it by."""

    name: str
    #: IP address or DNS name; never taken from a request.
    address: str
    port: int = 22
    user: str
    tags: frozenset[str] = frozenset()
    environment: str = "default"
    #: Name of another host of the fleet to jump through.
    bastion: str | None = None
    #: `guarded`: the host's own kit holds what may be run; see `runbook-bot host-kit`.
    mode: Mode = Mode.PLAIN
    service: Service = field(default_factory=Service)
    #: Address users reach the service by, for the outside probe.
    public_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class SshFiles:
    """Files the SSH module needs; absolute paths."""

    identity: str
    known_hosts: str
    #: Private key that guarded hosts take orders from; None where all hosts are plain, or `act_ca` is given.
    act_identity: str | None = None
    #: Private key that signs a certificate for each order instead; None without.
    act_ca: str | None = None
    #: Addresses and networks the bot comes from, for `from=` in authorized_keys; empty: any.
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """Every host the bot may speak to."""

    #: By name, in the file's order.
    hosts: Mapping[str, Host]
    ssh: SshFiles
