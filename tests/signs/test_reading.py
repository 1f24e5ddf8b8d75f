"""Reading a whole case."""

from bot.model.sign import Piece
from bot.signs import read
from bot.signs.reading import LONGEST_LINE, MOST_OF_A_KIND

_REFUSED = "connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.{}"


def test_of_a_kind_that_fills_the_log_both_ends_are_kept() -> None:
    text = "\n".join(_REFUSED.format(n) for n in range(3 * MOST_OF_A_KIND))

    refused = read([Piece(text=text)]).of("dial_refused")

    assert len(refused) == 2 * MOST_OF_A_KIND
    assert refused[0].line == _REFUSED.format(0)
    assert refused[-1].line == _REFUSED.format(3 * MOST_OF_A_KIND - 1)


def test_a_rare_sign_between_many_is_never_dropped() -> None:
    many = [_REFUSED.format(n) for n in range(3 * MOST_OF_A_KIND)]
    rare = "Out of memory: Killed process 4411 (gunicorn)"

    signs = read([Piece(text="\n".join([*many, rare, *many]))])

    assert [sign.line for sign in signs.of("out_of_memory")][:1] == [rare]


def test_a_readers_line_stands_where_it_is_written() -> None:
    signs = read([Piece(text="$ ss -ltn\nx\nLISTEN 0 511 127.0.0.1:3000 0.0.0.0:*")])

    assert [sign.at for sign in signs.of("listening")] == [(0, 2)]


def test_a_line_without_end_is_cut_for_readers_too() -> None:
    signs = read([Piece(text="LISTEN 0 511 127.0.0.1:3000 0.0.0.0:*" + " " * 5 + "x" * 2 * LONGEST_LINE)])

    assert all(len(sign.line) <= LONGEST_LINE for sign in signs.all)
    assert signs.has("listening")


def test_asking_for_several_kinds_keeps_the_texts_order() -> None:
    lines = ["no live upstreams while connecting", _REFUSED.format(1), "no live upstreams, again"]

    signs = read([Piece(text="\n".join(lines))])

    both = signs.of("dial_refused", "no_live")
    assert [sign.at for sign in both] == sorted(sign.at for sign in both)
    assert {sign.kind for sign in both} == {"dial_refused", "no_live"}
    assert both == signs.of("no_live", "dial_refused")
    assert both is signs.of("dial_refused", "no_live")  # asked again and again, it is put together once
    assert signs.first("dial_refused", "no_live", "noise") == both[0]
