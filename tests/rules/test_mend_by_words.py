"""What mends a failure by the app's own last words."""

import pytest

from bot.parsers.unit_state import UnitState
from bot.rules._mend_by_words import mend_by_words
from tests.support.asked import fact, unit

WORDS = {
    "OSError: [Errno 30] Read-only file system: '/srv/app/data/boot.json'": "findmnt -T /srv/app/data",
    "Error: EROFS: read-only file system, open '/srv/x'": "mounted",
    "PermissionError: [Errno 13] Permission denied: '/srv/app/data/boot.json'": "owner and mode",
    "RuntimeError: DATABASE_URL is not set": "DATABASE_URL set in the environment",
    "sqlite3.OperationalError: no such table: orders": "migration",
    'psycopg2.errors.UndefinedTable: relation "orders" does not exist': "migration",
}


@pytest.mark.parametrize(("words", "mend"), WORDS.items(), ids=range(len(WORDS)))
def test_names_what_the_words_ask_for(words: str, mend: str) -> None:
    state = fact("unit", unit(User="myapp"))
    assert isinstance(state, UnitState)

    assert mend in (mend_by_words(state, words) or "")


def test_says_nothing_of_other_words() -> None:
    assert mend_by_words(None, "ZeroDivisionError: division by zero") is None
