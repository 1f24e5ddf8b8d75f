"""How hard and how long the bot tries; every default is meant for production."""

from dataclasses import dataclass

from bot.ssh.guarded import ROOT


@dataclass(frozen=True, kw_only=True)
class SshOptions:
    """Limits of all SSH connections of one process."""

    #: Seconds for TCP; then again for the far end's first SSH words.
    connect_s: float = 5.0
    #: Seconds for authentication once the host key is checked.
    login_s: float = 10.0
    #: Seconds between keepalives; three lost ones end a connection.
    keepalive_s: float = 5.0
    #: Connections to hosts at once; bastions come on top, one each.
    max_connections: int = 20
    #: Seconds an unused connection is kept for the next question.
    idle_s: float = 300.0
    #: curve25519 before post-quantum hybrids: 10-50 ms of CPU less a connection. Right where the
    #: hosts are on a private network; False where traffic that is recorded today must stay secret.
    prefer_curve25519: bool = True
    #: Bytes taken from one host in one read before it counts as flooding.
    max_read_bytes: int = 20_000_000
    #: Bytes of all hosts' answers held at once; above it the read that holds most is cut off.
    max_held_bytes: int = 64_000_000
    #: False: never start python3 on a host, only POSIX sh.
    may_use_python: bool = True
    #: Folder of the kit on guarded hosts.
    guard_root: str = ROOT
