"""Lines for the account's authorized_keys, and the part of sshd's configuration that goes with them. Pure."""

from collections.abc import Iterable

from bot.model.host import Host, Mode


def authorized_keys(host: Host, *, read: str, act: str | None, sources: Iterable[str], root: str,
                    behind: Iterable[Host] = ()) -> str:  # fmt: skip
    """The bot's lines: one key in plain mode; in guarded mode a reading and an acting one.

    `read`, `act`: type and key; `root`: the guard's folder; `behind`: hosts reached through this one.
    """
    narrow = ["restrict", *_from(sources)]
    if host.mode is Mode.PLAIN or act is None:
        return _line([*narrow, *_through(behind)], read, "runbook-bot")
    reading = [*narrow, *_through(behind), f'command="{root}/guard read"']
    acting = [*narrow, f'command="{root}/guard act"']
    return _line(reading, read, "runbook-bot-read") + _line(acting, act, "runbook-bot-act")


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
