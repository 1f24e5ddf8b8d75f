"""`ledger …`: make it, back it up, try a backup out, forget what is too old."""

from datetime import timedelta
from pathlib import Path

from bot import app as root
from bot import audit
from bot.accounts import terminal_actor
from bot.commands.audit import Outside, told, unreadable
from bot.commands.say import say
from bot.errors import BadRequest, FileError, LedgerUnavailable
from bot.policyfile.parts import seconds
from bot.settings import Settings
from bot.store import SqliteLedger, migrate_ledger
from bot.store.backup import copy_ledger, tried_out
from bot.store.opening import check_there, is_postgres
from bot.store.sqlite_file import locate

#: Younger evidence may still be asked for by who works on the incident.
_MIN_AGE_S = 86_400.0


def migrate(settings: Settings, *, app_role: str | None) -> int:
    """Make the ledger or bring it up to date. Raises LedgerUnavailable."""
    where, may_make_folder = settings.ledger_path
    version = migrate_ledger(where, app_role=app_role, create_parents=may_make_folder)
    say(f"the ledger is at version {version}" + (f"; role {app_role} may use it" if app_role else ""))
    return 0


async def backup(settings: Settings, file: Path) -> int:
    """Copy the ledger and try the copy out; the status is that of `check`."""
    where, _ = settings.ledger_path
    if is_postgres(where):
        raise BadRequest("a ledger in PostgreSQL is backed up by pg_dump; see docs/howto/ledger.md")
    check_there(where)
    copy_ledger(locate(where), file)
    return await check(file, Outside((), (), ()))


async def check(file: Path, outside: Outside) -> int:
    """0 when a ledger could be restored from the backup; 1 tampered with, 2 incomplete, 3 unreadable."""
    public_keys = outside.public_keys()
    anchors = [audit.anchor(one) for one in outside.anchors]
    try:
        lines = outside.lines()
        with tried_out(file) as copy:
            async with await SqliteLedger.open(copy) as ledger:
                report = await audit.verify_ledger(
                    ledger, anchors=anchors, lines=lines, public_keys=public_keys
                )
    except (FileError, LedgerUnavailable) as error:
        return unreadable(error)
    return told(report)


async def forget(settings: Settings, older_than: str, reason: str, *, is_dry: bool) -> int:
    """Erase evidence texts that are too old, or say what would be erased."""
    age = timedelta(seconds=_age_s(older_than))
    why = " ".join(reason.split())[:500]
    if not why and not is_dry:
        raise BadRequest("say why, e.g. --reason 'kept for 90 days'; it stands in the ledger")
    person = "" if is_dry else terminal_actor(root.load_rules(settings).policy).person
    async with root.opened_ledger(settings) as ledger:
        before = await ledger.now() - age
        found = await ledger.retention.older(ledger.records(), before)
        for old in found:
            if not is_dry:
                await ledger.retention.forget(old, before=before, person=person, reason=why)
            say(f"{old.incident}: {len(old.digests)} texts, {old.size_bytes} bytes")
    texts, size = sum(len(old.digests) for old in found), sum(old.size_bytes for old in found)
    done = "would be erased" if is_dry else "erased"
    say(f"{done}: {texts} texts, {size} bytes, of before {before:%Y-%m-%d %H:%MZ}; the chain stays whole")
    return 0


def _age_s(told_age: str) -> float:
    try:
        age = seconds(told_age)
    except ValueError as error:
        raise BadRequest(f"--older-than {told_age!r}: {error}") from error
    if not isinstance(age, float) or age < _MIN_AGE_S:
        raise BadRequest(
            f"--older-than {told_age!r}: give at least 1d; younger evidence is still worked with"
        )
    return age
