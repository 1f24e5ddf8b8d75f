"""What a cause is, in the words of its rule."""

import importlib
import inspect

from bot.catalog import names_of_code
from bot.checked import did_you_mean
from bot.errors import BadRequest


def explain(cause: str) -> str:
    """The rule's own account: conclusion, why, ruled out when, mistaken when, source.

    Raises BadRequest with the nearest name when there is no such cause.
    """
    known = names_of_code().rules
    if cause not in known:
        raise BadRequest(f"no cause {cause[:60]!r}{did_you_mean(cause, known)}")
    module = importlib.import_module(f"bot.rules.{cause}")
    return f"{cause}\n{'=' * len(cause)}\n{inspect.getdoc(getattr(module, cause))}\n"
