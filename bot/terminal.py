"""A verdict for the terminal: rich text for people, one JSON object for programs. Pure but for `print`."""

import json

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.explain import comes_from, mend_of
from bot.model.approval import Approval, ApprovalStatus
from bot.model.diff import since_first
from bot.model.evidence import Gap
from bot.model.incident import Incident
from bot.model.signed import is_to_be_signed
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RestartEffect, Verdict

_RESTART_STYLE = {
    RestartEffect.HELPS: "green",
    RestartEffect.TEMPORARY: "yellow",
    RestartEffect.USELESS: "red",
    RestartEffect.HARMFUL: "bold red",
}
_CERTAINTY_STYLE = {Certainty.CONFIRMED: "bold red", Certainty.LIKELY: "red", Certainty.POSSIBLE: "yellow"}


def as_json(verdict: Verdict) -> dict[str, object]:
    """The verdict with the keys that scripts may rely on; evidence verbatim.

    `restart` is one of helps, temporary, useless, harmful; `restart_what` and `restart_why` go with it.
    """
    return {
        "cause": verdict.cause,
        "certainty": verdict.certainty.value,
        "says": verdict.says,
        "found": [_finding(found) for found in verdict.found],
        "ruled_out": [
            {"cause": out.cause, "says": out.says, "because": [_line(line) for line in out.because]}
            for out in verdict.ruled_out
        ],
        "unchecked": [
            {"step": gap.step, "kind": gap.kind.value, "reason": gap.reason} for gap in verdict.unchecked
        ],
        "restart": verdict.restart.effect.value,
        "restart_what": verdict.restart.what,
        "restart_why": verdict.restart.why,
        "remedies": list(verdict.remedies),
        "next_check": verdict.next_check,
        "changed": verdict.changed,
        "is_served": verdict.is_served,
        "users_get": verdict.users_get,
    }


def json_text(incident: Incident, verdict: Verdict) -> str:
    """One JSON object on one line: the verdict, and where it stands in the ledger."""
    about = {"incident": incident.id, "host": incident.host, "runbook": incident.runbook}
    offered = [
        {
            "approval": one.id,
            "remedy": one.proposed.remedy,
            "commands": [list(c) for c in one.proposed.commands],
        }
        for one in incident.approvals
        if one.status is ApprovalStatus.OPEN
    ]
    return json.dumps({**about, **as_json(verdict), "offered": offered}, ensure_ascii=False)


def show(incident: Incident, console: Console) -> None:
    """The whole incident as a person wants to read it at 03:00."""
    verdict = incident.verdict
    if verdict is None:
        why = incident.run.failed.why if incident.run and incident.run.failed else "no verdict yet"
        console.print(Text(f"{incident.host}: {why}", style="bold red"))
        return
    console.print(Panel(Group(*_parts(incident, verdict)), title=_title(incident), title_align="left"))


def show_verdict(verdict: Verdict, console: Console, *, title: str) -> None:
    """A verdict over text that no host stands behind."""
    parts = _conclusion(verdict, most=3)
    console.print(Panel(Group(*parts), title=Text(f" {title} ", style="bold"), title_align="left"))


def _title(incident: Incident) -> Text:
    return Text(f" {incident.runbook} · {incident.host} · {incident.id} ", style="bold")


def _conclusion(verdict: Verdict, *, most: int) -> list[RenderableType]:
    style = "bold green" if verdict.is_healthy else _CERTAINTY_STYLE[verdict.certainty]
    certainty = "" if verdict.is_healthy else f" ({verdict.certainty.value})"
    parts: list[RenderableType] = [Text(f"{verdict.says}{certainty}", style=style)]
    for number, found in enumerate(verdict.found[:most], 1):
        parts += _found(number, found, verdict)
    parts.append(_restart(verdict.restart))
    label, mend = mend_of(verdict)
    if mend:
        parts.append(Text.assemble((f"{label}: ", "bold"), mend))
    if verdict.users_get:
        parts.append(Text.assemble(("Users get: ", "bold"), verdict.users_get))
    if verdict.changed:
        parts.append(Text(verdict.changed, style="bold"))
    if verdict.next_check:
        parts.append(Text.assemble(("Next: ", "bold"), verdict.next_check))
    return parts


def _parts(incident: Incident, verdict: Verdict) -> list[RenderableType]:
    parts = _conclusion(verdict, most=len(verdict.found))
    if verdict.ruled_out:
        parts.append(_list("Ruled out", [(out.cause, out.says) for out in verdict.ruled_out]))
    if verdict.unchecked:
        parts.append(_gaps(verdict.unchecked))
    parts += _remedies(incident)
    return parts


def _found(number: int, found: Finding, verdict: Verdict) -> list[RenderableType]:
    """A finding with its proof; what stands above it already, the headline or a quoted line, is left out."""
    follows = ", as a consequence" if comes_from(found, verdict) else ""
    head = Text.assemble((f"{number}. {found.cause}", "bold"), f" ({found.certainty.value}{follows})")
    if found.says != verdict.says:
        head.append(f" {found.says}")
    above = {line for one in verdict.found[: number - 1] for line in one.because}
    quotes = [line for line in found.because if line not in above]
    return [
        head,
        *(Text(f"  {line.step} │ {line.says}", style="cyan", overflow="fold") for line in quotes),
    ]


def _restart(advice: RestartAdvice) -> Text:
    style = _RESTART_STYLE[advice.effect] if advice.is_sure else "yellow"
    return Text.assemble(
        ("Would a restart help? ", "bold"), (advice.answer.lower(), style), f": {advice.why}"
    )


def _list(title: str, rows: list[tuple[str, str]]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for name, says in rows:
        table.add_row(Text(f"  {name}", style="dim"), Text(says, style="dim"))
    return Group(Text(title, style="bold"), table)


def _gaps(gaps: tuple[Gap, ...]) -> RenderableType:
    by_reason: dict[str, list[str]] = {}
    for gap in gaps:
        by_reason.setdefault(gap.reason, []).append(gap.step)
    return _list("Could not check", [(", ".join(steps), reason) for reason, steps in by_reason.items()])


def _remedies(incident: Incident) -> list[RenderableType]:
    parts: list[RenderableType] = []
    run = incident.run
    for name, why in (run.ended.not_offered if run and run.ended else {}).items():
        parts.append(Text(f"{name} fits, but is not offered: {why}", style="yellow"))
    for one in incident.approvals:
        parts.append(_approval(one))
    changed = since_first(incident)
    if changed and any(one.outcome for one in incident.approvals):
        parts.append(Text.assemble(("Before: ", "bold"), changed.before))
        parts.append(
            Text.assemble(("After:  ", "bold"), (changed.after, "green" if changed.is_healthy else "red"))
        )
    return parts


def _approval(one: Approval) -> Text:
    if one.status is ApprovalStatus.OPEN:
        by = f"{one.proposed.approvers}{', with a signature,' if is_to_be_signed(one.proposed) else ''}"
        what = f"{one.proposed.title or one.proposed.remedy}; {by} may run "
        how = (f"runbook-bot approve {one.id}", "bold cyan")
        return Text.assemble(("To mend it: ", "bold"), what, how, _other_doors(one))
    why = one.outcome.says if one.outcome else one.closed.why if one.closed else ""
    return Text(f"{one.proposed.remedy}: {one.status.value}{': ' if why else ''}{why}")


def _other_doors(one: Approval) -> str:
    proposed = one.proposed
    frozen = f"\n  frozen by {proposed.frozen}" if proposed.frozen else ""
    glass = f"\n  in an emergency {proposed.break_glass}: --break-glass 'WHY'" if proposed.break_glass else ""
    return frozen + glass


def _finding(found: Finding) -> dict[str, object]:
    return {
        "cause": found.cause,
        "certainty": found.certainty.value,
        "says": found.says,
        "because": [_line(line) for line in found.because],
        "restart": found.restart.effect.value,
        "restart_what": found.restart.what,
        "restart_why": found.restart.why,
        "next_check": found.next_check,
    }


def _line(line: Line) -> dict[str, object]:
    return {"step": line.step, "line": line.text, "at": line.at.isoformat() if line.at else None}
