"""What the team wrote, read together: fleet file, runbooks, policy, and the keys that may sign."""

from pathlib import Path

from bot import catalog, fleet, policyfile
from bot.signatures import AllowedSigners
from bot.work import Rules


def load(fleet_file: Path, runbooks: Path, *, needs_keys: bool = True) -> Rules:
    """All of it, checked against each other; SSH keys must be there with `needs_keys`. Raises FileError."""
    hosts, section = fleet.load(fleet_file, needs_keys=needs_keys)
    books = catalog.load(runbooks)
    policy = policyfile.load(section, fleet=hosts, remedies=books.remedies, name=str(fleet_file))
    if policy.allowed_signers:
        AllowedSigners(policy.allowed_signers).check()
    return Rules(fleet=hosts, catalog=books, policy=policy)
