"""Who may ask, approve and act: a small pure evaluator, default deny.

A decision is asked when a card is drawn, when somebody votes, and again inside the claim, just before
the action; the last one binds. Each is a pure function of a Question, which stands in the ledger beside
its answer, so that it can be made again.
"""

from bot.model.ruling import Lift, Limit, Question, Reason, Ruling, Stage, Terms, Way
from bot.policy.check import Check
from bot.policy.cron import Cron, cron
from bot.policy.decide import checks, decide
from bot.policy.people import (
    Decision,
    actor_named,
    groups_of,
    may_ask,
    name_groups,
    person_of,
    signers_of,
)
from bot.policy.question import Attempt, Case, ballot_of, looks_back_s, question, terms_of
from bot.policy.terms import (
    BreakGlass,
    Group,
    Lone,
    Person,
    Policy,
    Rule,
    covers,
    rule_for,
    rules_for,
)
from bot.policy.voters import counting, lone_from
from bot.policy.windows import Freeze, frozen_at
from bot.policy.words import how_to_sign, refusal

__all__ = [
    "Attempt",
    "BreakGlass",
    "Case",
    "Check",
    "Cron",
    "Decision",
    "Freeze",
    "Group",
    "Lift",
    "Limit",
    "Lone",
    "Person",
    "Policy",
    "Question",
    "Reason",
    "Rule",
    "Ruling",
    "Stage",
    "Terms",
    "Way",
    "actor_named",
    "ballot_of",
    "checks",
    "counting",
    "covers",
    "cron",
    "decide",
    "frozen_at",
    "groups_of",
    "how_to_sign",
    "lone_from",
    "looks_back_s",
    "may_ask",
    "name_groups",
    "person_of",
    "question",
    "refusal",
    "rule_for",
    "rules_for",
    "signers_of",
    "terms_of",
]
