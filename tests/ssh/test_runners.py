"""Both programs that run on a host keep one contract.

They are python3's, with and without posix_spawn, and the POSIX sh one in two shells.
"""

import os
import select
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.model.command import Command
from tests.ssh.test_classify import REFUSALS
from tests.support import local_runner
from tests.support.local_runner import RUNNERS, run, run_soon

pytestmark = pytest.mark.parametrize("runner", RUNNERS)


#: Seconds for a command that never ends, longer where a busy machine let it do nothing in those before.
SHORT_S = (0.3, 3.0, 30.0)


def sh(step: str, text: str, *args: str, timeout_s: float = 60.0, **kwargs: object) -> Command:
    argv = ("sh", "-c", text, step, *args)
    return Command(step=step, alternatives=(argv,), timeout_s=timeout_s, **kwargs)  # type: ignore[arg-type]


def test_greets_with_the_clock_first(runner: str) -> None:
    before = time.time()

    found = run(runner, [sh("a", "true")])

    assert found.hello is not None
    assert before - 1.5 < found.hello.clock_s < time.time() + 0.5
    assert found.raw.startswith(b"@")


HOSTILE_ARGS = (
    ("plain", "a.b-c"),
    ("empty", ""),
    ("blanks", "  two  words "),
    ("newlines", "\na\n\nb\n\n"),
    ("shell", "$(touch /tmp/pwned) `id` ; rm -rf x & | > <"),
    ("quotes", "'\"\\' \\0101 \\c %s %b"),
    ("globs", "* ? [a-z] ~ {a,b}"),
    ("bytes", "\udcff\udc80\x01\t\x7f"),
    ("unicode", "größe 🚦"),
    ("dash", "-n"),
    ("frame", "\n@0123456789abcdef0123456789abcdef e 0 0 x 0 0 0 0 0\n"),
)


def test_hands_every_argument_over_byte_by_byte(runner: str) -> None:
    args = [value for _, value in HOSTILE_ARGS]
    command = sh("a", 'for x; do printf "%s\\0" "$x"; done', *args)

    frame = run(runner, [command]).of("a")

    expected = b"".join(value.encode("utf-8", "surrogateescape") + b"\0" for value in args)
    assert frame.stdout == expected


def test_keeps_exit_status_stdout_and_stderr_apart(runner: str) -> None:
    frame = run(runner, [sh("a", "echo out; echo err >&2; exit 7")]).of("a")

    assert (frame.how, frame.status, frame.stdout, frame.stderr) == ("x", 7, b"out\n", b"err\n")


def test_a_signal_is_a_negative_status(runner: str) -> None:
    frame = run(runner, [sh("a", "kill -9 $$")]).of("a")

    assert (frame.how, frame.status) == ("x", -9)


def test_binary_output_comes_back_whole(runner: str) -> None:
    frame = run(runner, [sh("a", "printf '\\0\\001\\377\\n\\n@\\0'")]).of("a")

    assert frame.stdout == b"\0\x01\xff\n\n@\0"


def test_runs_all_at_once(runner: str, tmp_path: Path) -> None:
    waits_for_all = 'touch "$1/$0"; until [ "$(ls "$1" | wc -l)" = 12 ]; do sleep 0.1; done'

    found = run(runner, [sh(f"s{number}", waits_for_all, str(tmp_path)) for number in range(12)])

    assert {frame.how for _, frame in found.results} == {"x"}


def test_an_answer_comes_as_soon_as_its_command_ends(runner: str, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    slow = sh("slow", 'until [ -e "$1" ]; do sleep 0.1; done', str(gate))

    found = run(runner, [slow, sh("quick", "true")], heard=lambda _: gate.touch())

    assert found.order == ["quick", "slow"]


def test_a_command_waits_for_what_it_comes_after(runner: str, tmp_path: Path) -> None:
    mark = str(tmp_path / "mark")
    first = sh("first", 'sleep 0.2; echo x >"$1"', mark)
    second = sh("second", 'cat "$1"', mark, after=("first", "not-asked"))

    assert run(runner, [second, first]).of("second").stdout == b"x\n"


def test_a_hanging_command_costs_only_itself(runner: str) -> None:
    dependant = sh("later", "echo went on", after=("hangs",))
    for timeout_s in SHORT_S:
        hanging = sh("hangs", "echo begun; sleep 300", timeout_s=timeout_s)

        found = run(runner, [hanging, dependant, sh("well", "echo ok")])

        if found.of("hangs").stdout and found.took_s < timeout_s + 8:
            break

    assert (found.of("hangs").how, found.of("hangs").stdout) == ("t", b"begun\n")
    assert found.of("later").stdout == b"went on\n"
    assert found.of("well").stdout == b"ok\n"
    assert found.took_s < timeout_s + 8


def test_a_command_that_ignores_term_is_killed(runner: str, tmp_path: Path) -> None:
    pid, text = tmp_path / "pid", "trap '' TERM; echo $$ >\"$1\"; while :; do sleep 0.1; done"
    for timeout_s in SHORT_S:
        stubborn = sh("a", text, str(pid), timeout_s=timeout_s)

        found = run(runner, [stubborn, sh("b", "sleep 1.5")])

        if pid.exists() and pid.read_text():
            break

    assert found.of("a").how == "t"
    _until(lambda: not _lives(pid))


def test_the_request_ends_everything_at_its_end_of_life(runner: str) -> None:
    found = run_soon(runner, [sh("a", "sleep 300", timeout_s=200)], life_s=0.5, soon_s=8)

    assert found.of("a").how == "t"
    assert found.took_s < 8


def test_tries_alternatives_until_one_is_well(runner: str) -> None:
    command = Command(
        step="a",
        alternatives=(
            ("no-such-program",),
            ("sh", "-c", "exit 4"),
            ("sh", "-c", "exit 5"),
            ("echo", "never"),
        ),
        ok_exit=frozenset({0, 5}),
    )

    frame = run(runner, [command]).of("a")

    assert (frame.alternative, frame.how, frame.status) == (2, "x", 5)


def test_a_refusal_of_sudo_is_not_the_answer_even_where_its_status_is_expected(
    runner: str, tmp_path: Path
) -> None:
    """`nginx -t` may end with 1; so does sudo when it says no."""
    _program(tmp_path / "sudo", 'printf "%s\\n" "$2" >&2\nexit 1')
    said = [stderr.decode().strip() for stderr in REFUSALS] + ["sudo: ss: command not found"]
    real = [
        "nginx: configuration file test failed",
        "nginx: a\rsudo: a password is required",
        "sudo: unable to resolve host web-01",
    ]
    commands = [
        Command(step=text, alternatives=(("sudo", "-n", text), ("echo", "as me")), ok_exit=frozenset({0, 1}))
        for text in [*said, *real]
    ]

    found = run(runner, commands, path=str(tmp_path))

    assert {text: found.of(text).alternative for text in said} == dict.fromkeys(said, 1)
    assert {text: found.of(text).alternative for text in real} == dict.fromkeys(real, 0)


NOT_SEEN = "Hint: You are currently not seeing messages from other users and the system."


def test_a_journal_that_shows_nobodys_messages_is_no_answer(runner: str, tmp_path: Path) -> None:
    """Its exit status is 0, and what it shows is `-- No entries --`."""
    _program(tmp_path / "journalctl", f'echo "-- No entries --"; [ "$1" = quiet ] || echo "{NOT_SEEN}" >&2')
    shut = Command(step="shut", alternatives=(("journalctl", "-u", "x"), ("echo", "as root")))
    quiet = Command(step="quiet", alternatives=(("journalctl", "quiet"), ("echo", "as root")))
    other = Command(step="other", alternatives=(("sh", "-c", f"echo '{NOT_SEEN}' >&2"), ("echo", "never")))

    found = run(runner, [shut, quiet, other], path=str(tmp_path))

    assert {step: found.of(step).alternative for step in ("shut", "quiet", "other")} == {
        "shut": 1,
        "quiet": 0,
        "other": 0,
    }


def test_a_sudo_that_hangs_leaves_time_to_ask_without_it(runner: str, tmp_path: Path) -> None:
    """A directory service that does not answer holds up sudo, and not the program that it was to run."""
    _program(tmp_path / "sudo", "echo begun; exec sleep 300")
    for timeout_s in (3.0, 30.0):
        ways = (("sudo", "-n", "ss"), ("echo", "as me"))
        last = Command(step="last", alternatives=(("sudo", "-n", "ss"),), timeout_s=timeout_s)

        found = run(
            runner, [Command(step="a", alternatives=ways, timeout_s=timeout_s), last], path=str(tmp_path)
        )

        if found.of("a").how == "x":
            break

    assert (found.of("a").alternative, found.of("a").stdout) == (1, b"as me\n")
    assert (found.of("last").how, found.of("last").stdout) == ("t", b"begun\n")


def test_alternatives_share_one_time(runner: str) -> None:
    failing = ("sh", "-c", "sleep 0.2; exit 1")
    command = Command(step="a", alternatives=(failing,) * 20, timeout_s=0.5)

    found = run(runner, [command])

    # With a time for each, all would be tried. The one that is under way then is stopped, or has just ended.
    assert found.of("a").alternative < 19
    assert (found.of("a").how, found.of("a").status) in {("t", 0), ("x", 1)}


def test_a_program_that_is_not_there_says_so(runner: str) -> None:
    frame = run(runner, [Command(step="a", alternatives=(("no-such-program",),))]).of("a")

    assert frame.how == "n" or frame.status == 127
    assert b"No such file" in frame.stderr


@pytest.mark.parametrize("size", [1000, 1001, 65_537, 3_000_000])
def test_long_output_keeps_head_and_tail_and_counts_the_rest(runner: str, size: int) -> None:
    text = f"printf head; head -c {size - 8} /dev/zero; printf tail"
    frame = run(runner, [sh("a", f"{text}; {{ {text}; }} >&2", max_bytes=1000)]).of("a")

    for stream in (frame.stdout, frame.stderr):
        assert stream.startswith(b"head\0") and stream.endswith(b"\0tail")
        assert len(stream) == 1000
    assert frame.omitted_bytes == 2 * (size - 1000)


def test_endless_output_is_stopped_and_never_called_ended(runner: str) -> None:
    for timeout_s in SHORT_S:
        endless = Command(step="a", alternatives=(("yes",),), timeout_s=timeout_s, max_bytes=1000)

        found = run(runner, [endless])

        if found.of("a").omitted_bytes > 1_000_000:
            break

    assert found.of("a").how == "t"
    assert len(found.of("a").stdout) == 1000
    assert found.of("a").omitted_bytes > 1_000_000


def test_a_child_in_the_background_is_not_waited_for(runner: str) -> None:
    found = run_soon(runner, [sh("a", "sleep 20 & echo front")], soon_s=8)

    assert found.of("a").stdout == b"front\n"
    assert found.took_s < 8


def test_standard_input_is_empty_and_the_environment_is_plain(runner: str) -> None:
    found = run(runner, [sh("a", "cat; echo $LC_ALL; echo $PATH; pwd")])

    locale, path, folder = found.of("a").stdout.decode().split()
    assert locale in ("C.UTF-8", "C")
    assert {"/usr/sbin", "/sbin", "/usr/local/sbin"} <= set(path.split(":"))
    assert folder == "/"


def test_the_accounts_own_time_zone_is_not_the_hosts(runner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """nginx and journald are not started by the account: its TZ says nothing of their times."""
    monkeypatch.setenv("TZ", "America/New_York")

    found = run(runner, [sh("a", 'echo "${TZ-none}"')])

    assert found.of("a").stdout == b"none\n"


def test_everything_ends_when_the_connection_does(runner: str, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    process = local_runner.start(runner, [sh("a", 'echo $$ >"$1"; exec sleep 300', str(pid), timeout_s=300)])
    try:
        _until(lambda: pid.exists() and pid.read_text().strip() != "")
    finally:
        local_runner.end(process)

    assert process.returncode == 0
    _until(lambda: not _lives(pid))


def test_a_runner_that_is_killed_is_heard_to_end_and_leaves_nothing_that_runs(
    runner: str, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    process = local_runner.start(
        runner,
        [sh("a", 'echo $$ $(readlink /proc/$$/fd/1) >"$1"; exec sleep 300', str(told), timeout_s=300)],
    )
    try:
        _until(lambda: told.exists() and told.read_text().endswith("\n"))
        pid, output = told.read_text().split()
        os.kill(_runner(runner, process.pid), signal.SIGKILL)
        assert process.stdout is not None
        said = b"more"
        while said and select.select([process.stdout], [], [], 60)[0]:
            said = process.stdout.read(65_536)
    finally:
        local_runner.end(process)
        os.kill(int(told.read_text().split()[0]), signal.SIGKILL)

    assert said == b""  # its end was heard though the command went on
    _until(lambda: not Path(f"/proc/{pid}").exists())
    if not output.startswith("pipe:"):
        _until(lambda: not _holds(Path(output).parent))
        shutil.rmtree(Path(output).parent)


def test_answers_are_kept_where_there_is_room(runner: str, tmp_path: Path) -> None:
    """A full file system takes a directory, and nothing of what is written there."""
    full = 'case $(readlink "/proc/$$/fd/1") in /dev/shm/*) exit 1 ;; *) exec /usr/bin/head "$@" ;; esac'
    _program(tmp_path / "head", full)

    found = run(runner, [sh("a", "echo out; readlink /proc/self/fd/1")], path=str(tmp_path))

    assert found.of("a").stdout.startswith(b"out\n")
    assert b"/dev/shm/" not in found.of("a").stdout


def test_says_by_its_exit_status_that_nothing_can_be_kept(runner: str, tmp_path: Path) -> None:
    _program(tmp_path / "mktemp", "exit 1")

    process = local_runner.start(runner, [sh("a", "echo out")], path=str(tmp_path))
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
    finally:
        local_runner.end(process)

    assert (first == b"" and process.returncode == 4) or runner.startswith("python3")


def test_leaves_no_files(runner: str) -> None:
    found = run(runner, [sh("a", "readlink /proc/self/fd/1"), sh("b", "sleep 9", timeout_s=0.2)])

    lies = found.of("a").stdout.decode().strip()
    assert lies.startswith("pipe:") if runner.startswith("python3") else "/runbook-bot." in lies
    assert not Path(lies).parent.exists() or lies.startswith("pipe:")


def test_a_request_shows_nowhere_in_the_process_list(runner: str) -> None:
    process = local_runner.start(runner, [sh("a", "sleep 100")])
    try:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], 60)[0]
        shown = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    finally:
        local_runner.end(process)

    assert b"sleep 1" not in shown and local_runner.NONCE.encode() not in shown


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def _lives(path: Path) -> bool:
    try:
        stat = Path(f"/proc/{path.read_text().strip()}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _runner(runner: str, pid: int) -> int:
    """Who runs the commands: what the shell that is exec'd started, or itself."""
    if not runner.startswith("python3"):
        return pid
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


def _holds(folder: Path) -> bool:
    """Whether any process has a file in there open."""
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # it ended meanwhile
            if link.readlink().parent == folder:
                return True
    return False


def _until(condition: object, within_s: float = 60.0) -> None:
    until = time.monotonic() + within_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.01)
