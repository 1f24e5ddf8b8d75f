"""One hardened connection to a host: the only place that calls asyncssh.connect."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

import asyncssh

from bot.errors import HostKeyRejected
from bot.model.host import Host
from bot.ssh.edge import Stage, host_error, too_late
from bot.ssh.host_keys import KnownHosts, Trusted, flaw_of
from bot.ssh.identity import load_identity
from bot.ssh.options import SshOptions

#: Without group exchange, SHA-1 and finite fields: none of them is needed for OpenSSH 6.5 and later.
_FAST = ("curve25519-sha256", "curve25519-sha256@libssh.org")
_HYBRID = ("mlkem768x25519-sha256", "sntrup761x25519-sha512", "sntrup761x25519-sha512@openssh.com")
#: AES-GCM first: a third of the CPU of chacha20 in this library, and no victim of Terrapin. No CBC, no RC4.
_CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes256-ctr",
    "aes128-ctr",
)
_NIST = ("ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521")


@dataclass(frozen=True, kw_only=True)
class Link:
    """An open, authenticated connection whose host key was checked."""

    host: Host
    connection: asyncssh.SSHClientConnection
    #: As `ssh-keygen -l` prints it.
    fingerprint: str

    def is_open(self) -> bool:
        """False once either side has hung up."""
        return not self.connection.is_closed()


class Connector:
    """Opens links with one identity, loaded once."""

    def __init__(self, known: KnownHosts, identity: str, options: SshOptions) -> None:
        """Raises FileError when the identity cannot be read."""
        # At INFO the library logs several lines a connection, with what the far end says in them.
        asyncssh.set_log_level(logging.WARNING)
        self.options = options
        self.known = known
        self._key = load_identity(identity)
        self._kex = _kex(options)

    async def open(
        self,
        host: Host,
        *,
        until: float,
        through: Link | None = None,
        key: asyncssh.SSHKeyPair | None = None,
    ) -> Link:
        """A new connection, through a bastion's link when one is given. Raises HostError.

        `key`: what to log in with instead of the identity.
        `until`: the loop's time at which the asker gives up; stages end earlier by their own limits.
        """
        attempt = _Attempt(host, self.known, self.options, until)
        try:
            async with asyncio.timeout(attempt.allowed_s) as attempt.limit:
                connection = await self._connect(attempt, through, key or self._key)
        except TimeoutError as error:
            attempt.abort()
            raise too_late(host, stage=attempt.stage, after_s=attempt.allowed_s) from error
        except (OSError, asyncssh.Error, ValueError) as error:
            attempt.abort()
            raise attempt.refusal or host_error(error, host, stage=attempt.stage) from error
        except BaseException:
            attempt.abort()
            raise
        host_key = connection.get_server_host_key()
        if host_key is None:
            connection.abort()
            raise HostKeyRejected(f"{host.name}: the host gave no host key")
        return Link(host=host, connection=connection, fingerprint=host_key.get_fingerprint())

    async def _connect(
        self, attempt: "_Attempt", through: Link | None, key: asyncssh.SSHKeyPair
    ) -> asyncssh.SSHClientConnection:
        host = attempt.host
        return await asyncssh.connect(
            host.address,
            host.port,
            tunnel=through.connection if through else None,
            username=host.user,
            client_factory=attempt.client,
            known_hosts=attempt.trusted,
            host_key_alias=host.name,
            server_host_key_algs=self.known.algorithms(host),
            client_keys=[key],
            config=None,
            agent_path=None,
            agent_forwarding=False,
            x11_forwarding=False,
            x509_trusted_certs=None,
            compression_algs=None,
            gss_kex=False,
            gss_auth=False,
            gss_host=None,
            kex_algs=self._kex,
            encryption_algs=_CIPHERS,
            preferred_auth="publickey",
            public_key_auth=True,
            password_auth=False,
            kbdint_auth=False,
            host_based_auth=False,
            connect_timeout=None,
            login_timeout=self.options.connect_s + self.options.login_s,
            keepalive_interval=self.options.keepalive_s,
            keepalive_count_max=3,
        )


class _Attempt:
    """Follows one connection attempt through its stages, each with its own time."""

    def __init__(self, host: Host, known: KnownHosts, options: SshOptions, until: float) -> None:
        self.host, self._known, self._options, self._until = host, known, options, until
        self.limit: asyncio.Timeout | None = None
        #: Seconds the stage it is in may take.
        self.allowed_s = self._left(options.connect_s)
        #: Why the host key was refused.
        self.refusal: HostKeyRejected | None = None
        self._reached = Stage.TCP
        self._connection: asyncssh.SSHClientConnection | None = None
        self._peer = ""

    @property
    def stage(self) -> Stage:
        """How far it got."""
        if self._reached is not Stage.BANNER or self._connection is None:
            return self._reached
        has_banner = self._connection.get_extra_info("server_version")
        return Stage.KEYS if has_banner else Stage.BANNER

    def client(self) -> asyncssh.SSHClient:
        """What asyncssh reports to."""
        return _Client(self)

    def abort(self) -> None:
        """Drop the connection at once, as far as there is one."""
        if self._connection is not None:
            self._connection.abort()

    def trusted(self, _host: str, peer: str, _port: int | None) -> Trusted:
        """Asyncssh's lookup of known keys."""
        self._peer = peer
        return self._known.trusted(self.host, peer)

    def connected(self, connection: asyncssh.SSHClientConnection) -> None:
        """TCP stands; nothing was said yet."""
        self._connection = connection
        self._allow(Stage.BANNER, self._options.connect_s)
        check = connection.validate_server_host_key
        # The documented hooks do not show the certificate, and its principals must be looked at.
        connection.validate_server_host_key = self._checked(check)  # type: ignore[method-assign, assignment]

    def _checked(self, check: Callable[[bytes], asyncssh.SSHKey]) -> Callable[[bytes], asyncssh.SSHKey]:
        def validate(offered: bytes) -> asyncssh.SSHKey:
            self._reached = Stage.KEYS
            try:
                key = check(offered)
                _refuse_flaw(offered, self.host.name)
            except asyncssh.HostKeyNotVerifiable:
                self.refusal = self._known.refusal(self.host, self._peer, offered)
                raise
            self._allow(Stage.LOGIN, self._options.login_s)
            return key

        return validate

    def _allow(self, stage: Stage, seconds: float) -> None:
        self._reached, self.allowed_s = stage, self._left(seconds)
        if self.limit is not None and not self.limit.expired():
            self.limit.reschedule(asyncio.get_running_loop().time() + self.allowed_s)

    def _left(self, seconds: float) -> float:
        return round(max(0.0, min(seconds, self._until - asyncio.get_running_loop().time())), 3)


class _Client(asyncssh.SSHClient):
    def __init__(self, attempt: _Attempt) -> None:
        self._attempt = attempt

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self._attempt.connected(conn)


def _refuse_flaw(offered: bytes, name: str) -> None:
    if flaw := flaw_of(offered, name):
        raise asyncssh.HostKeyNotVerifiable(flaw)


def _kex(options: SshOptions) -> tuple[str, ...]:
    order = (*_FAST, *_NIST, *_HYBRID) if options.prefer_curve25519 else (*_HYBRID, *_FAST, *_NIST)
    known = {name.decode() for name in asyncssh.kex.get_kex_algs()}
    return tuple(name for name in order if name in known)
