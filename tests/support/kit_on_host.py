"""A kit on a real host: made from the given fleet, installed by its own installer, and taken back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot import app, yamlfile
from bot.hostkit import packed, todays_kit
from bot.model.host import Host
from bot.settings import load
from bot.work import Rules
from tests.support.lab import Lab, write_fleet
from tests.support.sshd import make_identity


@dataclass(frozen=True, kw_only=True)
class OnHost:
    """The fleet of one guarded host, and what its installer said."""

    fleet: Path
    rules: Rules
    host: Host
    said: str


def guarded_fleet(folder: Path, name: str) -> Path:
    """The given fleet with this host alone, guarded, under two keys of its own."""
    path = write_fleet(folder)
    fleet: Any = yamlfile.read(path)
    fleet["hosts"] = {name: {**fleet["hosts"][name], "mode": "guarded"}}
    for key in ("identity", "act_identity"):
        (folder / key).mkdir(exist_ok=True)
        fleet["ssh"][key] = str(make_identity(folder / key).path)
    path.write_text(yaml.safe_dump(fleet))
    return path


@asynccontextmanager
async def installed(folder: Path, lab: Lab, name: str) -> AsyncIterator[OnHost]:
    """Until the block ends, the host lets in this kit's keys and nothing else."""
    fleet = guarded_fleet(folder, name)
    rules = app.load_rules(load(fleet=fleet))
    host = rules.fleet.hosts[name]
    kit = packed(todays_kit(host, rules.fleet, rules.catalog))
    unpacked = f"rm -f /etc/sudoers.d/{host.user}; mkdir -p /root/kit; cd /root/kit; tar x"
    try:
        said = await lab.shell(name, f"{unpacked}; sh host-kit-{name}/install.sh --sshd", stdin=kit)
        yield OnHost(fleet=fleet, rules=rules, host=host, said=said)
    finally:
        await lab.shell(name, f"cd /root/kit && sh host-kit-{name}/install.sh --remove; rm -rf /root/kit")
        await lab.heal(name)
