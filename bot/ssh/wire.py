"""What travels over the one exec of a read: the request line, and the frames that come back. Pure.

Standard input of the far end is three lines (see `programs`): the POSIX sh runner, the request, the
python3 runner. The request is one line of words separated by single blanks:

    runbook-bot/1 NONCE LIFE_MS  c =STEP TIMEOUT_MS MAX_BYTES OK AFTER  a =ARG …  a =ARG …  c …

`c` opens a command, each `a` one alternative of it. OK is a comma list of exit statuses, AFTER one of
command indexes or `-`. A text is `=` and its bytes; every byte but letters, digits and `_./:,@%+-` is
`\\0ooo` (octal), which `printf %b` of any POSIX sh gives back exactly.

What comes back are frames: see `frames`, whose names stand here too.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.model.command import Command
from bot.ssh.frames import (
    EXITED,
    NOISE_BYTES,
    NOT_STARTED,
    TIMED_OUT,
    Frame,
    FrameDecoder,
    HelloFrame,
    ResultFrame,
    WireError,
    encode_hello,
    encode_result,
)

__all__ = [
    "EXITED",
    "NOISE_BYTES",
    "NOT_STARTED",
    "TIMED_OUT",
    "VERSION",
    "Frame",
    "FrameDecoder",
    "HelloFrame",
    "Request",
    "ResultFrame",
    "WireError",
    "decode_request",
    "decode_text",
    "encode_commands",
    "encode_hello",
    "encode_request",
    "encode_result",
    "encode_text",
]

VERSION = "runbook-bot/1"
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:,@%+-")
#: How each byte is written.
_WRITTEN = tuple(bytes([byte]) if byte in _PLAIN else b"\\0%03o" % byte for byte in range(256))
#: Words kept as they are written: a look carries the same scripts to every host.
_MOST_ENCODED = 1024
_OCTAL = re.compile(rb"\\0([0-7]{3})")


@dataclass(frozen=True, kw_only=True)
class Request:
    """All commands of one read."""

    #: 32 lower-case hex digits, fresh for each run.
    nonce: str
    #: Seconds after which the runner ends whatever still runs.
    life_s: float
    commands: tuple[Command, ...]


@lru_cache(maxsize=_MOST_ENCODED)
def encode_text(text: str) -> bytes:
    """One word of the request. Raises ValueError for a NUL, which no argument can hold."""
    raw = text.encode("utf-8", "surrogateescape")
    if 0 in raw:
        raise ValueError(f"an argument cannot hold a NUL byte: {text!r}")
    return b"=" + b"".join(map(_WRITTEN.__getitem__, raw))


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
    words = [VERSION.encode(), request.nonce.encode(), b"%d" % round(request.life_s * 1000)]
    return b" ".join(words) + b" " + encode_commands(request.commands) + b"\n"


def encode_commands(commands: Sequence[Command]) -> bytes:
    """The words of a request behind its nonce and its time: the same for every read of the same commands.

    Raises ValueError as `encode_request` does.
    """
    indexes = {command.step: index for index, command in enumerate(commands)}
    _refuse_circles(commands)
    return b" ".join(word for command in commands for word in _command_words(command, indexes))


def decode_request(line: bytes) -> Request:
    """The request of a line (the second one of standard input). Raises WireError."""
    words = line.strip().split(b" ")
    if len(words) < 3 or words[0] != VERSION.encode():
        raise WireError(f"not a request of {VERSION}: {line[:60]!r}")
    chunks = tuple(_chunks(words[3:]))
    names = tuple(decode_text(head[1]) for head, _ in chunks)
    commands = tuple(_command_of(head, alternatives, names) for head, alternatives in chunks)
    return Request(nonce=words[1].decode(), life_s=int(words[2]) / 1000, commands=commands)


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
