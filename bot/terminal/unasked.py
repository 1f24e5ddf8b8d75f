"""Hosts that could not be asked: why, and several for one reason together."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from bot.explain import mend_of
from bot.model.incident import Incident
from bot.model.verdict import Verdict
from bot.terminal.parts import restart_line, titled


def reason_of(verdict: Verdict) -> str:
    """Why the host itself could not be asked; empty when it could."""
    lines = [line.text for found in verdict.found for line in found.because if line.step == "connect"]
    return lines[0] if lines else ""


def same_reason(incident: Incident) -> tuple[str, str] | None:
    """Cause and reason without the host's own name and address; None for a host that could be asked."""
    why = reason_of(incident.verdict) if incident.verdict else ""
    if incident.verdict is None or not why:
        return None
    return incident.verdict.cause, why.partition(": ")[2].replace(incident.host or "", "HOST")


def together(incidents: Sequence[Incident], why: str) -> RenderableType:
    """Hosts that could not be asked for one reason: each with where it was tried, the rest once."""
    rows, first = [], incidents[0].verdict
    assert first is not None  # same_reason asks for one
    for one in incidents:
        where = reason_of(one.verdict).partition(": ")[0] if one.verdict else ""
        rows.append((where, one.id))
    parts: list[RenderableType] = [
        Text(f"{len(incidents)} hosts could not be asked: {why}", style="bold red"),
        titled(f"{first.cause}, each host by itself", rows),
        restart_line(first),
    ]
    label, mend = mend_of(first)
    parts.append(Text.assemble((f"{label}: ", "bold"), mend))
    title = Text(
        f" {incidents[0].runbook} · {', '.join(one.host or '?' for one in incidents)} ", style="bold"
    )
    return Panel(Group(*parts), title=title, title_align="left")
