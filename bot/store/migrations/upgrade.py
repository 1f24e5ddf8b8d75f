"""Runs the steps; works from an installed wheel, without alembic.ini."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.store.migrations import HEAD

#: Alembic keeps what it works on in a module, the same for all threads.
_one_at_a_time = Lock()


def upgrade(connection: Connection, *, to: str = HEAD) -> None:
    """Bring the database behind an open connection to a step, inside the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _one_at_a_time:
        command.upgrade(config, to)
