"""Only what was proven is called ended."""

import pytest

from bot.model.command import Command, Ended
from bot.ssh.classify import ending, raw_output
from bot.ssh.wire import ResultFrame

SUDO = ("sudo", "-n", "ss", "-Hltnp")

REFUSALS = [
    b"sudo: a password is required\n",
    b"sudo: a terminal is required to read the password; either use the -S option\n",
    b"sudo: no tty present and no askpass program specified\n",
    b"sudo: sorry, you must have a tty to run sudo\n",
    b"Sorry, user bot is not allowed to execute '/usr/bin/id' as root on web-01.\n",
    b"Sorry, user bot may not run sudo on web-01.\n",
    b"bot is not in the sudoers file.  This incident will be reported.\n",
    b'sudo: The "no new privileges" flag is set, which prevents sudo from running as root.\n',
]


@pytest.mark.parametrize("stderr", REFUSALS)
def test_sudo_that_refuses_is_no_answer_of_the_command(stderr: bytes) -> None:
    assert ending(SUDO, status=1, stderr=stderr, ok_exit=frozenset({0})) is Ended.REFUSED


def test_sudo_that_refuses_is_refused_even_where_its_status_is_expected() -> None:
    assert ending(SUDO, status=1, stderr=REFUSALS[0], ok_exit=frozenset({0, 1})) is Ended.REFUSED


def test_a_journal_that_shows_nobodys_messages_is_refused() -> None:
    hint = b"Hint: You are currently not seeing messages from other users and the system.\n"

    assert ending(("journalctl", "-u", "x"), status=0, stderr=hint, ok_exit=frozenset({0})) is Ended.REFUSED


ANSWERS = {
    "another program's words": (SUDO, 1, b"nginx: a password is required\n"),
    "words in the middle of a line": (SUDO, 1, b"log: sudo: a password is required\n"),
    "a line that is none": (SUDO, 1, b"nginx: no file a\rsudo: a password is required\n"),
    "a warning of sudo": (SUDO, 1, b"sudo: unable to resolve host web-01\n"),
    "another status": (SUDO, 2, b"sudo: a password is required\n"),
    "no sudo": (("cat", "x"), 1, b"sudo: a password is required\n"),
}


@pytest.mark.parametrize(("argv", "status", "stderr"), ANSWERS.values(), ids=ANSWERS.keys())
def test_a_command_that_says_something_like_it_has_ended(
    argv: tuple[str, ...], status: int, stderr: bytes
) -> None:
    assert ending(argv, status=status, stderr=stderr, ok_exit=frozenset({0})) is Ended.EXITED


@pytest.mark.parametrize(
    ("argv", "status", "stderr"),
    [
        (("nosuch",), 127, b""),
        (("/etc/passwd",), 126, b""),
        (SUDO, 127, b"sudo: not found"),
        (SUDO, 1, b"sudo: ss: command not found\n"),
    ],
)
def test_a_program_that_is_not_there_is_not_found(argv: tuple[str, ...], status: int, stderr: bytes) -> None:
    assert ending(argv, status=status, stderr=stderr, ok_exit=frozenset({0})) is Ended.NOT_FOUND


def test_an_expected_exit_status_is_an_answer_whatever_it_is() -> None:
    assert ending(("x",), status=127, stderr=b"", ok_exit=frozenset({127})) is Ended.EXITED


@pytest.mark.parametrize(
    ("how", "status", "ended", "shown"),
    [
        ("x", 3, Ended.EXITED, 3),
        ("x", -9, Ended.EXITED, -9),
        ("t", 0, Ended.TIMED_OUT, None),
        ("n", 0, Ended.NOT_FOUND, None),
    ],
)
def test_only_an_end_has_an_exit_status(how: str, status: int, ended: Ended, shown: int | None) -> None:
    frame = ResultFrame(
        index=0,
        alternative=1,
        how=how,
        status=status,
        duration_s=1,
        stdout=b"o",
        stderr=b"e",
        omitted_bytes=4,
    )
    command = Command(step="a", alternatives=(("one",), ("two",)))

    output = raw_output(command, frame)

    assert (output.ended, output.exit_status, output.argv, output.alternative) == (ended, shown, ("two",), 1)
    assert (output.stdout, output.stderr, output.omitted_bytes) == (b"o", b"e", 4)


def test_an_alternative_nobody_sent_is_refused() -> None:
    frame = ResultFrame(index=0, alternative=1, how="x", status=0, duration_s=1, stdout=b"", stderr=b"")

    with pytest.raises(IndexError):
        raw_output(Command(step="a", alternatives=(("one",),)), frame)
