"""The frames of a read: how each command ended, as its runner says it. Pure.

A frame is a header line, then as many raw bytes as the header says, so nothing in them is ever parsed:

    @NONCE h EPOCH_S
    @NONCE e INDEX ALTERNATIVE HOW STATUS DURATION_MS STDOUT_BYTES STDERR_BYTES OMITTED_BYTES

A guarded host that does not hold what was asked for says `@NONCE d KIT` alone (see `guarded`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: HOW of a result: ended by itself, stopped at its deadline, could not be started.
EXITED, TIMED_OUT, NOT_STARTED = "x", "t", "n"
#: Bytes a login shell may say before the first frame.
NOISE_BYTES = 65_536
_HEADER_BYTES = 256


class WireError(ValueError):
    """The far end sent something that is no frame of this run."""


class Drifted(WireError):
    """The host's kit, whose id is `kit`, does not hold what was asked for; nothing was run."""

    def __init__(self, kit: str) -> None:
        super().__init__(f"kit {kit[:64]!r} does not hold it")
        self.kit = kit


@dataclass(frozen=True, kw_only=True)
class HelloFrame:
    """The runner has started; the host's clock then, seconds since the epoch."""

    clock_s: float


@dataclass(frozen=True, kw_only=True)
class ResultFrame:
    """How one command ended, as the runner saw it."""

    index: int
    alternative: int
    how: str
    #: Exit status, negative for a signal; 0 and meaningless unless `how` is EXITED.
    status: int
    duration_s: float
    stdout: bytes
    stderr: bytes
    omitted_bytes: int = 0


Frame = HelloFrame | ResultFrame


def encode_hello(nonce: str, clock_s: float) -> bytes:
    """The first frame of a run."""
    return f"@{nonce} h {clock_s:.6f}\n".encode()


def encode_result(nonce: str, frame: ResultFrame) -> bytes:
    """The frame of one ended command."""
    numbers = f"{frame.index} {frame.alternative} {frame.how} {frame.status} {round(frame.duration_s * 1000)}"
    sizes = f"{len(frame.stdout)} {len(frame.stderr)} {frame.omitted_bytes}"
    return f"@{nonce} e {numbers} {sizes}\n".encode() + frame.stdout + frame.stderr


class FrameDecoder:
    """Frames of one run out of a byte stream; memory is bounded by the commands' own caps."""

    def __init__(self, nonce: str, caps: Sequence[int]) -> None:
        #: `caps`: `max_bytes` of each command, in order.
        self._mark = b"@" + nonce.encode() + b" "
        self._caps = caps
        self._buffer = bytearray()
        self._is_greeted = False
        self._seen: set[int] = set()
        self._open: tuple[ResultFrame, int, int] | None = None

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Every frame that is whole now, in order. Raises WireError at the first byte that is no frame."""
        self._buffer += data
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> Frame | None:
        if self._open is None and not self._read_header():
            return None
        if self._open is None:
            return self._hello
        frame, out, err = self._open
        if len(self._buffer) < out + err:
            return None
        stdout, stderr = bytes(self._buffer[:out]), bytes(self._buffer[out : out + err])
        del self._buffer[: out + err]
        self._open = None
        return ResultFrame(**{**vars(frame), "stdout": stdout, "stderr": stderr})

    def _read_header(self) -> bool:
        if not self._is_greeted:
            self._skip_noise()
        end = self._buffer.find(b"\n", 0, _HEADER_BYTES)
        if end < 0:
            self._refuse_hopeless()
            return False
        line = bytes(self._buffer[:end])
        if not self._is_greeted and not line.startswith(self._mark):
            return False
        del self._buffer[: end + 1]
        self._take(line)
        return True

    def _skip_noise(self) -> None:
        start = self._buffer.find(self._mark)
        if start > 0:
            del self._buffer[:start]
        elif start < 0 and len(self._buffer) > NOISE_BYTES:
            raise WireError(f"{NOISE_BYTES} bytes came and no frame among them")

    def _refuse_hopeless(self) -> None:
        if self._is_greeted and not self._mark.startswith(bytes(self._buffer[: len(self._mark)])[:1] or b"@"):
            raise WireError(f"expected a frame, got {bytes(self._buffer[:40])!r}")
        if self._is_greeted and len(self._buffer) >= _HEADER_BYTES:
            raise WireError(f"a frame's header has no end: {bytes(self._buffer[:40])!r}")

    def _take(self, line: bytes) -> None:
        words = line[len(self._mark) :].decode("ascii", "replace").split(" ")
        if not line.startswith(self._mark):
            raise WireError(f"expected a frame, got {line[:40]!r}")
        try:
            self._take_words(words)
        except Drifted:
            raise
        except (IndexError, ValueError) as error:
            raise WireError(f"a frame's header is broken: {line[:80]!r}") from error

    def _take_words(self, words: Sequence[str]) -> None:
        match words:
            case ["h", clock] if not self._is_greeted:
                self._is_greeted = True
                self._hello = HelloFrame(clock_s=float(clock))
            case ["d", kit] if not self._is_greeted:
                raise Drifted(kit)
            case ["e", *numbers] if self._is_greeted:
                self._open = self._result(numbers)
            case _:
                raise ValueError("unexpected kind of frame")

    def _result(self, words: Sequence[str]) -> tuple[ResultFrame, int, int]:
        index, alternative, how, status, took_ms, out, err, omitted = words
        sizes = int(out), int(err)
        if int(index) in self._seen or not 0 <= int(index) < len(self._caps):
            raise ValueError("a result nobody waits for")
        if min(*sizes, int(omitted)) < 0 or max(sizes) > self._caps[int(index)]:
            raise ValueError("a result larger than was asked for")
        if how not in (EXITED, TIMED_OUT, NOT_STARTED):
            raise ValueError("an end nobody knows")
        self._seen.add(int(index))
        frame = ResultFrame(
            index=int(index),
            alternative=int(alternative),
            how=how,
            status=int(status),
            duration_s=int(took_ms) / 1000,
            stdout=b"",
            stderr=b"",
            omitted_bytes=int(omitted),
        )
        return frame, *sizes
