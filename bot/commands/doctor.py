"""`doctor`: what is missing, with the mend."""

from collections.abc import Sequence

from bot import app as root
from bot import doctor
from bot.commands.say import say
from bot.settings import Settings


async def examine(settings: Settings, hosts: Sequence[str]) -> int:
    """0 when nothing has to be mended."""
    async with root.wired(settings) as app:
        findings = await doctor.examine(app.rules, app.shell, settings, hosts)
    for finding in findings:
        say(finding.line())
    return 1 if any(not finding.is_well for finding in findings) else 0
