"""Today's kit of a host, with the public halves of the fleet's keys."""

from bot.hostkit.keys import PublicKeys
from bot.hostkit.kit import Kit, kit_of
from bot.model.host import Fleet, Host, Mode
from bot.model.runbook import Catalog
from bot.ssh.guarded import ROOT
from bot.ssh.identity import public_line

#: Stands for a key where a kit is only checked: what it may run does not depend on its keys.
_ANY_KEY = PublicKeys(read="ssh-ed25519 AAAA", act="ssh-ed25519 AAAB")


def check_kit(host: Host, fleet: Fleet, catalog: Catalog) -> None:
    """Whether a kit can be made of the host at all, without the keys. Raises FileError as `kit_of` does."""
    kit_of(host, fleet, catalog, _ANY_KEY, root=ROOT)


def todays_kit(host: Host, fleet: Fleet, catalog: Catalog, *, root: str = ROOT) -> Kit:
    """What `host-kit` writes now. Raises FileError for keys that cannot be read, and as `kit_of` does."""
    ssh = fleet.ssh
    keys = PublicKeys(
        read=public_line(ssh.identity),
        act=public_line(ssh.act_identity) if ssh.act_identity and host.mode is Mode.GUARDED else None,
        act_ca=public_line(ssh.act_ca) if ssh.act_ca and host.mode is Mode.GUARDED else None,
    )
    return kit_of(host, fleet, catalog, keys, root=root)
