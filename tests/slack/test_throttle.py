"""Too many requests get an honest answer."""

import pytest

from bot.errors import BadRequest
from bot.slack.throttle import Limits, Throttle


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_person_is_told_how_long_to_wait_and_others_go_on() -> None:
    hand = Hand()
    throttle = Throttle(hand, Limits(per_user=2, per_channel=10))
    throttle.check(user="U1", channel="C1")
    hand.now = 10.0
    throttle.check(user="U1", channel="C1")

    with pytest.raises(BadRequest, match="you asked 2 times in a minute; nothing was started, wait 50 s"):
        throttle.check(user="U1", channel="C1")
    throttle.check(user="U2", channel="C1")


def test_after_a_minute_the_person_may_ask_again() -> None:
    hand = Hand()
    throttle = Throttle(hand, Limits(per_user=1, per_channel=10))
    throttle.check(user="U1", channel="C1")

    hand.now = 60.0

    throttle.check(user="U1", channel="C1")


def test_a_channel_has_its_own_limit() -> None:
    throttle = Throttle(Hand(), Limits(per_user=10, per_channel=2))
    throttle.check(user="U1", channel="C1")
    throttle.check(user="U2", channel="C1")

    with pytest.raises(BadRequest, match="this channel asked 2 times"):
        throttle.check(user="U3", channel="C1")
    throttle.check(user="U3", channel="C2")
