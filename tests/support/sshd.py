"""A real OpenSSH server on loopback, with keys of its own, as whoever runs the tests."""

import os
import pwd
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from bot.model.host import Fleet, Host, SshFiles
from tests.support import programs
from tests.support.ports import free_port

USER = pwd.getpwuid(os.getuid()).pw_name
#: Seconds until one must listen, and how often another port is tried.
_START_S, _TRIES = 60, 5

_CONFIG = """
ListenAddress 127.0.0.1:{port}
HostKey {host_key}
{certificate}
AuthorizedKeysFile {folder}/authorized
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AllowTcpForwarding {forwarding}
LogLevel VERBOSE
MaxStartups 100
UseDNS no
PrintMotd no
Subsystem sftp internal-sftp
SetEnv XDG_STATE_HOME={folder}/state {environment}
{extra}
"""


@dataclass(kw_only=True)
class Sshd:
    """A running server. `stop` ends it and all its sessions."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    host_public: str
    name: str = "box"
    bastion: str | None = None
    hosts: dict[str, Host] = field(default_factory=dict)

    @property
    def host(self) -> Host:
        return Host(name=self.name, address="127.0.0.1", port=self.port, user=USER, bastion=self.bastion)

    @property
    def fingerprint(self) -> str:
        return asyncssh.import_public_key(self.host_public).get_fingerprint()

    @property
    def known_line(self) -> str:
        return f"[127.0.0.1]:{self.port} {self.host_public}"

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def logins(self) -> int:
        return self.log().count("Accepted publickey")

    def execs(self) -> int:
        return self.log().count("Starting session: command")

    def cut_sessions(self) -> None:
        """Kill what serves the open connections, as a crash would."""
        for pid in _descendants(self.process.pid):
            if "sshd" in _name(pid):
                with suppress(ProcessLookupError):  # a session ends by itself too, at any moment
                    os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        if self.process.poll() is not None:
            return
        try:
            self.cut_sessions()
        finally:
            # Its own end would have to wait for its turn; it keeps nothing that needs an end.
            self.process.kill()
            self.process.wait()


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The bot's key pair of this session."""

    path: Path
    public: str


def make_identity(folder: Path) -> Identity:
    key = asyncssh.generate_private_key("ssh-ed25519")
    path = folder / "id_bot"
    path.write_bytes(key.export_private_key())
    path.chmod(0o600)
    return Identity(path=path, public=key.export_public_key().decode().strip())


def start(
    folder: Path,
    identity: Identity,
    *,
    host_key: asyncssh.SSHKey | None = None,
    certificate: bytes | None = None,
    environment: str = "",
    forwarding: str = "local",
    extra: str = "",
) -> Sshd:
    """Start one and wait until it listens. Raises RuntimeError with its log when it does not."""
    key = host_key or asyncssh.generate_private_key("ssh-ed25519")
    folder.mkdir(parents=True, exist_ok=True)
    _write_keys(folder, key, certificate, identity)
    values = {
        "folder": folder,
        "host_key": folder / "host_key",
        "certificate": f"HostCertificate {folder}/host_cert.pub" if certificate else "",
        "environment": environment,
        "forwarding": forwarding,
        "extra": extra,
    }
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    for _ in range(_TRIES):
        port = free_port()
        (folder / "config").write_text(_CONFIG.format(port=port, **values))
        server = Sshd(folder=folder, port=port, process=_run(folder), host_public=_public(key))
        if _listens(server):
            return server
    raise RuntimeError(f"sshd did not start: {server.log()}")


def fleet(identity: Identity, folder: Path, *servers: Sshd, known: str | None = None) -> Fleet:
    """A fleet of these servers; `known` replaces the known_hosts text."""
    lines = known if known is not None else "".join(f"{server.known_line}\n" for server in servers)
    path = folder / "known_hosts"
    path.write_text(lines)
    files = SshFiles(identity=str(identity.path), known_hosts=str(path))
    return Fleet(hosts={server.name: server.host for server in servers}, ssh=files)


def _write_keys(folder: Path, key: asyncssh.SSHKey, certificate: bytes | None, identity: Identity) -> None:
    (folder / "host_key").write_bytes(key.export_private_key())
    (folder / "host_key").chmod(0o600)
    (folder / "authorized").write_text(identity.public + "\n")
    if certificate:
        (folder / "host_cert.pub").write_bytes(certificate)


def _public(key: asyncssh.SSHKey) -> str:
    return key.export_public_key().decode().strip()


def _run(folder: Path) -> "subprocess.Popen[bytes]":
    log = folder / "log"
    log.write_text("")
    return subprocess.Popen([programs.sshd() or "sshd", "-D", "-f", folder / "config", "-E", log])


def _listens(server: Sshd) -> bool:
    """Once it does; False where it ended, as when somebody took its port meanwhile. Raises RuntimeError."""
    until = time.monotonic() + _START_S
    while server.process.poll() is None:
        if "Server listening" in server.log():
            return True
        if time.monotonic() > until:
            server.stop()
            raise RuntimeError(f"sshd does not listen: {server.log()}")
        time.sleep(0.01)
    return False


def _descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []  # it ended meanwhile
    return [found for child in map(int, children) for found in (*_descendants(child), child)]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""
