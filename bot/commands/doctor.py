"""`doctor`: what is missing, with the mend."""

from collections.abc import Sequence

from bot import app as root
from bot import doctor
from bot.commands.say import say
from bot.doctor import Finding, Health
from bot.errors import LedgerUnavailable
from bot.settings import Settings
from bot.store.opening import is_there, shown

_FAILOVER = "see docs/howto/postgresql.md, when the primary is lost"


async def examine(settings: Settings, hosts: Sequence[str]) -> int:
    """0 when nothing has to be mended."""
    async with root.reading(settings) as (rules, shell):
        findings = [await examine_ledger(settings), *await doctor.examine(rules, shell, settings, hosts)]
    for finding in findings:
        say(finding.line())
    return 1 if any(not finding.is_well for finding in findings) else 0


async def examine_ledger(settings: Settings) -> Finding:
    """Where the ledger is, and whether it can be used; none is made for it."""
    where, _ = settings.ledger_path
    try:
        says = shown(where)
        if not is_there(where):
            return Finding(
                about="ledger", health=Health.OK, says=f"none yet at {says}; the first check makes it"
            )
        async with root.opened_ledger(settings) as ledger:
            risk = await ledger.failover_risk()
        if risk is not None:
            return Finding(about="ledger", health=Health.LESS, says=f"{says}: {risk}", mend=_FAILOVER)
        return Finding(about="ledger", health=Health.OK, says=says)
    except LedgerUnavailable as error:
        mend = "name it with --ledger or RUNBOOK_BOT_LEDGER; see docs/howto/ledger.md"
        return Finding(about="ledger", health=Health.MISSING, says=str(error), mend=mend)
