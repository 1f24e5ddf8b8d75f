"""Lines for the account's authorized_keys, and the part of sshd's configuration that goes with them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.model.host import Host, Mode
from bot.ssh.warrant import principal


@dataclass(frozen=True, kw_only=True)
class PublicKeys:
    """The bot's keys as authorized_keys has them: type and key."""

    read: str
    #: None in plain mode, or where certificates are issued for orders.
    act: str | None = None
    #: Of the authority that issues them; None without.
    act_ca: str | None = None


def authorized_keys(
    host: Host, keys: PublicKeys, *, sources: Iterable[str], root: str, behind: Iterable[Host] = ()
) -> str:
    """The bot's lines: one key in plain mode; in guarded mode one to read, and what lets in to act.

    `root`: the guard's folder; `behind`: hosts that are reached through this one.
    """
    narrow = ["restrict", *_from(sources)]
    if host.mode is Mode.PLAIN:
        return _line([*narrow, *_through(behind)], keys.read, "runbook-bot")
    lines = _line([*narrow, *_through(behind), f'command="{root}/guard read"'], keys.read, "runbook-bot-read")
    if keys.act is not None:
        lines += _line([*narrow, f'command="{root}/guard act"'], keys.act, "runbook-bot-act")
    if keys.act_ca is not None:
        # No command here: with another one than the certificate's, sshd would let it in with neither.
        options = ["cert-authority", f'principals="{principal(host)}"', *narrow]
        lines += _line(options, keys.act_ca, "runbook-bot-act-ca")
    return lines


def sshd_config(host: Host, *, keys_file: str, behind: Iterable[Host] = ()) -> str:
    """For /etc/ssh/sshd_config.d: keys that the account cannot change, and sessions of commands only."""
    addresses = [_address(one) for one in behind]
    forwarding = ["AllowTcpForwarding local", f"PermitOpen {' '.join(addresses)}"] if addresses else []
    settings = [
        # A ForceCommand here would win over the keys' own commands, and could not tell the two keys apart.
        f"AuthorizedKeysFile {keys_file}",
        "AuthenticationMethods publickey",
        *(forwarding or ["DisableForwarding yes"]),
        "AllowAgentForwarding no",
        "X11Forwarding no",
        "PermitTunnel no",
        "PermitTTY no",
        "PermitUserRC no",
    ]
    return "".join([f"Match User {host.user}\n", *(f"    {line}\n" for line in settings), "Match all\n"])


def _line(options: Iterable[str], key: str, comment: str) -> str:
    return f"{','.join(options)} {key} {comment}\n"


def _from(sources: Iterable[str]) -> list[str]:
    joined = ",".join(sources)
    return [f'from="{joined}"'] if joined else []


def _through(behind: Iterable[Host]) -> list[str]:
    """What a bastion needs: connections to the hosts behind it, and nothing that listens on it."""
    opens = [f'permitopen="{_address(host)}"' for host in behind]
    return ["port-forwarding", *opens, 'permitlisten="localhost:1"'] if opens else []


def _address(host: Host) -> str:
    return f"[{host.address}]:{host.port}" if ":" in host.address else f"{host.address}:{host.port}"
