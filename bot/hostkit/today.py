"""Today's kit of a host, with the public halves of the fleet's keys."""

from bot.hostkit.kit import ROOT, Kit, PublicKeys, kit_of
from bot.model.host import Fleet, Host, Mode
from bot.model.runbook import Catalog
from bot.ssh.identity import public_line


def todays_kit(host: Host, fleet: Fleet, catalog: Catalog, *, root: str = ROOT) -> Kit:
    """What `host-kit` writes now. Raises FileError for keys that cannot be read, and as `kit_of` does."""
    act = fleet.ssh.act_identity if host.mode is Mode.GUARDED else None
    keys = PublicKeys(read=public_line(fleet.ssh.identity), act=public_line(act) if act else None)
    return kit_of(host, fleet, catalog, keys, root=root)
