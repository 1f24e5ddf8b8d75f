"""Every structural rule, in the order in which they are applied: precise forms first."""

from bot.redact.argv import ARGV_RULES
from bot.redact.assignments import ASSIGNMENT_RULES
from bot.redact.beside import BESIDE_RULES
from bot.redact.files import FILE_RULES
from bot.redact.headers import HEADER_RULES
from bot.redact.prefixed import PREFIXED_RULES
from bot.redact.providers import PROVIDER_RULES
from bot.redact.rule import RuleSet
from bot.redact.services import SERVICE_RULES
from bot.redact.tools import TOOL_RULES
from bot.redact.urls import URL_RULES
from bot.redact.vendors import VENDOR_RULES

RULES = RuleSet(
    (
        *PROVIDER_RULES,
        *VENDOR_RULES,
        *URL_RULES,
        *HEADER_RULES,
        *ARGV_RULES,
        *TOOL_RULES,
        *FILE_RULES,
        *ASSIGNMENT_RULES,
        *BESIDE_RULES,
        *SERVICE_RULES,
        *PREFIXED_RULES,
    )
)
