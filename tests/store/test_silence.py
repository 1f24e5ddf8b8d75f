"""How long a database has said nothing, by who waits for it."""

import asyncio
from contextlib import suppress

import pytest

from bot.errors import Conflict
from bot.store.silence import Silence


class HandClock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def silence(clock: HandClock) -> Silence:
    return Silence(clock)


def test_there_is_none_while_nobody_waits(silence: Silence, clock: HandClock) -> None:
    clock.at += 60

    assert silence.lasts_s == 0.0


def test_it_lasts_as_long_as_somebody_waits_in_vain(silence: Silence, clock: HandClock) -> None:
    with silence.waited():
        clock.at += 7

        assert silence.lasts_s == 7.0


def test_an_answer_to_somebody_else_ends_it(silence: Silence, clock: HandClock) -> None:
    with silence.waited():
        clock.at += 7
        with silence.waited():
            pass
        clock.at += 2

        assert silence.lasts_s == 2.0


@pytest.mark.parametrize(
    ("error", "lasts_s"), [(Conflict(), 0.0), (TimeoutError(), 7.0), (asyncio.CancelledError(), 7.0)]
)
def test_an_error_is_an_answer_unless_it_came_of_waiting(
    silence: Silence, clock: HandClock, error: BaseException, lasts_s: float
) -> None:
    with silence.waited():
        clock.at += 7
        with suppress(type(error)), silence.waited():
            raise error

        assert silence.lasts_s == lasts_s
