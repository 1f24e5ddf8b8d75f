"""Incidents and verdicts as rich text for people. Pure but for `print`."""

from collections.abc import Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from bot.explain import comes_from, mend_of
from bot.model.approval import Approval, ApprovalStatus
from bot.model.diff import since_first
from bot.model.incident import Incident
from bot.model.signed import is_to_be_signed
from bot.model.verdict import Certainty, Finding, Verdict
from bot.terminal.parts import restart_line, titled
from bot.terminal.unasked import reason_of, same_reason, together

_CERTAINTY_STYLE = {Certainty.CONFIRMED: "bold red", Certainty.LIKELY: "red", Certainty.POSSIBLE: "yellow"}


def show_all(incidents: Sequence[Incident], console: Console, titles: Mapping[str, str]) -> None:
    """One after the other; hosts that could not be asked for one and the same reason stand together."""
    alike: dict[tuple[str, str], list[Incident]] = {}
    for one in incidents:
        alike.setdefault(same_reason(one) or ("", one.id), []).append(one)
    for (_, why), those in alike.items():
        if len(those) > 1:
            console.print(together(those, why))
        else:
            show(those[0], console, titles)


def show(incident: Incident, console: Console, titles: Mapping[str, str]) -> None:
    """The whole incident as a person wants to read it at 03:00. `titles`: of remedies, by name."""
    verdict = incident.verdict
    if verdict is None:
        why = incident.run.failed.why if incident.run and incident.run.failed else "no verdict yet"
        console.print(Text(f"{incident.host}: {why}", style="bold red"))
        return
    parts = _parts(incident, verdict, titles)
    console.print(Panel(Group(*parts), title=_title(incident), title_align="left"))


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
    if len(verdict.found) > most:
        parts.append(Text(f"and {len(verdict.found) - most} more, less likely", style="dim"))
    parts.append(restart_line(verdict))
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


def _parts(incident: Incident, verdict: Verdict, titles: Mapping[str, str]) -> list[RenderableType]:
    parts = _conclusion(verdict, most=len(verdict.found))
    if verdict.ruled_out:
        parts.append(titled("Ruled out", [(out.cause, out.says) for out in verdict.ruled_out]))
    if verdict.unchecked:
        parts.append(_gaps(verdict))
    parts += _remedies(incident, titles)
    return parts


def _found(number: int, found: Finding, verdict: Verdict) -> list[RenderableType]:
    """A finding with its proof; what stands above it already, the headline or a quoted line, is left out."""
    follows = ", as a consequence" if comes_from(found, verdict) else ""
    head = Text.assemble((f"{number}. {found.cause}", "bold"), f" ({found.certainty.value}{follows})")
    if found.says != verdict.says:
        head.append(f" {found.says}")
    # Why a host could not be asked is the headline itself.
    headline = reason_of(verdict)
    above = {line for one in verdict.found[: number - 1] for line in one.because}
    quotes = [line for line in found.because if line not in above and line.text != headline]
    return [
        head,
        *(Text(f"  {line.step} │ {_seen(line.says)}", style="cyan", overflow="fold") for line in quotes),
    ]


def _seen(text: str) -> str:
    """Without what a terminal would obey."""
    return "".join(c for c in text if c.isprintable() or c == "\t")


def _gaps(verdict: Verdict) -> RenderableType:
    by_reason: dict[str, list[str]] = {}
    for gap in verdict.unchecked:
        by_reason.setdefault(gap.reason, []).append(gap.step)
    why = reason_of(verdict)
    rows = [(", ".join(steps), reason) for reason, steps in by_reason.items() if reason != why]
    if why in by_reason:
        rows.append((f"the other {len(by_reason[why])} steps", "for the reason above"))
    return titled("Could not check", rows)


def _remedies(incident: Incident, titles: Mapping[str, str]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    run = incident.run
    for name, why in (run.ended.not_offered if run and run.ended else {}).items():
        what = f"“{titles[name]}”" if name in titles else name
        parts.append(Text(f"{what} fits, but is not offered: {why}", style="yellow"))
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
    again = "; run the check again for a fresh offer" if one.status is ApprovalStatus.EXPIRED else ""
    return Text(
        f"{one.proposed.title or one.proposed.remedy}: {one.status.value}{': ' if why else ''}{why}{again}"
    )


def _other_doors(one: Approval) -> str:
    proposed = one.proposed
    frozen = f"\n  frozen by {proposed.frozen}" if proposed.frozen else ""
    glass = f"\n  in an emergency {proposed.break_glass}: --break-glass 'WHY'" if proposed.break_glass else ""
    return frozen + glass
