"""The request goes over exactly; no output can be taken for a frame; nothing broken is believed."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.command import Command
from bot.ssh.wire import (
    EXITED,
    NOISE_BYTES,
    TIMED_OUT,
    FrameDecoder,
    HelloFrame,
    Request,
    ResultFrame,
    WireError,
    decode_request,
    encode_hello,
    encode_request,
    encode_result,
)

NONCE = "ab" * 16
HELLO = encode_hello(NONCE, 1_700_000_000.25)
TEXT = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=20)
ARGV = st.lists(TEXT, min_size=1, max_size=4).map(tuple)
COMMANDS = st.lists(
    st.builds(
        Command,
        step=TEXT,
        alternatives=st.lists(ARGV, min_size=1, max_size=3).map(tuple),
        ok_exit=st.frozensets(st.integers(0, 255), max_size=3),
        timeout_s=st.integers(1, 60_000).map(lambda ms: ms / 1000),
        max_bytes=st.integers(1, 1_000_000),
    ),
    max_size=4,
    unique_by=lambda command: command.step,
).map(tuple)
BYTES = st.binary(max_size=200) | st.sampled_from(
    [HELLO, f"@{NONCE} e 1 0 x 0 1 0 0 0\n".encode(), f"@{NONCE} ".encode(), b"\n@", b"@"]
)


def result(index: int = 0, **kwargs: object) -> ResultFrame:
    values: dict[str, object] = {"alternative": 0, "how": EXITED, "status": 0, "duration_s": 0.5}
    values |= {"stdout": b"", "stderr": b""} | kwargs
    return ResultFrame(index=index, **values)  # type: ignore[arg-type]


def decoder(count: int = 3) -> FrameDecoder:
    return FrameDecoder(NONCE, [1000] * count)


@given(COMMANDS)
def test_a_request_comes_back_as_it_was(commands: tuple[Command, ...]) -> None:
    waiting = tuple(
        Command(**{**vars(command), "after": (earlier.step,)}) for earlier, command in pairwise(commands)
    )
    request = Request(nonce=NONCE, life_s=9.5, commands=commands[:1] + waiting)

    line = encode_request(request)

    assert decode_request(line) == request
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert all(32 <= byte < 127 for byte in line[:-1])


def test_bytes_that_are_no_text_go_over_too() -> None:
    command = Command(step="a", alternatives=(("\udcff\udc00"[:1],),))

    line = encode_request(Request(nonce=NONCE, life_s=1, commands=(command,)))

    assert b"=\\0377" in line
    assert decode_request(line).commands == (command,)


def test_a_nul_is_refused_since_no_argument_can_hold_one() -> None:
    with pytest.raises(ValueError, match="NUL"):
        encode_request(
            Request(nonce=NONCE, life_s=1, commands=(Command(step="a", alternatives=(("a\0b",),)),))
        )


@pytest.mark.parametrize("alternatives", [(), ((),), (("a",), ())], ids=["none", "empty", "second empty"])
def test_an_empty_command_is_refused(alternatives: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(ValueError, match="empty command"):
        encode_request(
            Request(nonce=NONCE, life_s=1, commands=(Command(step="a", alternatives=alternatives),))
        )


def test_steps_that_wait_for_each_other_are_refused() -> None:
    one = Command(step="one", alternatives=(("a",),), after=("two",))
    two = Command(step="two", alternatives=(("a",),), after=("one",))

    with pytest.raises(ValueError, match="wait for each other: one, two"):
        encode_request(Request(nonce=NONCE, life_s=1, commands=(one, two)))


@pytest.mark.parametrize(
    "line", [b"", b"runbook-bot/2 a 1", b"runbook-bot/1 a 1 x =a 1 1 0 -", b"hello there you"]
)
def test_a_line_that_is_no_request_is_refused(line: bytes) -> None:
    with pytest.raises(WireError):
        decode_request(line)


@settings(max_examples=300)
@given(st.lists(st.tuples(BYTES, BYTES), max_size=3), st.integers(1, 50))
def test_no_output_is_taken_for_a_frame(outputs: list[tuple[bytes, bytes]], piece: int) -> None:
    sent = [result(index, stdout=out, stderr=err) for index, (out, err) in enumerate(outputs)]
    stream = HELLO + b"".join(encode_result(NONCE, frame) for frame in sent)
    reader = decoder()

    pieces = [stream[at : at + piece] for at in range(0, len(stream), piece)]
    frames = [frame for data in pieces for frame in reader.feed(data)]

    assert frames == [HelloFrame(clock_s=1_700_000_000.25), *sent]


def test_what_a_login_shell_says_first_is_skipped() -> None:
    noise = b"Welcome to web-01\n@ deadbeef h 1\n\xff\xfe"

    assert list(decoder().feed(noise + HELLO)) == [HelloFrame(clock_s=1_700_000_000.25)]


def test_a_login_shell_that_never_stops_is_given_up() -> None:
    with pytest.raises(WireError, match="no frame among them"):
        list(decoder().feed(b"x" * (NOISE_BYTES + 1)))


def test_a_frame_that_is_not_whole_gives_nothing() -> None:
    reader = decoder()
    stream = HELLO + encode_result(NONCE, result(stdout=b"12345"))

    assert list(reader.feed(stream[:-1])) == [HelloFrame(clock_s=1_700_000_000.25)]
    assert list(reader.feed(stream[-1:])) == [result(stdout=b"12345")]


FORGED = {
    "another run's nonce": encode_result("cd" * 16, result()),
    "no frame": b"plain output\n",
    "an index nobody asked for": encode_result(NONCE, result(3)),
    "a negative index": encode_result(NONCE, result(-1)),
    "an answer twice": encode_result(NONCE, result()) * 2,
    "more than was asked for": encode_result(NONCE, result(stdout=b"x" * 1001)),
    "a negative length": f"@{NONCE} e 0 0 x 0 1 -1 0 0\n".encode(),
    "negative omitted bytes": f"@{NONCE} e 0 0 x 0 1 0 0 -1\n".encode(),
    "an unknown end": encode_result(NONCE, result(how="fine")),
    "words missing": f"@{NONCE} e 0 0 x 0 1\n".encode(),
    "words too many": f"@{NONCE} e 0 0 x 0 1 0 0 0 0\n".encode(),
    "no number": f"@{NONCE} e 0 0 x zero 1 0 0 0\n".encode(),
    "a second hello": HELLO,
    "an unknown kind": f"@{NONCE} q\n".encode(),
    "a header without end": f"@{NONCE} e {'0' * 300}".encode(),
    "invalid UTF-8": f"@{NONCE} e ".encode() + b"\xff\n",
}


@pytest.mark.parametrize("bad", FORGED.values(), ids=FORGED.keys())
def test_what_is_no_frame_of_this_run_is_refused(bad: bytes) -> None:
    reader = decoder()
    list(reader.feed(HELLO))

    with pytest.raises(WireError):
        list(reader.feed(bad))


def test_a_result_before_the_hello_is_refused() -> None:
    with pytest.raises(WireError):
        list(decoder().feed(encode_result(NONCE, result())))


@given(st.binary(max_size=300))
def test_random_bytes_never_become_a_result(data: bytes) -> None:
    reader = decoder()
    try:
        frames = [*reader.feed(HELLO), *reader.feed(data)]
    except WireError:
        return

    assert frames == [HelloFrame(clock_s=1_700_000_000.25)]


def test_a_time_out_goes_over() -> None:
    frame = result(how=TIMED_OUT, stdout=b"part", omitted_bytes=7, alternative=2)

    assert list(decoder().feed(HELLO + encode_result(NONCE, frame)))[1] == frame
