"""A PostgreSQL primary and a standby of it that is promoted when the primary is lost."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.postgres import ADMIN, PostgresServer, running, unstarted

_STANDBY = "standby"
_IN_SYNC = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
_CONNECTED = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"


class PostgresPair:
    """Make it with `paired`. Which of the two is the primary changes; their ports do not."""

    def __init__(self, primary: PostgresServer, standby: PostgresServer, *, is_synchronous: bool) -> None:
        self.primary, self.standby = primary, standby
        self._is_synchronous = is_synchronous

    def url(self, role: str, database: str) -> str:
        """Names both, so that whoever has it finds the primary."""
        ports = sorted((self.primary.port, self.standby.port))
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        return f"postgresql://{role}@{hosts}/{database}"

    def join(self) -> None:
        """Start the standby as a copy of the primary; returns once commits wait for it, if they are to."""
        self.standby.copy(self.primary, _STANDBY)
        self.standby.start()
        if self._is_synchronous:
            self._set("synchronous_standby_names", _STANDBY)
            self._set("synchronous_commit", "remote_apply")
        self._until_there(_IN_SYNC if self._is_synchronous else _CONNECTED)

    def fail_over(self, how: signal.Signals) -> None:
        """The primary ends in this way and the standby takes its place."""
        self.primary.stop(how)
        self.primary, self.standby = self.standby, self.primary
        self.primary.promote()
        # Nobody follows it yet; whoever promotes has to say so, or its commits wait for ever.
        self._set("synchronous_standby_names", "")

    def _set(self, name: str, value: str) -> None:
        self.primary.execute(
            ADMIN, "postgres", f"ALTER SYSTEM SET {name} = '{value}'", "SELECT pg_reload_conf()"
        )

    def _until_there(self, query: str) -> None:
        for _ in range(600):
            if self.primary.execute(ADMIN, "postgres", query, "SELECT pg_sleep(0.05)", query) == [(1,)]:
                return
        raise RuntimeError(
            f"the standby did not connect: {(self.standby.folder / 'log').read_text()[-2000:]}"
        )


@contextmanager
def paired(programs: Path, *, is_synchronous: bool = True) -> Iterator[PostgresPair]:
    """Two servers, the second a standby of the first; both are gone afterwards."""
    with running(programs) as primary, unstarted(programs) as standby:
        pair = PostgresPair(primary, standby, is_synchronous=is_synchronous)
        pair.join()
        yield pair
