"""What a button does. A click is never silently ignored: it acts, or its person reads why not."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from bot.errors import Busy, Stale
from bot.explain import parts
from bot.model.event import Refused
from bot.model.incident import Incident, fold
from bot.slack.blocks import (
    glass_view,
    group_of,
    note_view,
    output_view,
    reason_view,
    sign_view,
    wanted_texts,
)
from bot.slack.blocks.told import explain_view
from bot.slack.caller import Caller
from bot.slack.counter import Counter, Office
from bot.slack.forms import Form, where_of

_log = logging.getLogger(__name__)
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")
_VOTES = frozenset({"approve", "reject", "no_because", "glass", "sign"})
_BUTTONS = _VOTES | {"again", "export", "note", "output", "explain"}
_ELSEWHERE = "the button does not belong to the message it was clicked on"
_NEWEST = "Use the newest card in the incident's thread"
_UNKNOWN = "this approval is not in the ledger, nothing was done; run the check again for a fresh card"
_OLD = "this button is from an older message and does nothing any more; use the newest message of the thread"
#: A card is clicked before the ledger says where it stands while Slack's answer to it is on its way.
_WRITTEN_WITHIN_S = 2.0
_LOOK_EVERY_S = 0.1
_MISSHAPEN = f"what came was not as Slack makes it; nothing was done. {_NEWEST}"


class Clicks:
    """Serves one click; the button gives an id, everything else comes from the ledger."""

    def __init__(self, office: Office, counter: Counter) -> None:
        self._office = office
        self._counter = counter

    async def serve(self, caller: Caller, action: dict[str, Any]) -> None:
        """Do what the button says. Raises AskError, LedgerError or ChatError for the top handler."""
        name, value = str(action.get("action_id")), str(action.get("value") or "")
        if not _ID.match(value) or name not in _BUTTONS:
            raise await self._refused(caller, f"button {name[:40]!r} with {value[:40]!r}", _OLD)
        if not self._is_from_here(caller, action, name):
            wanted = f"button {name!r} out of its place"
            raise await self._refused(caller, wanted, f"{_ELSEWHERE}; nothing was done. {_NEWEST}")
        match name:
            case "approve" | "reject":
                await self._vote(caller, value, is_yes=name == "approve")
            case "no_because" | "glass" | "sign":
                await self._open_words(caller, value, name)
            case "again":
                await self._check(caller, value, name)
                self._count(caller)
                await self._counter.again(caller, value)
            case "export":
                await self._check(caller, value, name)
                self._count(caller)
                await self._counter.export(caller, value, "md")
            case "note":
                await self._open_note(caller, value)
            case "output":
                await self._open_output(caller, value)
            case _:
                await self._open_explanation(caller, value)

    async def misshapen(self, caller: Caller, flaw: str) -> None:
        """Write down a payload that is none in form. Raises Stale for the top handler to tell."""
        raise await self._refused(caller, f"a payload that is not as Slack makes it: {flaw}", _MISSHAPEN)

    def _is_from_here(self, caller: Caller, action: Mapping[str, Any], name: str) -> bool:
        """Whether workspace, block and message fit each other, as they do in all that Slack draws for us."""
        is_home = caller.workspace in (None, self._office.home.team)
        is_in_place = name not in _VOTES or action.get("block_id") == "decide"
        return is_home and is_in_place and caller.is_of_one_piece

    def _count(self, caller: Caller) -> None:
        over = self._office.throttle.count(user=caller.user, channel=caller.channel)
        if over is not None:
            raise Busy(over.says)

    async def _vote(self, caller: Caller, approval: str, *, is_yes: bool) -> None:
        incident = await self._office.ledger.incident_of(approval)
        if incident is None:
            raise await self._refused(caller, f"a vote on {approval}", _UNKNOWN)
        wanted = f"{'approve' if is_yes else 'reject'} by a button"
        await self._check(caller, incident, wanted, key=f"card:{approval}", approval=approval)
        actor = await self._counter.actor(caller, wanted=wanted, is_fresh=True)
        await self._office.desk.vote(actor, approval, is_yes=is_yes)
        self._office.presenter.changed(incident)

    async def _refused(self, caller: Caller, wanted: str, why: str) -> Stale:
        """What to raise for a click that no button of ours makes, after it was written down."""
        _log.warning("tampered or old button: %s by %s", wanted, caller.user)
        actor = await self._counter.actor(caller, wanted=wanted)
        await self._counter.refused(actor, wanted=wanted, why=why)
        return Stale(why)

    async def cast(self, form: Form, *, is_yes: bool) -> None:
        """A vote by a form: a no with its reason, or a yes by break-glass or signed. Raises like `serve`."""
        wanted = f"{'approve' if is_yes else 'reject'} by a form"
        actor = await self._counter.actor(form.caller, wanted=wanted, is_fresh=True)
        incident = await self._office.desk.vote(
            actor,
            form.approval,
            is_yes=is_yes,
            reason="" if is_yes else form.text,
            break_glass=form.text if is_yes else "",
            signature=form.signature,
        )
        self._office.presenter.changed(incident)

    async def _open_words(self, caller: Caller, approval: str, name: str) -> None:
        """The form for a reason or a justification; the vote itself is decided when it comes."""
        incident = await self._office.ledger.incident_of(approval)
        if incident is None or caller.trigger is None:
            raise Stale(_OLD)
        state, _ = await self._check(caller, incident, name, key=f"card:{approval}", approval=approval)
        found = state.approval(approval)
        if found is None:
            raise Stale(_OLD)
        where = where_of(caller, incident, approval=approval)
        views = {"no_because": reason_view, "glass": glass_view, "sign": sign_view}
        await self._office.api.open_view(caller.trigger, views[name](where, found))

    async def _check(
        self,
        caller: Caller,
        incident: str,
        wanted: str,
        *,
        key: str | None = None,
        approval: str | None = None,
    ) -> tuple[Incident, str]:
        """The incident and the key of the message that was clicked.

        Raises Stale when the message is not one of the incident's, or not the one that carries this
        button: then the payload was tampered with or the message is a copy. That is recorded.
        """
        state, found = await self._clicked(caller, incident, key)
        if state.opened is None:
            raise Stale(_OLD)
        if found is not None and key in (None, found):
            return state, found
        actor = await self._counter.actor(caller, wanted=wanted)
        why = _ELSEWHERE
        _log.warning("tampered or copied button: %s by %s", wanted, caller.user)
        refused = Refused(by=actor.account, person=actor.person, wanted=wanted, why=why, approval=approval)
        await self._office.ledger.append(incident, [refused])
        raise Stale(f"{why}; nothing was done. {_NEWEST}")

    async def _clicked(self, caller: Caller, incident: str, key: str | None) -> tuple[Incident, str | None]:
        """The incident, and the key of its message that was clicked; None when it has none there.

        Where nobody knows yet where the message `key` stands, that is waited for.
        """
        time, here = self._office.time, (caller.channel, caller.message)
        until_s = time.monotonic() + _WRITTEN_WITHIN_S
        while True:
            state = fold(await self._office.ledger.entries(incident))
            stands = self._office.presenter.stands(state)
            found = next((name for name, one in stands.items() if (one.channel, one.ts) == here), None)
            if found is not None or key is None or key in stands or time.monotonic() >= until_s:
                return state, found
            await time.sleep(_LOOK_EVERY_S)

    async def _open_note(self, caller: Caller, incident: str) -> None:
        if caller.trigger is None:
            raise Stale(_OLD)
        # The form first: Slack gives three seconds. Whether the note may be added is asked when it comes.
        await self._office.api.open_view(caller.trigger, note_view(where_of(caller, incident)))

    async def _open_explanation(self, caller: Caller, cause: str) -> None:
        """The docs page of a cause, here; it tells nothing of any host, so anybody may read it."""
        told = parts(cause)
        if caller.trigger is None or not told[""]:
            raise Stale(_OLD)
        await self._office.api.open_view(caller.trigger, explain_view(cause, told))

    async def _open_output(self, caller: Caller, incident: str) -> None:
        state, key = await self._check(caller, incident, "show output")
        found = group_of(key)
        run = next((one for one in state.runs if found and one.number == found[1]), None)
        if found is None or run is None or caller.trigger is None:
            raise Stale(_OLD)
        await self._counter.member(caller, wanted="show output")
        view = await self._office.presenter.view(state, wanted_texts(state))
        await self._office.api.open_view(caller.trigger, output_view(run, found[0], view))
