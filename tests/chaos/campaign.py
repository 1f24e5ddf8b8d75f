"""Many rounds: which deaths are played, side by side, and what they came to."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bot.model.event import ActionEnded, IncidentOpened, Intended
from tests.chaos.faults import Fault
from tests.chaos.found import Phase
from tests.chaos.points import RECOVERY, Death, Point
from tests.chaos.rounds import Round, play, play_side_by_side
from tests.chaos.stage import staged

#: Of the random rounds, how many die again while they recover.
AGAIN = 0.3
#: Seconds after its start in which a recovering server dies again.
_RECOVERY_S = 2.5
#: The phases aimed at, in turn, so that few rounds are spread like many; what was hit is counted afterwards.
_AIM = (*(2 * (Phase.BEFORE, Phase.INTENT, Phase.STARTED)), Phase.OVER)
#: A phase that was hit so many times less than its turns is aimed at next: the pace changes with the load.
_LAGS = 2.0


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long an undisturbed action stays in each phase here, in seconds."""

    before_s: float
    intent_s: float
    started_s: float
    over_s: float


#: A usual one, for where it does not matter which phase is hit how often.
USUAL = Pace(before_s=1.2, intent_s=0.2, started_s=0.8, over_s=3.0)


def pace_of(calm: Round) -> Pace:
    """By the round in which nothing died."""
    entries = next(iter(calm.left.entries.values()))
    at = {type(entry.event): entry.at.timestamp() for entry in entries}
    start = calm.left.starts[0]
    return Pace(
        before_s=at[Intended] - at[IncidentOpened],
        intent_s=start.began - at[Intended],
        started_s=at[ActionEnded] - start.began,
        over_s=entries[-1].at.timestamp() - at[ActionEnded],
    )


def _aim(seed: int, phases: Counter[Phase]) -> Phase:
    """The seed's phase, or the one that the deaths so far missed most."""
    lag, most = max(
        (phases.total() * _AIM.count(phase) / len(_AIM) - phases[phase], phase.name) for phase in Phase
    )
    return Phase[most] if lag > _LAGS else _AIM[seed % len(_AIM)]


def drawn(seed: int, pace: Pace, tally: "Tally") -> list[Death]:
    """Deaths at a random time in one phase, some followed by another one during recovery."""
    chance = random.Random(seed)
    begins, from_s, to_s = {
        Phase.BEFORE: (Point.ASKED, 0.0, pace.before_s),
        Phase.INTENT: (Point.AFTER_INTENT, 0.0, pace.intent_s),
        Phase.STARTED: (Point.AFTER_INTENT, pace.intent_s, pace.intent_s + pace.started_s),
        Phase.OVER: (Point.AFTER_OUTCOME, 0.0, pace.over_s),
    }[_aim(seed, tally.phases)]
    deaths = [Death(at=begins, after_s=chance.uniform(from_s, to_s))]
    if chance.random() < AGAIN:
        deaths.append(Death(at=Point.STARTED, after_s=chance.uniform(0, _RECOVERY_S)))
    return deaths


def named(point: Point) -> list[Death]:
    """Deaths that lead to a point and end there."""
    before = [Death(at=RECOVERY[point])] if point in RECOVERY else []
    return [*before, Death(at=point)]


@dataclass
class Tally:
    """Sums over rounds."""

    rounds: list[Round] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return sum(len(one.died) for one in self.rounds)

    @property
    def faults(self) -> list[str]:
        return [f"{one}" for one in self.rounds if one.faults]

    @property
    def phases(self) -> Counter[Phase]:
        """Of the first death of each round."""
        return Counter(one.died[0].phase for one in self.rounds if one.died)

    @property
    def recoveries(self) -> int:
        """Deaths of a server that was recovering."""
        return sum(len(one.died) - 1 for one in self.rounds if one.died)

    @property
    def not_reached(self) -> int:
        return sum(not died.was_reached for one in self.rounds for died in one.died)

    def __str__(self) -> str:
        spread = ", ".join(f"{phase.value} {self.phases[phase]}" for phase in Phase)
        slowest = max((one.left.resolved_after_s or 0.0 for one in self.rounds), default=0.0)
        entries = sum(len(each) for one in self.rounds for each in one.left.entries.values())
        ran = sum(len(one.left.starts) for one in self.rounds)
        return (
            f"{len(self.rounds)} rounds, {self.kills} kills ({self.recoveries} during recovery, "
            f"{self.not_reached} came after the end), first kill {spread}; {ran} actions, {entries} entries, "
            f"slowest recovery {slowest:.1f} s; rounds with a broken promise: {len(self.faults)}"
        )


#: Makes a stage's ledger: nothing for a file in its folder.
NewLedger = Callable[[], str | None]
#: Says, when its turn comes, which deaths a round has.
Plan = Callable[["Tally"], Sequence[Death]]


async def campaign(
    folder: Path,
    plans: Sequence[Sequence[Death] | Plan],
    *,
    lanes: int,
    new_ledger: NewLedger = lambda: None,
    side_by_side: bool = False,
    fault: Fault | None = None,
) -> Tally:
    """Play each plan in a world of its own, so many at a time; with two servers when they share a ledger."""
    places, tally = asyncio.Semaphore(lanes), Tally()

    async def one(number: int, planned: Sequence[Death] | Plan) -> None:
        async with places, staged(folder / str(number), await asyncio.to_thread(new_ledger)) as stage:
            stage.fault = fault
            plan = planned(tally) if callable(planned) else planned
            playing = play_side_by_side(stage, next(iter(plan))) if side_by_side else play(stage, plan)
            tally.rounds.append(await playing)

    async with asyncio.TaskGroup() as group:
        for number, plan in enumerate(plans):
            group.create_task(one(number, plan))
    return tally


async def measured(folder: Path, *, rounds: int = 2) -> Pace:
    """The pace of this machine at this moment, by the middle of some calm rounds."""
    tally = await campaign(folder, [[]] * rounds, lanes=rounds)
    paces = [pace_of(one) for one in tally.rounds]
    return Pace(**{name: median(getattr(one, name) for one in paces) for name in vars(paces[0])})
