"""Many cases at once: judged on all cores, in their order, and no process is left behind."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import diagnose
from bot.commands.diagnose import answer
from bot.diagnose import diagnose as judged
from bot.pasted import cases

TEXTS = (
    "upstream sent too big header while reading response header from upstream",
    "lorem ipsum",
    "connect() failed (111: Connection refused) while connecting to upstream",
)
#: More than a batch, so that some are still to be handed out while the first lines are read.
MANY = 2400

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="needs Linux and two cores",
)


def _line(number: int) -> str:
    return json.dumps({"id": number, "evidence": [{"text": f"{TEXTS[number % 3]} {number}"}]})


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A file of more cases than one process judges alone, one of them no JSON."""
    lines = [_line(number) for number in range(MANY)]
    lines[7] = "{bad"
    (tmp_path / "cases.jsonl").write_text("\n".join(lines))
    return tmp_path / "cases.jsonl"


@pytest.fixture
def running(many: Path) -> Iterator[subprocess.Popen[str]]:
    """`diagnose` over many cases, of which the first is judged."""
    # A shell's background job passes on that Ctrl-C is ignored, and these tests may be part of one.
    heeding = ("env", "--default-signal=INT")
    command = (*heeding, sys.executable, "-m", "bot", "diagnose", "--format", "jsonl", str(many))
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout and json.loads(process.stdout.readline())["id"] == 0
        yield process
        process.kill()


def _rest(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Status and what is still to be read; standard error is short, so it blocks nobody."""
    assert process.stdout and process.stderr
    out, err = process.stdout.read(), process.stderr.read()
    return process.wait(60), out, err


def _children(process: subprocess.Popen[str]) -> list[int]:
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert len(found) >= 2
    return [int(one) for one in found]


def _wait_until_gone(fds: list[int]) -> None:
    """Raises AssertionError when a process is still there after two minutes."""
    for fd in fds:
        seen, _, _ = select.select([fd], [], [], 120)
        os.close(fd)
        assert seen, "a process was left behind"


def test_each_case_has_its_line_in_order_and_a_bad_one_ends_nothing(
    many: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = diagnose.diagnose([many, many.with_name("none")], as_lines=True)

    out, err = capsys.readouterr()
    found = [json.loads(line) for line in out.splitlines()]
    given = [number for number in range(MANY) if number != 7]
    assert [one["id"] for one in found] == given and status == 2
    assert "line 8 is not JSON" in err and "none: cannot be read: No such file" in err
    for case in cases(_line(number) for number in range(3)):
        assert not isinstance(case, Exception)
        expected = json.dumps(answer(case.id, judged(case.pieces)))
        assert json.dumps(found[int(case.id)]) == expected


def test_a_killed_worker_is_said_and_what_was_judged_before_stands(running: subprocess.Popen[str]) -> None:
    os.kill(_children(running)[0], signal.SIGKILL)

    status, out, err = _rest(running)
    assert status == 2
    assert "a process that judged cases was killed" in err and "Traceback" not in err
    assert all(json.loads(line)["cause"] for line in out.splitlines())
    assert len(out.splitlines()) < MANY - 2


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_the_command(running: subprocess.Popen[str], sent: signal.Signals) -> None:
    workers = [os.pidfd_open(child) for child in _children(running)]

    running.send_signal(sent)

    _wait_until_gone(workers)


def test_ctrl_c_ends_all_at_once_without_a_trace(running: subprocess.Popen[str]) -> None:
    workers = [os.pidfd_open(child) for child in _children(running)]

    os.killpg(running.pid, signal.SIGINT)

    status, out, err = _rest(running)
    assert status == 130 and "Traceback" not in err
    assert len(out.splitlines()) < MANY - 2
    _wait_until_gone(workers)
