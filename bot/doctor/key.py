"""Whether a plain host's key may do more than run commands, tried with the bot's own key."""

from bot.doctor.finding import Finding, Health
from bot.doctor.ways import not_shut
from bot.errors import HostError
from bot.model.host import Host
from bot.ssh import SshShell
from bot.ssh.trespass import Trespass


async def key(host: Host, shell: SshShell) -> list[Finding]:
    """What the key lets in beside commands. Empty when the host cannot be reached."""
    about = f"{host.name} key"
    try:
        async with shell.link(host) as link:
            tried = await Trespass(link=link).tried_beside_commands()
    except HostError:
        return []  # said already, by who asked it before
    mend = f"put `restrict` before it; `runbook-bot host-kit {host.name}` writes the line"
    found = list(not_shut(about, tried, health=Health.WIDER, mend=mend))
    return found or [Finding(about=about, health=Health.OK, says="runs commands, and may do nothing beside")]
