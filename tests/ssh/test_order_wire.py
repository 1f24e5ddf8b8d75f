"""Orders and what the host says of them go over exactly; nothing broken is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ssh.order_wire import (
    KEPT_BYTES,
    OrderDecoder,
    OrderReply,
    OrderRequest,
    State,
    Verb,
    decode_order,
    encode_claim,
    encode_order,
    encode_reply,
)
from bot.ssh.wire import WireError

RUN = "ab" * 16
TEXT = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=20)
COMMANDS = st.lists(st.lists(TEXT, min_size=1, max_size=4).map(tuple), max_size=3).map(tuple)


def reply(**kwargs: object) -> OrderReply:
    values: dict[str, object] = {"state": State.ENDED, "status": 0, "index": 0, "duration_s": 0.5}
    return OrderReply(**(values | {"stdout": b"", "stderr": b""} | kwargs))  # type: ignore[arg-type]


@given(COMMANDS, st.sampled_from(Verb))
def test_an_order_comes_back_as_it_was(commands: tuple[tuple[str, ...], ...], verb: Verb) -> None:
    request = OrderRequest(run=RUN, verb=verb, nonce="cd" * 16, timeout_s=1.5, commands=commands)

    assert decode_order(encode_order(request)) == request


def test_an_empty_command_is_refused() -> None:
    with pytest.raises(ValueError, match="empty command"):
        encode_order(OrderRequest(run=RUN, verb=Verb.ACT, nonce="cd" * 16, commands=((),)))


@given(st.binary(max_size=100), st.binary(max_size=100), st.integers(1, 40))
def test_claim_and_reply_come_back_in_any_pieces(out: bytes, err: bytes, piece: int) -> None:
    sent = reply(stdout=out, stderr=err)
    stream = b"motd\n" + encode_claim(RUN, is_first=True) + encode_reply(RUN, sent)
    decoder = OrderDecoder(RUN)

    for at in range(0, len(stream), piece):
        decoder.feed(stream[at : at + piece])

    assert (decoder.is_first, decoder.reply) == (True, sent)


def test_a_reply_that_is_cut_is_none() -> None:
    decoder = OrderDecoder(RUN)

    decoder.feed(encode_claim(RUN, is_first=True) + encode_reply(RUN, reply(stdout=b"12345"))[:-1])

    assert (decoder.is_first, decoder.reply) == (True, None)


BROKEN = {
    "an unknown state": f"@{RUN} o z 0 0 0 0 0\n",
    "too few numbers": f"@{RUN} o x 0 0 0 0\n",
    "a negative length": f"@{RUN} o x 0 0 0 -1 0\n",
    "more than is kept": f"@{RUN} o x 0 0 0 {KEPT_BYTES + 1} 0\n",
    "an unknown frame": f"@{RUN} q\n",
    "half a claim": f"@{RUN} g\n",
    "endless noise": "x" * (2 * KEPT_BYTES + 100_000),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_frame_is_refused(data: str) -> None:
    with pytest.raises(WireError):
        OrderDecoder(RUN).feed(data.encode())


@pytest.mark.parametrize("line", [b"", b"runbook-bot/1 a act b", b"runbook-bot/1 a act b 1 =x"])
def test_a_line_that_is_no_order_is_refused(line: bytes) -> None:
    with pytest.raises(WireError):
        decode_order(line)
