"""Carries an incident on: fold the ledger, decide the next step, do it, write down what came of it.

Every step starts from the ledger alone, so it does not matter which process did the one before, or
whether it died in the middle. A step that finds the chain longer than it decided on starts over.
"""

from bot.work.job import Job, Rules, new_id
from bot.work.worker import Worker

__all__ = ["Job", "Rules", "Worker", "new_id"]
