"""Incidents as lists of events, and as chained entries without a database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.model.command import Ended
from bot.model.event import (
    ActionEnded,
    Claimed,
    Entry,
    Event,
    IncidentOpened,
    Intended,
    Outcome,
    Proposed,
    Ready,
    RunEnded,
    RunStarted,
    Shown,
    StepEnded,
    Voted,
)
from bot.model.evidence import Gap, GapKind
from bot.model.person import Account, Origin
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RestartEffect, RuledOut, Verdict
from bot.store.chain import genesis, link
from bot.store.codec import encode

T0 = datetime(2026, 1, 31, 3, 0, tzinfo=UTC)
OLU = Account(origin=Origin.SLACK, id="U0OLU", team="T0", shown_as="Olu")
MEI = Account(origin=Origin.SLACK, id="U0MEI", team="T0", shown_as="Mei")
SAM = Account(origin=Origin.TERMINAL, id="sam")
NONCE = "0123456789abcdef0123456789abcdef"
HOST_KEY = "SHA256:Wm9ubmUgaXN0IHNjaG9lbiB1bmQgd2FybSBoZXV0ZS4"
RESTART = (("sudo", "-n", "systemctl", "restart", "shop api.service"),)
REFUSED_LINE = "connect() failed (111: Connection refused) while connecting to upstream"


def broken(cause: str = "upstream_down", *, line: str = REFUSED_LINE) -> Verdict:
    """A verdict with one confirmed cause."""
    restart = RestartAdvice(effect=RestartEffect.HELPS, what="app", why="the process is gone")
    finding = Finding(
        cause=cause,
        certainty=Certainty.CONFIRMED,
        says=f"nothing listens: {cause}",
        because=(Line(step="error_log", text=line),),
        restart=restart,
    )
    return Verdict(
        cause=cause,
        certainty=Certainty.CONFIRMED,
        says=f"nothing listens: {cause}",
        found=(finding,),
        ruled_out=(RuledOut(cause="disk_full", says="the disk is 40 % full"),),
        unchecked=(Gap(step="kernel", kind=GapKind.REFUSED, reason="sudo refused journalctl -k"),),
        restart=restart,
        remedies=("restart_unit",),
    )


def healthy() -> Verdict:
    """A verdict without trouble."""
    return Verdict(
        cause="healthy",
        certainty=Certainty.CONFIRMED,
        says="nginx answers 200",
        found=(),
        ruled_out=(),
        unchecked=(),
        restart=RestartAdvice(effect=RestartEffect.USELESS, what="app", why="it is well"),
    )


def opened(host: str = "web-01", *, person: str = "olu", timezone: str = "Europe/Berlin") -> IncidentOpened:
    return IncidentOpened(
        runbook="502", host=host, by=OLU, person=person, timezone=timezone, words=f"502 {host}"
    )


def ran(run: int, verdict: Verdict, *, reason: str = "ask", evidence: str | None = None) -> tuple[Event, ...]:
    """A whole run of one step."""
    return (
        RunStarted(run=run, reason=reason, runbook_digest="d" * 64, steps=("error_log",)),
        StepEnded(
            run=run,
            step="error_log",
            argv=("tail", "-n", "500", "/var/log/nginx/error.log"),
            ended=Ended.EXITED,
            exit_status=0,
            duration_s=0.0125,
            evidence=evidence,
        ),
        RunEnded(
            run=run, verdict=verdict, host_key=HOST_KEY, skew_s=0.1, duration_s=1.5, state={"unit": "active"}
        ),
    )


def proposed(approval: str = "a1", *, quorum: int = 1, at: datetime = T0) -> Proposed:
    return Proposed(
        approval=approval,
        remedy="restart_unit",
        host="web-01",
        target="shop.service",
        commands=RESTART,
        run=1,
        digest="e" * 64,
        state={"invocation": "abc"},
        cause="upstream_down",
        approve_by=at + timedelta(minutes=10),
        run_within_s=120.0,
        quorum=quorum,
        approvers="oncall",
    )


def voted(person: str = "mei", *, is_yes: bool = True, approval: str = "a1", digest: str = "e" * 64) -> Voted:
    return Voted(approval=approval, by=MEI, person=person, is_yes=is_yes, digest=digest)


def claimed(approval: str = "a1", *, nonce: str = NONCE) -> Claimed:
    return Claimed(approval=approval, nonce=nonce, worker="w1")


def intended(approval: str = "a1", *, nonce: str = NONCE) -> Intended:
    return Intended(
        approval=approval,
        nonce=nonce,
        host="web-01",
        target="shop.service",
        commands=RESTART,
        digest="e" * 64,
        host_key=HOST_KEY,
    )


def action_ended(outcome: Outcome = Outcome.DONE, *, approval: str = "a1", nonce: str = NONCE) -> ActionEnded:
    return ActionEnded(
        approval=approval, nonce=nonce, outcome=outcome, exit_status=0, says="restarted", duration_s=0.4
    )


def ready(approval: str = "a1") -> Ready:
    return Ready(approval=approval, is_ready=True, after_s=1.2, says="answers 200")


def shown(key: str = "root", *, is_public: bool | None = True) -> Shown:
    return Shown(key=key, channel="C1", ts="1.2", digest="f" * 64, is_public=is_public)


def whole_incident() -> tuple[Event, ...]:
    """Asked, found, proposed, approved, restarted, rechecked: healthy again."""
    return (
        opened(),
        *ran(1, broken()),
        shown(),
        proposed(),
        voted(),
        claimed(),
        intended(),
        action_ended(),
        ready(),
        *ran(2, healthy(), reason="recheck:a1"),
    )


def chained(
    events: Sequence[Event], *, incident: str = "INC-1", at: datetime = T0, step_s: float = 1.0
) -> tuple[Entry, ...]:
    """The events as entries of a valid chain, `step_s` apart."""
    entries: list[Entry] = []
    previous = ""
    for seq, event in enumerate(events, start=1):
        now = at + timedelta(seconds=step_s * (seq - 1))
        body = encode(event, chain=incident, at=now)
        previous = previous or genesis(incident, body)
        previous = link(previous, chain=incident, seq=seq, body=body)
        entries.append(Entry(incident=incident, seq=seq, at=now, event=event, hash=previous, body=body))
    return tuple(entries)
