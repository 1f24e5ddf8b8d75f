"""A migration of schema or data aborts the start."""

import re

from bot.model.evidence import HostClock
from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _last_words, _life, _outage, _quote, _told

_MIGRATES = re.compile(
    r"migrat(?:e|es|ed|ing|ion|ions|or)\b|\balembic\b|flyway|liquibase|schema version", re.IGNORECASE
)
_FAILS = re.compile(r"fail|error|abort|could not|cannot|conflict|checksum|inconsistent", re.IGNORECASE)


def migration_failure(unit: UnitState, clock: HostClock, app_journal: Journal) -> Finding | None:
    """A migration of the schema or the data fails, so the app does not come up, or comes up half.

    Why: the migration tool or the store itself says so.
    Ruled out when: nothing of the kind is said, or the migrations go on.
    Mistaken when: the database is only away (app_crash_startup), or the migration still runs (not_ready_yet).
    Mended by: correcting what the migration stumbles over, from a backup where data changed; the upgrade
    steps in order, none left out; the release before, where its schema still fits.
    Not mended by: a restart, which runs into the same step; changes at the proxy.
    Source: the tools' error references: Flyway, Liquibase, Alembic, Django, Rails, Prisma P30xx; postgres
    miscinit.c "database files are incompatible with server".
    """
    if not _life.is_crashing(unit, clock):
        return None
    life, words = _life.life_of_exit(app_journal), _last_words.words_of_exit(app_journal)
    said = [entry for entry in life if not entry.is_from_systemd and _MIGRATES.search(entry.message)]
    if not said or words is None:
        return None
    telling = next((entry for entry in reversed(said) if _FAILS.search(entry.message)), None)
    exit_ = _life.last_exit(app_journal)
    last = telling or said[-1]
    # What ends it was said after it had begun to migrate, and by the same process.
    is_settled = telling is not None or (words in life[life.index(last) :] and words.pid == last.pid)
    return Finding(
        cause="migration_failure",
        certainty=Certainty.CONFIRMED if is_settled else Certainty.LIKELY,
        says=f"{unit.name} does not start: a migration fails: {words.message.strip()}",
        because=(
            _quote.logged(last),
            *((_quote.logged(words),) if words is not last else ()),
            *((_quote.logged(exit_),) if exit_ else ()),
            _quote.state(unit, "ActiveState", "Result", "NRestarts"),
        ),
        restart=_SAME_STEP,
        next_check=None if is_settled else _CHECK,
        weight=88,
    )


def told(signs: Signs) -> Finding | None:
    """The tool or the store says so, or the schema is older than the code."""
    failed = signs.first("migration_failed")
    seen = _outage.away(signs) or next(iter(_outage.ends(signs)), None)
    if failed is not None:
        if seen is not None and not signs.has("disk_full", "out_of_memory"):
            return _told.confirmed("migration_failure", 94, _SAYS, _SAME_STEP, failed, seen)
        return _told.likely("migration_failure", 86, _SAYS, _SAME_STEP, failed, next_check=_CHECK)
    pending = signs.first("migration_pending")
    missing = signs.first("schema_missing")
    if pending is not None and (seen is not None or missing is not None):
        says = "the schema is older than the code: migrations were not run"
        return _told.likely("migration_failure", 78, says, _SAME_STEP, pending, missing, next_check=_CHECK)
    if pending is not None:
        says = "the schema may be older than the code: migrations are said to be due"
        return _told.likely("migration_failure", 64, says, _SAME_STEP, pending, next_check=_CHECK)
    if missing is None:
        return None
    says = "a table or column that the code expects is not there"
    return _told.likely("migration_failure", 67, says, _SAME_STEP, missing, next_check=_CHECK)


_SAYS = "a migration of schema or data fails, so the app does not come up"
_SAME_STEP = _quote.useless("app", "it stops at the same step again")
_CHECK = "the migration tool's own list: which step is the last that was applied?"
