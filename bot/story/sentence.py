"""An entry as a sentence for people who were not there: no ids, no words of the machinery."""

from typing import assert_never

from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    ChannelChanged,
    Claimed,
    Event,
    Exported,
    IncidentOpened,
    Intended,
    Noted,
    Proposed,
    Ready,
    Refused,
    RunEnded,
    RunFailed,
    RunStarted,
    Shown,
    StepEnded,
    Voted,
)
from bot.model.incident import Approval, Incident, Run
from bot.model.verdict import RestartAdvice, RestartEffect, Verdict
from bot.story.channel import channel_words
from bot.story.moment import doors, seconds, voted_words

_PLAIN_EXIT = "exit status "


def sentence(event: Event, incident: Incident) -> str | None:
    """What happened; None for what a reader of the timeline need not see, as each step's end."""
    match event:
        case IncidentOpened() | Noted() | Refused():
            return _of_people(event)
        case RunStarted() | RunEnded() | RunFailed():
            return _of_checks(event, incident)
        case Proposed() | Voted() | ApprovalClosed() | Claimed() | Intended() | ActionEnded() | Ready():
            approval = incident.approval(event.approval)
            return _of_actions(event, quoted(approval) if approval else event.approval)
        case ChannelChanged():
            return channel_words(event)
        case StepEnded() | Shown() | Exported():
            return None
        case _ as never:
            assert_never(never)


def deed(approval: Approval) -> str:
    """`start the app (myapp.service)`; the remedy's name where its file had no title."""
    proposed = approval.proposed
    return f"{proposed.title or proposed.remedy} ({proposed.target})"


def quoted(approval: Approval) -> str:
    """The deed inside a sentence."""
    return f"“{deed(approval)}”"


def run_name(run: Run) -> str:
    """Why the host was looked at: `first check`, `checked again just before acting`, …"""
    if run.is_precheck:
        return "checked again just before acting"
    if run.recheck_of:
        return "checked again after the action"
    if run.number == 1:
        return "first check"
    return "checked again on request"


def verdict_words(verdict: Verdict) -> str:
    """`nothing listens on 127.0.0.1:3000 – upstream_down, confirmed`."""
    return f"{verdict.says} – {verdict.cause}, {verdict.certainty.value}"


def restart_words(advice: RestartAdvice) -> str:
    """Whether a restart helps, as a sentence."""
    what = f"a restart of {'the app' if advice.what == 'app' else advice.what}"
    match advice.effect:
        case RestartEffect.HELPS:
            return f"{what} helps, because {advice.why}"
        case RestartEffect.TEMPORARY:
            return f"{what} helps for a while only, because {advice.why}"
        case RestartEffect.USELESS:
            return f"{what} does not help, because {advice.why}"
        case RestartEffect.HARMFUL:
            return f"{what} would do harm, because {advice.why}"
        case _ as never:
            assert_never(never)


def outcome_words(event: ActionEnded) -> str:
    """`done, exit 0, took 0.13 s: restarted`; an outcome that only repeats its exit status is left out."""
    exit_words = "" if event.exit_status is None else f", exit {event.exit_status}"
    says = "" if not event.says or event.says.startswith(_PLAIN_EXIT) else f": {event.says}"
    return f"{event.outcome.value}{exit_words}, took {seconds(event.duration_s)}{says}"


def ready_words(event: Ready) -> str:
    """Whether the service came back."""
    answers = "answers" if event.is_ready else "does not answer"
    return f"the service {answers} {seconds(event.after_s)} after the action: {event.says}"


def closed_words(event: ApprovalClosed) -> str:
    """Why nothing ran."""
    return f"closed without running anything ({event.how.value}): {event.why}"


def _of_people(event: IncidentOpened | Noted | Refused) -> str:
    match event:
        case IncidentOpened():
            is_more = set(event.words.split()) - {event.runbook, event.host}
            words = f": “{event.words}”" if is_more else ""
            return f"asked for {event.runbook} on {event.host}{words}"
        case Noted():
            return f"{'reviewed the break-glass' if event.is_review else 'noted'}: {event.text}"
        case Refused():
            says = event.ruling.says if event.ruling else ""
            policy = f" ({says})" if says and says != event.why else ""
            return f"was refused {event.wanted}: {event.why}{policy}"
        case _ as never:
            assert_never(never)


def _of_checks(event: RunStarted | RunEnded | RunFailed, incident: Incident) -> str | None:
    run = next((one for one in incident.runs if one.number == event.run), None)
    name = run_name(run) if run else f"run {event.run}"
    match event:
        case RunStarted():
            return None if run and run.is_over else f"{name}: begun, not ended"
        case RunEnded():
            is_same = any(
                _is_same(event.verdict, one) for one in incident.runs if one.number == event.run - 1
            )
            says = "the same verdict" if is_same else verdict_words(event.verdict)
            return f"{name}, {seconds(event.duration_s)}: {says}"
        case RunFailed():
            return f"{name} failed: {event.why}"
        case _ as never:
            assert_never(never)


def _is_same(verdict: Verdict, run: Run) -> bool:
    return run.verdict is not None and verdict_words(verdict) == verdict_words(run.verdict)


def _of_actions(
    event: Proposed | Voted | ApprovalClosed | Claimed | Intended | ActionEnded | Ready, what: str
) -> str | None:
    match event:
        case Proposed():
            return f"offered {what}; {event.quorum} of {event.approvers} must approve{doors(event)}"
        case Voted():
            return voted_words(event, deed=what) + (f": {event.reason}" if event.reason else "")
        case ApprovalClosed():
            return f"{what}: {closed_words(event)}"
        case Claimed():
            # What follows says it: begun, closed, or settled.
            return None
        case Intended():
            return f"began {what} on {event.host}"
        case ActionEnded():
            return f"{what}: {outcome_words(event)}"
        case Ready():
            return ready_words(event)
        case _ as never:
            assert_never(never)
