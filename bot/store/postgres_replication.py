"""Whether what PostgreSQL acknowledged outlives the loss of its primary."""

from psycopg.errors import Diagnostic
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# `append_entries` raises off and local to on. remote_write is left: a standby's own crash may take it.
_WAITS = text("""
SELECT current_setting('synchronous_standby_names') AS standbys,
  current_setting('synchronous_commit') AS waits_for
""")
# WAL is one sequence: a standby that has confirmed this has everything that was committed before.
_CONFIRM = text("SELECT pg_logical_emit_message(true, 'runbook_bot', CAST('' AS text))")
CUT_OFF = "the wait of a commit for its standby was cut off; see pg_stat_replication on the primary"
_SO = (
    "so a failover may lose entries that were acknowledged, and an action that wants a signature or several "
    "people is not started"
)


async def failover_risk(connection: AsyncConnection) -> str | None:
    """Why a standby that is promoted may lack acknowledged entries, and the way out; None when it cannot."""
    found = (await connection.execute(_WAITS)).one()
    if not found.standbys:
        return f"no commit waits for a standby, {_SO}; set synchronous_standby_names on the primary"
    if found.waits_for == "remote_write":
        return f"synchronous_commit is 'remote_write', {_SO}; set it to remote_apply or on"
    return None


def is_cut_off(said: Diagnostic) -> bool:
    """Whether a notice says that a commit ended its wait for a standby: it is acknowledged all the same.

    The message is in the server's language, the name of the function that writes it is not.
    """
    return said.source_function == "SyncRepWaitForLSN"


async def confirm(connection: AsyncConnection) -> None:
    """Write something whose commit the standbys that are waited for have to confirm."""
    await connection.execute(_CONFIRM)
