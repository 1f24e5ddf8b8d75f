"""Which remedies are offered after a verdict, to what an approval is bound, and what consent it has."""

from bot.remedy.ask import may_run, may_vote
from bot.remedy.consent import Matter, case_of, is_as_offered
from bot.remedy.offer import Offer, Situation, commands_for, digest_of, is_as_shown, offer, what_changed
from bot.remedy.recent import attempts_of, recent

__all__ = [
    "Matter",
    "Offer",
    "Situation",
    "attempts_of",
    "case_of",
    "commands_for",
    "digest_of",
    "is_as_offered",
    "is_as_shown",
    "may_run",
    "may_vote",
    "offer",
    "recent",
    "what_changed",
]
