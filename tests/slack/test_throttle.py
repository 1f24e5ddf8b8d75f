"""Too many requests get an honest answer."""

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
    throttle.count(user="U1", channel="C1")
    hand.now = 10.0
    throttle.count(user="U1", channel="C1")

    over = throttle.count(user="U1", channel="C1")
    other = throttle.count(user="U2", channel="C1")

    assert over and over.says == "busy: you asked 2 times in a minute; nothing was started, wait 50 s"
    assert other is None


def test_of_a_flood_the_first_one_too_many_is_marked_and_again_after_it() -> None:
    hand = Hand()
    throttle = Throttle(hand, Limits(per_user=1, per_channel=10))

    def is_first() -> list[bool]:
        found = [throttle.count(user="U1", channel="C1") for _ in range(4)]
        return [one.is_first for one in found if one]

    assert is_first() == [True, False, False]
    hand.now = 60.0
    assert is_first() == [True, False, False]


def test_after_a_minute_the_person_may_ask_again() -> None:
    hand = Hand()
    throttle = Throttle(hand, Limits(per_user=1, per_channel=10))
    throttle.count(user="U1", channel="C1")

    hand.now = 60.0

    assert throttle.count(user="U1", channel="C1") is None


def test_a_channel_has_its_own_limit() -> None:
    throttle = Throttle(Hand(), Limits(per_user=10, per_channel=2))
    throttle.count(user="U1", channel="C1")
    throttle.count(user="U2", channel="C1")

    over = throttle.count(user="U3", channel="C1")

    assert over and "this channel asked 2 times" in over.says
    assert throttle.count(user="U3", channel="C2") is None


def test_the_usual_numbers_are_six_for_a_person_and_twenty_for_a_channel() -> None:
    throttle = Throttle(Hand(), Limits())

    alone = [throttle.count(user="U1", channel="C1") for _ in range(7)]
    many = [throttle.count(user=f"U{number}", channel="C1") for number in range(2, 30)]

    assert [over is None for over in alone] == [True] * 6 + [False]
    assert sum(over is None for over in many) == 14
