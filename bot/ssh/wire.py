"""What travels over the one exec of a read: the request line, and the frames that come back. Pure.

Standard input of the far end is three lines (see `programs`): the POSIX sh runner, the request, the
python3 runner. The request is one line of words separated by single blanks:

    runbook-bot/1 NONCE LIFE_MS  c =STEP TIMEOUT_MS MAX_BYTES OK AFTER  a =ARG …  a =ARG …  c …

`c` opens a command, each `a` one alternative of it. OK is a comma list of exit statuses, AFTER one of
command indexes or `-`. A text is `=` and its bytes; every byte but letters, digits and `_./:,@%+-` is
`\\0ooo` (octal), which `printf %b` of any POSIX sh gives back exactly.

A frame is a header line, then as many raw bytes as the header says, so nothing in them is ever parsed:

    @NONCE h EPOCH_S
    @NONCE e INDEX ALTERNATIVE HOW STATUS DURATION_MS STDOUT_BYTES STDERR_BYTES OMITTED_BYTES
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.model.command import Command

VERSION = "runbook-bot/1"
#: HOW of a result: ended by itself, stopped at its deadline, could not be started.
EXITED, TIMED_OUT, NOT_STARTED = "x", "t", "n"
#: Bytes a login shell may say before the first frame.
NOISE_BYTES = 65_536
_HEADER_BYTES = 256
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:,@%+-")
_OCTAL = re.compile(rb"\\0([0-7]{3})")


class WireError(ValueError):
    """The far end sent something that is no frame of this run."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """All commands of one read."""

    #: 32 lower-case hex digits, fresh for each run.
    nonce: str
    #: Seconds after which the runner ends whatever still runs.
    life_s: float
    commands: tuple[Command, ...]


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


def encode_text(text: str) -> bytes:
    """One word of the request. Raises ValueError for a NUL, which no argument can hold."""
    raw = text.encode("utf-8", "surrogateescape")
    if 0 in raw:
        raise ValueError(f"an argument cannot hold a NUL byte: {text!r}")
    return b"=" + b"".join(bytes([byte]) if byte in _PLAIN else b"\\0%03o" % byte for byte in raw)


def decode_text(word: bytes) -> str:
    """The text of one word. Raises WireError when it is none."""
    if not word.startswith(b"="):
        raise WireError(f"expected a text, got {word[:40]!r}")
    raw = _OCTAL.sub(lambda found: bytes([int(found[1], 8) & 255]), word[1:])
    return raw.decode("utf-8", "surrogateescape")


def encode_request(request: Request) -> bytes:
    """The request line with its newline.

    Raises ValueError for a NUL in an argument, an empty argv, or steps that wait for each other.
    """
    indexes = {command.step: index for index, command in enumerate(request.commands)}
    _refuse_circles(request.commands)
    words = [VERSION.encode(), request.nonce.encode(), b"%d" % round(request.life_s * 1000)]
    for command in request.commands:
        words += _command_words(command, indexes)
    return b" ".join(words) + b"\n"


def decode_request(line: bytes) -> Request:
    """The request of a line (the second one of standard input). Raises WireError."""
    words = line.strip().split(b" ")
    if len(words) < 3 or words[0] != VERSION.encode():
        raise WireError(f"not a request of {VERSION}: {line[:60]!r}")
    chunks = tuple(_chunks(words[3:]))
    names = tuple(decode_text(head[1]) for head, _ in chunks)
    commands = tuple(_command_of(head, alternatives, names) for head, alternatives in chunks)
    return Request(nonce=words[1].decode(), life_s=int(words[2]) / 1000, commands=commands)


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
        except (IndexError, ValueError) as error:
            raise WireError(f"a frame's header is broken: {line[:80]!r}") from error

    def _take_words(self, words: Sequence[str]) -> None:
        match words:
            case ["h", clock] if not self._is_greeted:
                self._is_greeted = True
                self._hello = HelloFrame(clock_s=float(clock))
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


def _command_words(command: Command, indexes: Mapping[str, int]) -> list[bytes]:
    if not command.alternatives or not all(command.alternatives):
        raise ValueError(f"step {command.step!r} has an empty command")
    after = ",".join(str(indexes[step]) for step in command.after if step in indexes) or "-"
    ok = ",".join(str(status) for status in sorted(command.ok_exit)) or "-"
    words = [b"c", encode_text(command.step), b"%d" % round(command.timeout_s * 1000)]
    words += [b"%d" % command.max_bytes, ok.encode(), after.encode()]
    for argv in command.alternatives:
        words += [b"a", *map(encode_text, argv)]
    return words


def _refuse_circles(commands: Sequence[Command]) -> None:
    waiting = {command.step: set(command.after) for command in commands}
    while free := [step for step, after in waiting.items() if not after & waiting.keys()]:
        for step in free:
            del waiting[step]
    if waiting:
        raise ValueError(f"steps wait for each other: {', '.join(sorted(waiting))}")


def _chunks(words: Sequence[bytes]) -> Iterator[tuple[Sequence[bytes], list[list[bytes]]]]:
    at = 0
    while at < len(words):
        head, at = words[at : at + 6], at + 6
        if len(head) < 6 or head[0] != b"c":
            raise WireError(f"expected a command, got {head[:2]!r}")
        alternatives: list[list[bytes]] = []
        while at < len(words) and words[at] != b"c":
            if words[at] == b"a":
                alternatives.append([])
            elif alternatives:
                alternatives[-1].append(words[at])
            at += 1
        yield head, alternatives


def _command_of(head: Sequence[bytes], alternatives: list[list[bytes]], names: Sequence[str]) -> Command:
    _, step, timeout, size, ok, after = head
    return Command(
        step=decode_text(step),
        alternatives=tuple(tuple(map(decode_text, argv)) for argv in alternatives),
        ok_exit=frozenset(int(word) for word in ok.split(b",") if word != b"-"),
        timeout_s=int(timeout) / 1000,
        max_bytes=int(size),
        after=tuple(names[int(word)] for word in after.split(b",") if word != b"-"),
    )
