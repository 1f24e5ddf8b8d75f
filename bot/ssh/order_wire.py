"""What travels over the exec of an order, and of asking about one. Pure.

The request line follows the sh program (see `programs`): `runbook-bot/1 RUN VERB NONCE TIMEOUT_MS a =ARG …`,
texts as in `wire`. VERB is `act` or `settle`. RUN marks the frames of this call; NONCE is the order's own.

    @RUN g FIRST                     the nonce is claimed; 1: by this call, which runs the order now
    @RUN r                           nowhere to remember a nonce: nothing runs
    @RUN d KIT                       guarded, and its kit does not hold the order: nothing runs
    @RUN o STATE STATUS INDEX DURATION_MS STDOUT_BYTES STDERR_BYTES     then the bytes
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.ssh.wire import NOISE_BYTES, VERSION, WireError, decode_text, encode_text

#: Bytes the host keeps of each stream of an order.
KEPT_BYTES = 262_144


class Verb(Enum):
    """What is asked."""

    ACT = "act"
    SETTLE = "settle"


class State(Enum):
    """What the host knows of an order."""

    ENDED = "x"
    TIMED_OUT = "t"
    RUNNING = "r"
    CUT = "c"
    #: Claimed by asking, never run.
    BURNT = "v"


@dataclass(frozen=True, kw_only=True)
class OrderRequest:
    """One call about one order."""

    #: 32 lower-case hex digits, fresh for each call.
    run: str
    verb: Verb
    #: The order's nonce.
    nonce: str
    timeout_s: float = 60.0
    #: Empty when asking.
    commands: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrderReply:
    """The host's last word of a call."""

    state: State
    status: int
    #: Which command ended last; -1 when none did.
    index: int
    duration_s: float
    stdout: bytes
    stderr: bytes


def encode_order(request: OrderRequest) -> bytes:
    """The request line with its newline. Raises ValueError for a NUL or an empty argv."""
    words = [VERSION, request.run, request.verb.value, request.nonce]
    head = " ".join(words).encode()
    return head + b" " + encode_order_commands(request.commands, request.timeout_s) + b"\n"


def encode_order_commands(commands: Sequence[Sequence[str]], timeout_s: float) -> bytes:
    """The words of a request behind its nonce: the same for every order of a remedy on a host.

    Raises ValueError as `encode_order` does.
    """
    if not all(commands):
        raise ValueError("an order has an empty command")
    words = [b"%d" % round(timeout_s * 1000)]
    for argv in commands:
        words += [b"a", *map(encode_text, argv)]
    return b" ".join(words)


def decode_order(line: bytes) -> OrderRequest:
    """The request of a line (the second one of standard input). Raises WireError."""
    words = line.strip().split(b" ")
    if len(words) < 5 or words[0] != VERSION.encode():
        raise WireError(f"not an order of {VERSION}: {line[:60]!r}")
    commands: list[tuple[str, ...]] = []
    for word in words[5:]:
        if word == b"a":
            commands.append(())
        elif not commands:
            raise WireError(f"expected a command, got {word[:40]!r}")
        else:
            commands[-1] = (*commands[-1], decode_text(word))
    return OrderRequest(
        run=words[1].decode(),
        verb=Verb(words[2].decode()),
        nonce=words[3].decode(),
        timeout_s=int(words[4]) / 1000,
        commands=tuple(commands),
    )


def encode_claim(run: str, *, is_first: bool) -> bytes:
    """The frame that says whether this call runs the order."""
    return f"@{run} g {int(is_first)}\n".encode()


def encode_reply(run: str, reply: OrderReply) -> bytes:
    """The last frame of a call."""
    numbers = f"{reply.state.value} {reply.status} {reply.index} {round(reply.duration_s * 1000)}"
    sizes = f"{len(reply.stdout)} {len(reply.stderr)}"
    return f"@{run} o {numbers} {sizes}\n".encode() + reply.stdout + reply.stderr


class OrderDecoder:
    """The frames of one call out of a byte stream."""

    def __init__(self, run: str) -> None:
        self._mark = b"@" + run.encode() + b" "
        self._buffer = bytearray()
        #: Whether this call runs the order; None until the host says.
        self.is_first: bool | None = None
        #: True when the host can remember nothing, so that nothing runs.
        self.is_refused = False
        #: True when the host's kit does not hold the order, so that nothing runs.
        self.has_drifted = False
        self.reply: OrderReply | None = None

    def feed(self, data: bytes) -> None:
        """Take bytes. Raises WireError for what is no frame of this call."""
        self._buffer += data
        if len(self._buffer) > 2 * KEPT_BYTES + NOISE_BYTES:
            raise WireError("more bytes than an order may bring")
        while self.reply is None and self._read():
            pass

    def _read(self) -> bool:
        start = self._buffer.find(self._mark)
        end = self._buffer.find(b"\n", max(start, 0))
        if start < 0 or end < 0:
            return False
        words = bytes(self._buffer[start + len(self._mark) : end]).decode("ascii", "replace").split(" ")
        try:
            return self._take(words, end + 1)
        except (KeyError, ValueError) as error:
            raise WireError(f"a frame's header is broken: {words!r:.80}") from error

    def _take(self, words: Sequence[str], end: int) -> bool:
        match words:
            case ["g", ("0" | "1") as first]:
                self.is_first = first == "1"
            case ["r"]:
                self.is_refused = True
            case ["d", _]:
                self.has_drifted = True
            case ["o", state, *numbers]:
                return self._take_reply(State(state), [int(number) for number in numbers], end)
            case _:
                raise ValueError("unexpected kind of frame")
        del self._buffer[:end]
        return True

    def _take_reply(self, state: State, numbers: Sequence[int], end: int) -> bool:
        status, index, took_ms, out, err = numbers
        if not 0 <= min(out, err) <= max(out, err) <= KEPT_BYTES:
            raise ValueError("a reply larger than is kept")
        if len(self._buffer) < end + out + err:
            return False
        self.reply = OrderReply(
            state=state,
            status=status,
            index=index,
            duration_s=took_ms / 1000,
            stdout=bytes(self._buffer[end : end + out]),
            stderr=bytes(self._buffer[end + out : end + out + err]),
        )
        return True
