"""Which host keys the fleet trusts, and what to say about one that it does not."""

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import asyncssh
from asyncssh.public_key import (
    SSHOpenSSHCertificate,
    decode_ssh_certificate,
    decode_ssh_public_key,
    get_default_certificate_algs,
    get_default_public_key_algs,
)

from bot.errors import FileError, HostKeyRejected, HostKeyUnknown
from bot.model.host import Host

#: Trusted keys, trusted authorities, revoked keys: what asyncssh asks of a lookup.
Trusted = tuple[Sequence[asyncssh.SSHKey], Sequence[asyncssh.SSHKey], Sequence[asyncssh.SSHKey]]


class KnownHosts:
    """The fleet's known_hosts file, parsed once: plain, hashed, @cert-authority and @revoked lines."""

    def __init__(self, path: str) -> None:
        """Raises FileError when the file cannot be read or a line of it is broken."""
        self.path = path
        try:
            self._entries = asyncssh.import_known_hosts(Path(path).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise FileError(f"{path}: known hosts: {error}; make it with ssh-keyscan and check it") from error

    def trusted(self, host: Host, peer: str) -> Trusted:
        """Keys for the host's name, its address, and the address it was reached at, with its port.

        A key that is revoked under any of them is revoked.
        """
        port = None if host.port == 22 else host.port
        asked = {(host.name, ""), (host.address, ""), *([("", peer)] if _is_address(peer) else [])}
        found = [self._entries.match(name, address, port) for name, address in sorted(asked)]
        plain = [self._entries.match(name, address, None) for name, address in sorted(asked)]
        keys = [key for match in found for key in match[0]]
        authorities = [key for match in found for key in match[1]]
        return keys, authorities, [key for match in (*found, *plain) for key in match[2]]

    def algorithms(self, host: Host) -> list[str]:
        """Host key algorithms to ask for: those we know of first, then all, so that a changed key shows."""
        keys, authorities, _ = self.trusted(host, "")
        known = [name for key in keys for name in key.sig_algorithms]
        certified = get_default_certificate_algs()
        order = [*(certified if authorities else ()), *known, *get_default_public_key_algs()]
        return [name.decode("ascii") for name in dict.fromkeys(order)]

    def refusal(self, host: Host, peer: str, offered: bytes) -> HostKeyRejected:
        """Why the offered key or certificate was refused, and how to mend it."""
        key, certificate = _decoded(offered)
        if key is None:
            return HostKeyRejected(f"{host.name}: the host offered a key that cannot be read")
        keys, authorities, revoked = self.trusted(host, peer)
        shown = f"{key.get_algorithm()} {key.get_fingerprint()}"
        if key in revoked or (certificate is not None and certificate.signing_key in revoked):
            return HostKeyRejected(
                f"{host.name}: host key {shown} is @revoked in {self.path}; do not connect, find out why"
            )
        if certificate is not None and certificate.signing_key in authorities:
            return HostKeyRejected(
                f"{host.name}: host certificate for {shown} is not valid for this host: {_flaw(certificate)}"
            )
        check = (
            f"check it on the host (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub), then put it into {self.path}"
        )
        if keys or authorities:
            return HostKeyRejected(
                f"{host.name}: host key CHANGED: offered {shown}, {self.path} has {_known(keys)}; {check}"
            )
        names = _names(host)
        return HostKeyUnknown(
            f"{host.name}: host key {shown} is unknown, nothing for {' or '.join(names)} in {self.path}; "
            f"{check} (`runbook-bot doctor {host.name}` prints the line)",
            line=f"{','.join(names)} {_public(key)}",
        )


def flaw_of(offered: bytes, name: str) -> str | None:
    """Why a host certificate must not be taken although its authority is trusted; None when it may.

    asyncssh takes a certificate without principals for every host; OpenSSH does not, nor do we.
    """
    _, certificate = _decoded(offered)
    if certificate is None or name in certificate.principals:
        return None
    return (
        "Certificate without principals" if not certificate.principals else "Certificate principal mismatch"
    )


def _decoded(offered: bytes) -> tuple[asyncssh.SSHKey | None, SSHOpenSSHCertificate | None]:
    try:
        certificate = decode_ssh_certificate(offered)
    except asyncssh.KeyImportError:
        pass
    else:
        return certificate.key, certificate if isinstance(certificate, SSHOpenSSHCertificate) else None
    try:
        return decode_ssh_public_key(offered), None
    except asyncssh.KeyImportError:
        return None, None


def _flaw(certificate: SSHOpenSSHCertificate) -> str:
    names = ", ".join(certificate.principals) or "nobody: it has no principals"
    return f"it is for {names}; or it is not a host certificate, expired or not yet valid"


def _is_address(peer: str) -> bool:
    try:
        ip_address(peer)
    except ValueError:
        return False  # behind a bastion the peer is a name, or nothing
    return True


def _known(keys: Sequence[asyncssh.SSHKey]) -> str:
    shown = [f"{key.get_algorithm()} {key.get_fingerprint()}" for key in keys]
    return ", ".join(sorted(set(shown))) or "only an authority (@cert-authority) for it"


def _names(host: Host) -> list[str]:
    """The host's name and address as known_hosts has them."""
    names = dict.fromkeys((host.name, host.address))
    return list(names) if host.port == 22 else [f"[{name}]:{host.port}" for name in names]


def _public(key: asyncssh.SSHKey) -> str:
    return " ".join(key.export_public_key().decode("ascii").split()[:2])
