"""A verdict for the terminal: rich text for people, one JSON object for programs. Pure but for `print`."""

from bot.terminal.json_form import as_json, json_text
from bot.terminal.progress import progress
from bot.terminal.show import show, show_all, show_verdict

__all__ = ["as_json", "json_text", "progress", "show", "show_all", "show_verdict"]
