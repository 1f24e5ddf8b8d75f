"""`ledger migrate`: what the owner of a ledger does."""

from bot.commands.say import say
from bot.settings import Settings
from bot.store import migrate_ledger


def migrate(settings: Settings, *, app_role: str | None) -> int:
    """Make the ledger or bring it up to date. Raises LedgerUnavailable."""
    where, may_make_folder = settings.ledger_path
    version = migrate_ledger(where, app_role=app_role, create_parents=may_make_folder)
    say(f"the ledger is at version {version}" + (f"; role {app_role} may use it" if app_role else ""))
    return 0
