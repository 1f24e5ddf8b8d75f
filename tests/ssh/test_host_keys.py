"""Which host keys are taken, and what is said of those that are not."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from bot.errors import FileError, HostKeyRejected, HostKeyUnknown
from bot.model.host import Fleet
from bot.ssh import SshShell
from bot.ssh.identity import load_identity
from tests.ssh.conftest import OPTIONS
from tests.support.reading import command, read
from tests.support.sshd import Identity, Sshd, fleet

ONE = [command("a", "true")]
CA = asyncssh.generate_private_key("ssh-ed25519")
OTHER = asyncssh.generate_private_key("ssh-ed25519")


def public(key: asyncssh.SSHKey) -> str:
    return key.export_public_key().decode().strip()


async def outcome(server: Sshd, identity: Identity, folder: Path, known: str) -> str:
    """`taken`, or why not."""
    shell = SshShell(fleet(identity, folder, server, known=known), options=OPTIONS)
    try:
        await read(shell, server.host, ONE)
    except HostKeyRejected as error:
        return str(error)
    finally:
        await shell.aclose()
    return "taken"


#: known_hosts text for {line}: port and key; {key}: the key; {port}; {other}: another key -> what is said.
PLAIN = {
    "address and port": ("[127.0.0.1]:{port} {key}", "taken"),
    "name and port": ("[box]:{port} {key}", "taken"),
    "name alone": ("box {key}", "taken"),
    "address alone": ("127.0.0.1 {key}", "taken"),
    "pattern": ("[127.0.0.*]:{port} {key}", "taken"),
    "old and new key": ("box {other}\nbox {key}", "taken"),
    "another host's": ("web-02 {key}", "is unknown, nothing for [box]:{port} or [127.0.0.1]:{port} in"),
    "another port's": ("[127.0.0.1]:1 {key}", "is unknown"),
    "excluded": ("*,!box,!127.0.0.1,!* {key}", "is unknown"),
    "empty file": ("", "is unknown"),
    "changed": ("box {other}", "host key CHANGED: offered ssh-ed25519"),
    "revoked": ("box {key}\n@revoked * {key}", "is @revoked in"),
    "revoked for its name only": ("[127.0.0.1]:{port} {key}\n@revoked box {key}", "is @revoked in"),
    "another one revoked": ("box {key}\n@revoked * {other}", "taken"),
    "an authority's key as host key": ("@cert-authority * {key}", "has only an authority"),
}


@pytest.mark.sshd
@pytest.mark.parametrize(("known", "said"), PLAIN.values(), ids=PLAIN.keys())
async def test_a_plain_key_is_taken_only_when_it_is_known(
    shared_sshd: Sshd, identity: Identity, tmp_path: Path, known: str, said: str
) -> None:
    values = {"key": shared_sshd.host_public, "port": shared_sshd.port, "other": public(OTHER)}

    found = await outcome(shared_sshd, identity, tmp_path, known.format(**values) + "\n")

    assert said.format(**values) in found
    if found != "taken":
        assert shared_sshd.fingerprint in found
        assert str(tmp_path / "known_hosts") in found


@pytest.mark.sshd
async def test_an_unknown_key_comes_with_the_line_that_makes_it_known(
    shared_sshd: Sshd, identity: Identity, tmp_path: Path
) -> None:
    shell = SshShell(fleet(identity, tmp_path, shared_sshd, known=""), options=OPTIONS)

    with pytest.raises(HostKeyUnknown, match="`runbook-bot doctor box` prints the line") as refused:
        await read(shell, shared_sshd.host, ONE)

    await shell.aclose()
    assert (
        refused.value.line
        == f"[box]:{shared_sshd.port},[127.0.0.1]:{shared_sshd.port} {shared_sshd.host_public}"
    )
    assert await outcome(shared_sshd, identity, tmp_path, refused.value.line + "\n") == "taken"


@pytest.mark.sshd
async def test_a_changed_key_is_no_unknown_one(shared_sshd: Sshd, identity: Identity, tmp_path: Path) -> None:
    known = f"box {public(OTHER)}\n"
    shell = SshShell(fleet(identity, tmp_path, shared_sshd, known=known), options=OPTIONS)

    with pytest.raises(HostKeyRejected, match="host key CHANGED") as refused:
        await read(shell, shared_sshd.host, ONE)

    await shell.aclose()
    assert not isinstance(refused.value, HostKeyUnknown)


@pytest.mark.sshd
async def test_hashed_entries_are_read(shared_sshd: Sshd, identity: Identity, tmp_path: Path) -> None:
    hashed = _hashed(tmp_path / "hashed", shared_sshd.known_line)
    assert hashed.startswith("|1|")

    assert await outcome(shared_sshd, identity, tmp_path, hashed) == "taken"


def certificate(key: asyncssh.SSHKey, **kwargs: object) -> bytes:
    values: dict[str, object] = {"principals": ["box"]} | kwargs
    made = CA.generate_host_certificate(key, "host", **values)  # type: ignore[arg-type]
    return made.export_certificate()


#: Certificate's fields, known_hosts -> what is said.
CERTIFIED = {
    "right": ({}, "@cert-authority * {ca}", "taken"),
    "for another host": ({"principals": ["web-02"]}, "@cert-authority * {ca}", "it is for web-02"),
    "for nobody": ({"principals": []}, "@cert-authority * {ca}", "it has no principals"),
    "expired": ({"valid_after": 1, "valid_before": 2}, "@cert-authority * {ca}", "expired"),
    "of an unknown authority": ({}, "@cert-authority * {other}", "has only an authority"),
    "of a revoked authority": ({}, "@cert-authority * {ca}\n@revoked * {ca}", "@revoked"),
    "for a revoked key": ({}, "@cert-authority * {ca}\n@revoked * {key}", "@revoked"),
    "of an authority for other hosts": ({}, "@cert-authority web-* {ca}", "is unknown"),
}


@pytest.mark.sshd
@pytest.mark.parametrize(("fields", "known", "said"), CERTIFIED.values(), ids=CERTIFIED.keys())
async def test_a_host_certificate_is_taken_only_when_all_of_it_is_right(
    start_sshd: Callable[..., Sshd],
    identity: Identity,
    tmp_path: Path,
    fields: dict[str, object],
    known: str,
    said: str,
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = start_sshd(host_key=key, certificate=certificate(key, **fields))
    lines = known.format(ca=public(CA), key=public(key), other=public(OTHER))

    assert said in await outcome(server, identity, tmp_path, lines + "\n")


def test_files_that_cannot_be_used_are_named(identity: Identity, tmp_path: Path) -> None:
    server = Sshd.__new__(Sshd)
    server.host_public, server.port, server.name = public(OTHER), 22, "box"
    server.bastion = None
    good = fleet(identity, tmp_path, server)
    broken = tmp_path / "broken"

    broken.write_text("only-one-word\n")
    with pytest.raises(FileError, match=r"broken: known hosts: .*ssh-keyscan"):
        SshShell(_with(good, known_hosts=str(broken)))
    with pytest.raises(FileError, match=r"identity: .*unencrypted private key"):
        SshShell(_with(good, identity=str(_private(tmp_path, "no key"))))
    identity_seen = tmp_path / "seen"
    identity_seen.write_bytes(identity.path.read_bytes())
    identity_seen.chmod(0o644)
    with pytest.raises(FileError, match=r"others may read it \(mode 644\); chmod 600"):
        SshShell(_with(good, identity=str(identity_seen)))


def _hashed(path: Path, line: str) -> str:
    path.write_text(line + "\n")
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", path], check=True, capture_output=True)
    return path.read_text()


def _private(folder: Path, text: str) -> Path:
    path = folder / "private"
    path.write_text(text)
    path.chmod(0o600)
    return path


def _with(good: Fleet, **files: str) -> Fleet:
    return replace(good, ssh=replace(good.ssh, **files))


def test_a_public_key_is_named_as_such_whatever_its_mode(tmp_path: Path) -> None:
    public = tmp_path / "id_runbook.pub"
    public.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_public_key())
    public.chmod(0o644)

    with pytest.raises(FileError, match="this is a public key; name the private one"):
        load_identity(str(public))
