"""What one real host answered to one checklist, kept as YAML under samples/."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import Field

from bot import yamlfile
from bot.checked import FilePart, check
from bot.demo.shift import shifted
from bot.model.command import Command
from bot.ssh.wire import EXITED, NOT_STARTED, ResultFrame


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One step's answer."""

    alternative: int
    #: As in the runner's frames: `x` ended, `t` stopped at its deadline, `n` not started.
    how: str
    status: int
    duration_s: float
    stdout: str
    stderr: str
    omitted_bytes: int


@dataclass(frozen=True, kw_only=True)
class Recording:
    """All answers of one run."""

    #: Name of the host it was taken from, as its own logs write it.
    host: str
    #: That host's clock when the run began; its zone was UTC.
    at: datetime
    #: By step id.
    answers: Mapping[str, Recorded]

    def replay(self, index: int, command: Command, *, name: str, now: datetime) -> ResultFrame:
        """The answer as host `name` would give it now; a step nobody recorded cannot be started."""
        answer = self.answers.get(command.step)
        if answer is None:
            return _not_recorded(index, command.step)
        stdout, cut_out = _capped(self._retold(answer.stdout, name, now), command.max_bytes)
        stderr, cut_err = _capped(self._retold(answer.stderr, name, now), command.max_bytes)
        return ResultFrame(
            index=index,
            alternative=min(answer.alternative, len(command.alternatives) - 1),
            how=answer.how,
            status=answer.status,
            duration_s=answer.duration_s,
            stdout=stdout,
            stderr=stderr,
            omitted_bytes=answer.omitted_bytes + cut_out + cut_err,
        )

    def _retold(self, text: str, name: str, now: datetime) -> bytes:
        return shifted(text, self.at, now).replace(self.host, name).encode("utf-8", "surrogateescape")


class _AnswerPart(FilePart):
    alternative: int = 0
    how: str = EXITED
    status: int = 0
    duration_s: float = 0.0
    stdout: str = ""
    stderr: str = ""
    omitted_bytes: int = 0


class _RecordingPart(FilePart):
    host: str
    #: Seconds since the epoch.
    at: float
    steps: dict[str, _AnswerPart] = Field(min_length=1)


def load(path: Path) -> Recording:
    """A recording from its file. Raises FileError."""
    part = check(_RecordingPart, yamlfile.read(path), name=str(path))
    return Recording(
        host=part.host,
        at=datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=part.at),
        answers={step: Recorded(**answer.model_dump()) for step, answer in part.steps.items()},
    )


def _not_recorded(index: int, step: str) -> ResultFrame:
    said = f"sample host: nothing was recorded for step {step!r}".encode()
    return ResultFrame(
        index=index, alternative=0, how=NOT_STARTED, status=0, duration_s=0.0, stdout=b"", stderr=said
    )


def _capped(raw: bytes, limit: int) -> tuple[bytes, int]:
    """Head and tail of it, and how many bytes between them are left out; as the runner caps."""
    if len(raw) <= limit:
        return raw, 0
    tail = limit // 2
    return raw[: limit - tail] + raw[len(raw) - tail :], len(raw) - limit
