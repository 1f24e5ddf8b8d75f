"""Why a host that let us in gave no greeting."""

import pytest

from bot.ssh import unheard
from bot.ssh.exchange import Exchange


def exchange(said: bytes = b"", *, is_error: bool = True, status: int | None = 1) -> Exchange:
    found = Exchange(lambda _: None, lambda: None)
    if said:
        found.data_received(said, 1 if is_error else None)
    if status is not None:
        found.exit_status_received(status)
    return found


SHELLS = {
    "rbash": (b"rbash: line 1: exec: restricted\n", True, "exec: restricted"),
    "exec tmux in .bashrc": (b"open terminal failed: not a terminal\n", True, "not a terminal"),
    "nologin, on standard output": (b"This account is currently not available.\n", False, "not available"),
    "a message of the day before": (b"Welcome!\n\nbye\n", False, "'bye'"),
    "what a terminal would obey": (b"\x1b[2Jx\n", True, "'[2Jx'"),
}


@pytest.mark.parametrize(("said", "is_error", "words"), SHELLS.values(), ids=SHELLS.keys())
def test_a_shell_that_ended_is_quoted(said: bytes, is_error: bool, words: str) -> None:
    says = unheard.ended(exchange(said, is_error=is_error), None)

    assert words in says
    assert "exit status 1" in says


def test_a_shell_that_said_nothing_is_not_quoted() -> None:
    assert "it said" not in unheard.ended(exchange(), None)


def test_a_shell_that_waits_may_wait_in_its_own_files() -> None:
    says = unheard.silent(exchange(b"continue? ", status=None))

    assert ".bashrc" in says and "'continue?'" in says


def test_full_places_are_named() -> None:
    assert "df -h /dev/shm /tmp" in unheard.ended(exchange(status=4), None)


def test_of_a_flood_only_the_first_words_are_kept() -> None:
    found = exchange(b"x" * 3000 + b"\n")
    found.data_received(b"y" * 1000, None)

    assert len(found.last_words) == 160 and "y" not in found.last_words
