"""Pasted text of any origin -> signs. One table of patterns for each writer, each citing its source."""

from bot.signs.reading import read

__all__ = ["read"]
