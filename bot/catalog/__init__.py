"""runbooks/*.yaml become checked Runbooks and Remedies; every name is resolved here, at start."""

from bot.catalog.load import load
from bot.catalog.names import Names, names_of_code

__all__ = ["Names", "load", "names_of_code"]
