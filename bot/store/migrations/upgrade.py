"""Runs the steps; works from an installed wheel, without alembic.ini."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.store.migrations import HEAD


def upgrade(connection: Connection, *, to: str = HEAD) -> None:
    """Bring the database behind an open connection to a step, inside the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
