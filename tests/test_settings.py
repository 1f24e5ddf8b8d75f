"""What the environment may say, and how a mistake is told."""

import pytest

from bot.errors import SettingsError
from bot.settings import load


def test_headers_for_the_collector_are_read_and_kept_secret() -> None:
    settings = load(
        traces_url="http://127.0.0.1:4318/v1/traces", traces_headers="authorization=Bearer%20t0k,x-team=web"
    )

    assert settings.trace_headers == {"authorization": "Bearer t0k", "x-team": "web"}
    assert "Bearer t0k" in settings.secrets()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("traces_url", "collector:4318", "RUNBOOK_BOT_TRACES_URL: give the whole address"),
        ("traces_url", "ftp://collector/v1/traces", "RUNBOOK_BOT_TRACES_URL: give the whole address"),
        ("traces_headers", "Bearer t0k", "RUNBOOK_BOT_TRACES_HEADERS: write each header as name=value"),
    ],
)
def test_a_collector_that_cannot_be_reached_so_is_refused_at_the_start(
    name: str, value: str, says: str
) -> None:
    with pytest.raises(SettingsError, match=says) as refused:
        load(**{name: value})

    assert "t0k" not in str(refused.value)


def test_a_mistake_comes_with_the_value_as_given() -> None:
    with pytest.raises(SettingsError) as refused:
        load(ssh_connections="many", commands="502")

    first, second = sorted(str(refused.value).splitlines())
    assert first.startswith("RUNBOOK_BOT_COMMANDS: each command begins with '/'") and first.endswith("'502')")
    assert second == "RUNBOOK_BOT_SSH_CONNECTIONS: must be a whole number (got 'many')"
