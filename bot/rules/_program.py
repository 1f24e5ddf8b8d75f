"""A program that supervisord or pm2 keeps, as its log leaves it, and the words of who keeps it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.parsers.journal import JournalEntry
from bot.rules import _keeper, _life

#: A program that ended so lately and does not answer ends again and again, whatever state it is called.
_LATELY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """What to type there; `{}` is the program's name."""

    name: str
    start: str
    #: Where its last words stand, and what has it started again.
    errors: str
    restarts: str
    #: What has it started anew once it was given up on and mended.
    after_mend: str
    #: Where it does not know the program any more.
    forgotten: str = ""

    def of(self, unit: str) -> "Keeper":
        """With its commands as that unit's user has to give them."""
        who = _keeper.as_user(unit)
        start, errors, after = (f"{who}{text}" for text in (self.start, self.errors, self.after_mend))
        return replace(self, start=start, errors=errors, after_mend=after) if who else self


SUPERVISORD = Keeper(
    name="supervisord",
    start="supervisorctl start {}",
    errors="stderr_logfile= of [program:{0}]: supervisorctl tail {0} stderr",
    restarts="autorestart= of [program:{}]",
    # It starts none again that it gave up on, and reads its files only when it is told to.
    after_mend="supervisorctl update for a change of supervisord's files, and supervisorctl start {}",
)
PM2 = Keeper(
    name="pm2",
    start="pm2 start {}",
    errors="pm2 logs {} --err --lines 50",
    restarts="autorestart and stop_exit_codes of {} in its ecosystem file",
    # It keeps the environment of the first start.
    after_mend="pm2 restart {} --update-env",
    forgotten="; where pm2 status lists it no more, pm2 resurrect, or its start as it was first made",
)


@dataclass(frozen=True, kw_only=True)
class Program:
    """Its state is what was said of it last: spawned, up, exited, fatal or stopped."""

    name: str
    state: str
    entry: JournalEntry
    keeper: Keeper = SUPERVISORD
    spawned_at: datetime | None = None
    pid: int | None = None
    #: How it ended last, if it did, and whether it had lived longer than a start takes.
    ended: JournalEntry | None = None
    has_served: bool = False

    @property
    def is_away(self) -> bool:
        """Not up; `RUNNING` says only that it lived for startsecs= (one second), pm2's `online` less."""
        if self.state not in ("up", "spawned"):
            return True
        if self.ended is None or self.ended.at is None or self.entry.at is None:
            return False
        return self.entry.at - self.ended.at <= _LATELY

    def has_lived(self, end: JournalEntry, *, is_by_signal: bool) -> bool:
        """Longer than a start takes, or a signal from outside ended it."""
        if is_by_signal:
            return True
        if self.spawned_at is None or end.at is None:
            return self.spawned_at is None  # its start is too long ago to be in the log
        return (end.at - self.spawned_at).total_seconds() > _life.STARTUP_S
