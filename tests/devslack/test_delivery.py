"""Events are tried again until they are taken; interactions never."""

import pytest

from bot.devslack.checks import Strict
from bot.devslack.clock import WallClock
from bot.devslack.delivery import Delivery
from bot.devslack.faults import Faults
from bot.devslack.feed import Feed
from bot.devslack.transport import Ack, Outcome, Parcel, Sort

TAKEN = Ack(outcome=Outcome.ACKED, payload={}, ms=1.0, status=200)
REFUSED = Ack(outcome=Outcome.REFUSED, payload={}, ms=1.0, status=500)
FINAL = Ack(outcome=Outcome.REFUSED, payload={}, ms=1.0, status=500, no_retry=True)


class Told:
    """A transport that answers as it was told, in order, and keeps what it got."""

    def __init__(self, *acks: Ack) -> None:
        self._acks = list(acks)
        self.got: list[Parcel] = []

    async def send(self, parcel: Parcel) -> Ack:
        self.got.append(parcel)
        return self._acks.pop(0)


class Hasty(WallClock):
    """No pause lasts; all are noted."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


def delivery(transport: Told, clock: Hasty) -> Delivery:
    return Delivery(transport, clock, Strict(frozenset()), Faults(clock, Feed()))


@pytest.mark.parametrize(
    ("acks", "attempts", "pauses"),
    [
        ((TAKEN,), [0], []),
        ((REFUSED, TAKEN), [0, 1], [0.0]),
        ((REFUSED, REFUSED, REFUSED, REFUSED), [0, 1, 2, 3], [0.0, 60.0, 300.0]),
        ((FINAL,), [0], []),
        ((REFUSED, FINAL), [0, 1], [0.0]),
    ],
    ids=["taken", "taken later", "never taken", "no retry asked", "no retry asked later"],
)
async def test_an_event_is_tried_until_it_is_taken(
    acks: tuple[Ack, ...], attempts: list[int], pauses: list[float]
) -> None:
    transport, clock = Told(*acks), Hasty()
    made = delivery(transport, clock)

    made.event({"event_id": "Ev1"})
    await made.until_idle()

    assert [parcel.attempt for parcel in transport.got] == attempts
    assert clock.pauses == pauses
    assert {parcel.retry_reason for parcel in transport.got[1:]} <= {"http_error"}


async def test_an_interaction_is_never_tried_again() -> None:
    transport = Told(REFUSED)

    ack = await delivery(transport, Hasty()).interaction(Sort.INTERACTIVE, {})

    assert ack is REFUSED
    assert len(transport.got) == 1


async def test_closing_ends_pending_retries() -> None:
    clock = WallClock()
    transport = Told(REFUSED, REFUSED, REFUSED, REFUSED)
    made = Delivery(transport, clock, Strict(frozenset()), Faults(clock, Feed()))
    made.event({})
    await made.until(2)

    await made.close()

    assert not made.is_busy
    assert len(transport.got) == 2
