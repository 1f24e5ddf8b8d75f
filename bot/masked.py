"""A ledger into which no secret gets, whoever wrote it: what people type is masked before it is kept.

What hosts say is cleaned where it comes in; here is the last gate before the chain, from which nothing
can be taken out again, and from which threads and exports are drawn.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    Entry,
    Event,
    Hold,
    IncidentOpened,
    Noted,
    Ready,
    Refused,
    RunFailed,
    StepEnded,
    Voted,
)
from bot.model.refusal import AskRefused
from bot.ports import Ledger, LedgerAround
from bot.redact import KnownValues, mask


class MaskedLedger(LedgerAround):
    """Another ledger, with free text masked; what digests and votes are bound to stays as it is."""

    def __init__(self, ledger: Ledger, known: KnownValues) -> None:
        super().__init__(ledger)
        self._known = known

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        """See `bot.ports.Ledger`."""
        masked = [without_secrets(event, self._known) for event in events]
        return await super().append(incident, masked, after_seq=after_seq, take=take, give=give)

    async def refuse(self, refusal: AskRefused) -> None:
        """See `bot.ports.Ledger`."""
        wanted, why = mask(refusal.wanted, self._known), mask(refusal.why, self._known)
        await super().refuse(replace(refusal, wanted=wanted, why=why))


def without_secrets(event: Event, known: KnownValues) -> Event:
    """The event with its free text masked."""
    match event:
        case IncidentOpened():
            return replace(event, words=mask(event.words, known))
        case Noted():
            return replace(event, text=mask(event.text, known))
        case Voted():
            return replace(event, reason=mask(event.reason, known))
        case Refused():
            return replace(event, wanted=mask(event.wanted, known), why=mask(event.why, known))
        case RunFailed() | ApprovalClosed():
            return replace(event, why=mask(event.why, known))
        case ActionEnded() | Ready():
            return replace(event, says=mask(event.says, known))
        case StepEnded(gap=str(gap)):
            return replace(event, gap=mask(gap, known))
    return event
