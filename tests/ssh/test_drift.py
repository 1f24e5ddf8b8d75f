"""The frame of a host whose kit lacks what was asked for, and the words that such a host is told."""

import pytest

from bot.model.command import Command
from bot.model.host import Host, Mode
from bot.ssh.errand import order_errand, read_errand
from bot.ssh.frames import Drifted
from bot.ssh.order_wire import OrderDecoder, OrderRequest, Verb
from bot.ssh.wire import FrameDecoder, Request, WireError, encode_hello

RUN = "0123456789abcdef" * 2
NONCE = "f" * 32
COMMANDS = (Command(step="a", alternatives=(("echo", "secret words"),)),)
GUARDED = Host(name="web-01", address="x", user="x", mode=Mode.GUARDED)


def test_a_read_says_that_the_kit_is_another() -> None:
    decoder = FrameDecoder(RUN, [1024])

    with pytest.raises(Drifted, match="kit 'abc' does not hold it"):
        list(decoder.feed(f"@{RUN} d abc\n".encode()))


def test_after_its_first_word_a_host_cannot_have_drifted() -> None:
    decoder = FrameDecoder(RUN, [1024])
    list(decoder.feed(encode_hello(RUN, 1.0)))

    with pytest.raises(WireError, match="header is broken"):
        list(decoder.feed(f"@{RUN} d abc\n".encode()))


def test_an_order_says_that_the_kit_is_another() -> None:
    decoder = OrderDecoder(RUN)

    decoder.feed(f"@{RUN} d abc\n".encode())

    assert (decoder.has_drifted, decoder.is_first, decoder.reply) == (True, None, None)


def test_a_guarded_host_is_told_names_alone() -> None:
    request = Request(nonce=RUN, life_s=12.5, commands=COMMANDS)
    order = OrderRequest(run=RUN, verb=Verb.ACT, nonce=NONCE, commands=(("reboot",),))

    look, act = read_errand(GUARDED, request), order_errand(GUARDED, order)
    settle = order_errand(GUARDED, OrderRequest(run=RUN, verb=Verb.SETTLE, nonce=NONCE))

    assert [one.stdin for one in (look, act, settle)] == [b"", b"", b""]
    assert look.command.split()[:3] == ["v1", "look", RUN]
    assert look.command.endswith(" 12500")
    assert act.command.split()[:3] == ["v1", "act", RUN]
    assert act.command.endswith(NONCE)
    assert settle.command == f"v1 settle {RUN} {NONCE}"
    assert not any(word in one.command for one in (look, act) for word in ("echo", "secret", "reboot"))


@pytest.mark.parametrize("life_s", [0.0, 1e9])
def test_a_time_keeps_the_form_that_a_guard_takes(life_s: float) -> None:
    told = read_errand(GUARDED, Request(nonce=RUN, life_s=life_s, commands=COMMANDS)).command.split()[-1]

    assert 1 <= int(told) <= 999_999


def test_a_plain_host_is_asked_as_ever() -> None:
    plain = Host(name="web-01", address="x", user="x")

    errand = read_errand(plain, Request(nonce=RUN, life_s=1, commands=COMMANDS))

    assert (errand.is_guarded, b"secret" in errand.stdin) == (False, True)
