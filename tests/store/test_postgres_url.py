"""A `postgresql:` URL: what is connected with, and that a password never shows."""

import pytest

from bot.errors import LedgerUnavailable
from bot.store.postgres_url import SESSION, address


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://bot:secret@db:5433/runbook", "postgresql://bot@db:5433/runbook"),
        ("postgres://bot@db/runbook?password=secret", "postgresql://bot@db/runbook"),
        ("postgresql+psycopg://bot@db/runbook", "postgresql://bot@db/runbook"),
        ("postgresql://bot@a:1,b:2/runbook", "postgresql://bot@a,b:1,2/runbook"),
        ("postgresql://bot@%2Frun%2Fpg/runbook", "postgresql://bot@%2Frun%2Fpg/runbook"),
        ("postgresql:///runbook?host=/run/pg&options=-crole%3Dx", "postgresql://%2Frun%2Fpg/runbook"),
        ("postgresql://", "postgresql:///"),
    ],
)
def test_is_shown_without_password_and_options(url: str, shown: str) -> None:
    assert address(url).shown == shown


def test_keeps_its_parts_from_being_printed_by_accident() -> None:
    where = address("postgresql://bot:secret@db/runbook")

    assert "secret" not in repr(where)
    assert where.arguments(session={})["password"] == "secret"


@pytest.mark.parametrize("url", ["postgresql://bot:secret@[db/x", "postgresql://bot:secret@db/x?nothing=1"])
def test_one_that_cannot_be_read_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(LedgerUnavailable, match="give postgresql://USER@HOST:5432/DATABASE") as error:
        address(url)

    assert "secret" not in str(error.value)
    assert error.value.__cause__ is None


def test_one_of_another_database_is_refused() -> None:
    with pytest.raises(LedgerUnavailable, match="no ledger can be in 'mysql'"):
        address("mysql://db/x")


def test_what_the_url_says_wins_but_for_the_sessions_own_settings() -> None:
    where = address("postgresql://bot@db/x?connect_timeout=9&sslmode=verify-full&options=-crole%3Da")

    arguments = where.arguments(session=SESSION)

    assert arguments["connect_timeout"] == "9"
    assert arguments["sslmode"] == "verify-full"
    assert arguments["keepalives_idle"] == "5"
    # The last of two settings of one name wins.
    assert arguments["options"].startswith("-crole=a -c search_path=runbook_bot,\\ pg_temp -c lock_timeout=")


@pytest.mark.parametrize(
    ("url", "which"),
    [
        ("postgresql://bot@a/x", None),
        ("postgresql://bot@a,b/x", "read-write"),
        ("postgresql:///x?hostaddr=192.0.2.1,192.0.2.2", "read-write"),
        ("postgresql://bot@a,b/x?target_session_attrs=any", "any"),
    ],
)
def test_of_several_servers_the_primary_is_wanted_unless_the_url_says_otherwise(
    url: str, which: str | None
) -> None:
    assert address(url).arguments(session={}).get("target_session_attrs") == which


def test_who_waits_for_a_frozen_process_waits_longer_than_it_is_let_be() -> None:
    frozen, lock, statement = (
        int(SESSION[name].removesuffix("s"))
        for name in ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout")
    )

    assert 0 < frozen < lock < statement
