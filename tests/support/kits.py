"""A small catalog, its kit on this machine, and an OpenSSH server that lets in as the kit says."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.hostkit import Kit, todays_kit, write
from bot.hostkit.keys import PublicKeys
from bot.hostkit.kit import kit_of
from bot.model.host import Fleet, Host, Mode, Nginx, Release, Service, SshFiles
from bot.model.runbook import Catalog, Group, Remedy, Risk, Root, Runbook, Step
from tests.support.sshd import Identity, Sshd, fleet

#: Seconds that a remedy may take: only what hangs takes them.
TIMEOUT_S = 60.0
KEYS = PublicKeys(read="ssh-ed25519 AAAAread", act="ssh-ed25519 AAAAact")
WEB = Host(
    name="web-01",
    address="192.0.2.11",
    user="runbook",
    mode=Mode.GUARDED,
    service=Service(
        unit="myapp.service",
        data=("/srv/app/data",),
        release=Release(link="/srv/app/current", rollback=("/usr/local/sbin/app-rollback",)),
        nginx=Nginx(unit="nginx.service"),
    ),
)


def fleet_of(*hosts: Host, sources: tuple[str, ...] = ()) -> Fleet:
    """A fleet of these hosts whose key files are never read."""
    files = SshFiles(identity="/read", act_identity="/act", known_hosts="/known", sources=sources)
    return Fleet(hosts={host.name: host for host in hosts}, ssh=files)


def kit(host: Host = WEB, *others: Host, catalog: Catalog, sources: tuple[str, ...] = (), **more: str) -> Kit:
    """The kit of a host with made-up keys."""
    return kit_of(host, fleet_of(host, *others, sources=sources), catalog, KEYS, **more)


def look(*steps: Step, name: str = "look") -> Runbook:
    """A runbook of these steps."""
    return Runbook(
        name=name, title=name, about="", groups=(Group(id="g", title="g"),), steps=steps, causes=(),
        remedies={}, digest="",
    )  # fmt: skip


def step(id_: str, *argv: str, root: Root = Root.NEVER, **more: object) -> Step:
    """One step."""
    return Step(id=id_, group="g", title=id_, run=argv, root=root, **more)  # type: ignore[arg-type]


def remedy(name: str, *commands: tuple[str, ...]) -> Remedy:
    """One remedy."""
    return Remedy(
        name=name, title=name, risk=Risk.LOW, run=commands, does="", undo="", target="t", timeout_s=TIMEOUT_S
    )


def catalog_of(*books: Runbook, remedies: tuple[Remedy, ...] = ()) -> Catalog:
    """A catalog of these."""
    return Catalog(
        runbooks={book.name: book for book in books}, remedies={each.name: each for each in remedies}
    )


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """A guarded host: a real server on loopback that holds a kit."""

    fleet: Fleet
    host: Host
    kit: Kit
    #: Where the kit lies.
    folder: Path


def guard(
    server: Sshd,
    identity: Identity,
    acting: Identity,
    catalog: Catalog,
    folder: Path,
    *,
    through: Sshd | None = None,
) -> Guarded:
    """Install today's kits for two keys, on a server and on its bastion, as `install.sh` would."""
    servers = [server, through] if through else [server]
    plain = fleet(identity, folder, *servers)
    hosts = {one.name: replace(one.host, mode=Mode.GUARDED) for one in servers}
    guarded = Fleet(hosts=hosts, ssh=replace(plain.ssh, act_identity=str(acting.path)))
    kits = [_install(one, hosts[one.name], guarded, catalog, folder / f"kit-{one.name}") for one in servers]
    return Guarded(fleet=guarded, host=hosts[server.name], kit=kits[0], folder=folder / f"kit-{server.name}")


def _install(server: Sshd, host: Host, guarded: Fleet, catalog: Catalog, place: Path) -> Kit:
    made = todays_kit(host, guarded, catalog, root=str(place / "lib"))
    write(made, place)
    (server.folder / "authorized").write_bytes(made.files["authorized_keys"])
    return made
