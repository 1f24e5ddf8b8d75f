"""A recorded answer becomes the frame a real host would have sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.recording import load
from bot.errors import FileError
from bot.model.command import Command
from bot.ssh.wire import NOT_STARTED

TEXT = """\
host: old-name
at: 1795218823
steps:
  clock: {stdout: "old-name 2026-11-20T23:53:43+0000", duration_s: 0.5}
  failed: {alternative: 1, how: x, status: 4, stderr: "no such unit"}
  long: {stdout: "head-----tail", omitted_bytes: 100}
"""


def command(step: str, **changes: int) -> Command:
    return Command(step=step, alternatives=(("true",), ("false",)), **changes)  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "one.yaml"
    path.write_text(TEXT)
    return path


def test_an_answer_speaks_of_the_sample_and_of_now(file: Path) -> None:
    recording = load(file)

    frame = recording.replay(3, command("clock"), name="web-09", now=recording.at + timedelta(hours=1))

    assert frame.stdout == b"web-09 2026-11-21T00:53:43+0000"
    assert (frame.index, frame.status, frame.duration_s) == (3, 0, 0.5)


def test_a_failed_answer_stays_failed(file: Path) -> None:
    frame = load(file).replay(0, command("failed"), name="x", now=datetime.now(UTC))

    assert (frame.alternative, frame.status, frame.stderr) == (1, 4, b"no such unit")


def test_an_answer_longer_than_asked_for_loses_its_middle(file: Path) -> None:
    frame = load(file).replay(0, command("long", max_bytes=8), name="x", now=datetime.now(UTC))

    assert frame.stdout == b"headtail"
    assert frame.omitted_bytes == 105


def test_a_step_nobody_recorded_is_not_an_answer(file: Path) -> None:
    frame = load(file).replay(0, command("new_step"), name="x", now=datetime.now(UTC))

    assert frame.how == NOT_STARTED
    assert frame.stderr == b"sample host: nothing was recorded for step 'new_step'"


def test_a_broken_recording_names_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("host: x\nat: 1\nsteps: {a: {stduot: y}}\n")

    with pytest.raises(FileError, match=r"bad\.yaml: steps\.a\.stduot"):
        load(path)
