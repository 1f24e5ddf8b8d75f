"""Pieces that several texts have: a titled list, and whether a restart helps."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.model.verdict import RestartEffect, Verdict

_RESTART_STYLE = {
    RestartEffect.HELPS: "green",
    RestartEffect.TEMPORARY: "yellow",
    RestartEffect.USELESS: "red",
    RestartEffect.HARMFUL: "bold red",
}


def restart_line(verdict: Verdict) -> Text:
    """Whether a restart helps, and why."""
    advice = verdict.restart
    style = _RESTART_STYLE[advice.effect] if advice.is_sure else "yellow"
    return Text.assemble(
        ("Would a restart help? ", "bold"), (verdict.restart_answer.lower(), style), f": {advice.why}"
    )


def titled(title: str, rows: list[tuple[str, str]]) -> RenderableType:
    """Rows of a name and what is said of it, under a title."""
    table = Table.grid(padding=(0, 1))
    for name, says in rows:
        table.add_row(Text(f"  {name}", style="dim"), Text(says, style="dim"))
    return Group(Text(title, style="bold"), table)
