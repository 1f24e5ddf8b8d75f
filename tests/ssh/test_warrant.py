"""A certificate lets in one order, on one host, for a minute, and nothing else; OpenSSH itself decides."""

import asyncio
import secrets
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import asyncssh
import pytest

from bot.doctor.finding import Health
from bot.doctor.guarded import guard as examine_guard
from bot.errors import HostError, SshAuthFailed
from bot.hostkit import todays_kit, write
from bot.model.action import Order, Settled
from bot.model.host import Fleet, Host, Mode
from bot.model.runbook import Catalog
from bot.remedy import commands_for
from bot.ssh import SshShell
from bot.ssh.acting import act_request
from bot.ssh.connect import Connector
from bot.ssh.guarded import order_digest, order_words
from bot.ssh.host_keys import KnownHosts
from bot.ssh.session import said_by
from bot.ssh.warrant import BEFORE_S, LIFE_S, Authority
from tests.ssh.conftest import OPTIONS
from tests.support.kits import TIMEOUT_S, catalog_of, look, remedy, step
from tests.support.sshd import Identity, Sshd, fleet, make_identity

CA = asyncssh.generate_private_key("ssh-ed25519")
NOW = 1_800_000_000
HOST = Host(name="web-01", address="192.0.2.1", user="runbook", mode=Mode.GUARDED)
ORDER = act_request(Order(nonce="a" * 32, commands=(("sudo", "-n", "true"),), host_key="", timeout_s=10.0))


def fields(authority: Authority, folder: Path) -> str:
    """The certificate as ssh-keygen tells it."""
    bearer = asyncssh.generate_private_key("ssh-ed25519")
    path = folder / "cert.pub"
    path.write_bytes(authority.certificate(bearer, HOST, ORDER).export_certificate())
    done = subprocess.run(["ssh-keygen", "-L", "-f", path], capture_output=True, text=True, check=True)
    return done.stdout


def told(text: str, key: str) -> list[str]:
    """The value of a key, and the lines indented below it."""
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
    depth = len(lines[at]) - len(lines[at].lstrip())
    below = []
    for line in lines[at + 1 :]:
        if len(line) - len(line.lstrip()) <= depth:
            break
        below.append(line.strip())
    return [value for value in [lines[at].partition(":")[2].strip()] if value] + below


def test_a_certificate_names_one_host_and_runs_one_order(tmp_path: Path) -> None:
    text = fields(Authority(key=CA, sources=("10.1.2.0/28",), now_s=lambda: NOW), tmp_path)

    digest = order_digest(ORDER.commands, ORDER.timeout_s)
    assert told(text, "Type")[0].endswith("user certificate")
    assert told(text, "Principals") == ["runbook-bot-act@web-01"]
    assert told(text, "Critical Options") == [
        f"force-command /usr/local/lib/runbook-bot/guard act {digest} {'a' * 32}",
        "source-address 10.1.2.0/28",
    ]
    assert told(text, "Extensions") == ["(none)"]
    assert told(text, "Key ID") == [f'"runbook-bot {"a" * 32}"']


def test_a_certificate_is_good_for_a_minute(tmp_path: Path) -> None:
    text = fields(Authority(key=CA, now_s=lambda: NOW), tmp_path)

    begin, end = (
        time.mktime(time.strptime(at, "%Y-%m-%dT%H:%M:%S"))
        for at in told(text, "Valid")[0].removeprefix("from ").split(" to ")
    )
    assert (begin, end) == (NOW - BEFORE_S, NOW - BEFORE_S + 60)
    assert LIFE_S <= 60


def test_every_order_has_a_key_of_its_own() -> None:
    authority = Authority(key=CA)

    keys = [authority.key_for(HOST, ORDER).key_public_data for _ in range(2)]

    assert keys[0] != keys[1]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A guarded host that takes certificates."""

    host: Host
    fleet: Fleet
    authority: Authority
    kit: str


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    mark = ("sh", "-c", 'printf x >>"$1"', "mark", str(tmp_path / "ran"))
    return catalog_of(
        look(step("hi", "echo", "hi")), remedies=(remedy("mark", mark), remedy("other", ("true",)))
    )


@pytest.fixture
def place(start_sshd: Callable[..., Sshd], identity: Identity, catalog: Catalog, tmp_path: Path) -> Place:
    # Everything that sshd could grant: what is refused here is refused by certificate and kit alone.
    server = start_sshd(forwarding="yes", environment=f"HOME={tmp_path}")
    (tmp_path / "ca").mkdir()
    ca = make_identity(tmp_path / "ca")
    plain = fleet(identity, tmp_path, server)
    host = replace(server.host, mode=Mode.GUARDED)
    whole = Fleet(hosts={host.name: host}, ssh=replace(plain.ssh, act_ca=str(ca.path)))
    kit = todays_kit(host, whole, catalog, root=str(tmp_path / "kit/lib"))
    write(kit, tmp_path / "kit")
    (server.folder / "authorized").write_bytes(kit.files["authorized_keys"])
    key = asyncssh.read_private_key(str(ca.path))
    authority = Authority(key=key, root=str(tmp_path / "kit/lib"))
    return Place(host=host, fleet=whole, authority=authority, kit=kit.id)


@pytest.fixture
async def shell(place: Place) -> AsyncIterator[SshShell]:
    made = SshShell(place.fleet, options=replace(OPTIONS, guard_root=place.authority.root))
    yield made
    await made.aclose()


@pytest.fixture
def order(place: Place, catalog: Catalog, nonces: list[str]) -> Order:
    nonces.append(secrets.token_hex(16))
    commands = commands_for(catalog.remedies["mark"], place.host)
    return Order(nonce=nonces[-1], commands=commands, host_key="", timeout_s=TIMEOUT_S)


async def _said(
    place: Place, authority: Authority, order: Order, words: str, *, host: Host | None = None
) -> bytes:
    """What the host answers to these words under a certificate for this order (issued for `host`)."""
    connector = Connector(KnownHosts(place.fleet.ssh.known_hosts), place.fleet.ssh.identity, OPTIONS)
    key = authority.key_for(host or place.host, act_request(order))
    until = asyncio.get_running_loop().time() + 30
    link = await connector.open(place.host, until=until, key=key)
    try:
        return (await said_by(link, command=words)).out
    finally:
        link.connection.abort()


@pytest.mark.sshd
async def test_an_order_runs_once_under_its_certificate(
    shell: SshShell, place: Place, order: Order, tmp_path: Path
) -> None:
    async with shell.link(place.host) as link:
        order = replace(order, host_key=link.fingerprint)

    first, second = await shell.act(place.host, order), await shell.act(place.host, order)
    settled = await shell.settle(place.host, order.nonce, host_key=order.host_key)

    assert (first.is_first, first.exit_status, second.is_first) == (True, 0, False)
    assert settled.state is Settled.DONE
    assert _text(tmp_path / "ran") == "x"


@pytest.mark.sshd
@pytest.mark.parametrize(
    "change",
    [
        {"now_s": lambda: time.time() - 120},
        {"now_s": lambda: time.time() + 120},
        {"sources": ("192.0.2.7/32",)},
        {"key": CA},
    ],
    ids=["expired", "not yet valid", "another source", "another authority"],
)
async def test_a_certificate_that_does_not_fit_lets_nobody_in(
    place: Place, order: Order, change: dict[str, object]
) -> None:
    with pytest.raises(SshAuthFailed):
        await _said(place, replace(place.authority, **change), order, order_words(act_request(order)))  # type: ignore[arg-type]


@pytest.mark.sshd
async def test_a_certificate_for_another_host_lets_nobody_in(place: Place, order: Order) -> None:
    other = replace(place.host, name="web-99")

    with pytest.raises(SshAuthFailed):
        await _said(place, place.authority, order, order_words(act_request(order)), host=other)


@pytest.mark.sshd
async def test_a_certificate_takes_no_other_order(
    place: Place, order: Order, catalog: Catalog, nonces: list[str], tmp_path: Path
) -> None:
    nonces.append(secrets.token_hex(16))
    other_nonce = act_request(replace(order, nonce=nonces[-1]))
    other_remedy = act_request(replace(order, commands=commands_for(catalog.remedies["other"], place.host)))
    settle = f"v1 settle {'0' * 32} {nonces[-1]}"

    said = [
        await _said(place, place.authority, order, words)
        for words in (order_words(other_nonce), order_words(other_remedy), settle, "id", "")
    ]

    assert said == [b"", b"", b"", b"", b""]
    assert _text(tmp_path / "ran") == ""


@pytest.mark.sshd
async def test_the_doctor_finds_all_shut_where_certificates_are_taken(
    shell: SshShell, place: Place, catalog: Catalog, patient: None
) -> None:
    found = await examine_guard(place.host, catalog, shell, kit=place.kit)

    assert [one.line() for one in found if one.health is not Health.OK] == []
    assert len(found) == 3


@pytest.mark.sshd
async def test_a_host_that_takes_no_certificate_runs_nothing(
    shell: SshShell, place: Place, order: Order, start_sshd: Callable[..., Sshd]
) -> None:
    stranger = replace(start_sshd("stranger").host, name="box", mode=Mode.GUARDED)

    with pytest.raises(HostError):
        await shell.act(stranger, order)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""
