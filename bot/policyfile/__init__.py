"""The fleet file's policy section becomes a Policy, checked against fleet and remedies."""

from bot.policyfile.lint import lint
from bot.policyfile.load import load
from bot.policyfile.schema import schema
from bot.policyfile.table import Outcome, run_table

__all__ = ["Outcome", "lint", "load", "run_table", "schema"]
