"""Time grows with the input and not faster; measured against plain input on the same machine."""

from functools import partial

from bot.redact import clean
from tests.redact.adversarial import SIZE, inputs
from tests.support.hostile import IS_FULL
from tests.support.spent import cpu_s

_PLAIN = (
    b"2026/11/20 10:00:00 [error] 812#812: *5 connect() failed (111: Connection refused) while connecting to"
    b' upstream, client: 203.0.113.9, server: _, request: "GET /a HTTP/1.1", upstream: "http://127.0.0.1:3000/a"\n'
)
#: The worst seen is 4; quadratic matching on lines of 4,096 would be in the hundreds.
_MOST_TIMES = 16


def test_no_hostile_input_costs_many_times_a_plain_one() -> None:
    size = SIZE if IS_FULL else SIZE // 4  # Lines are cut at 4,096: what is slow is slow in these, too.
    hostile = inputs(size)
    plain = (_PLAIN * (size // len(_PLAIN) + 1))[:size]
    most_s = _MOST_TIMES * cpu_s(lambda: clean(plain))
    assert len(hostile) >= 26

    slow = {
        name: spent
        for name, raw in hostile.items()
        if cpu_s(partial(clean, raw), tries=1) > most_s and (spent := cpu_s(partial(clean, raw))) > most_s
    }

    assert slow == {}
