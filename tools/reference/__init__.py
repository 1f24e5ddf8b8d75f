"""docs/reference/ from the code: `make docs`.

What a page says comes from where the program takes it: settings, commands, the docstrings of rules and
parsers, the models that files are checked with and the `#:` comments of the values they become.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from bot import policyfile
from tools.reference.code import causes, commands, parsers, settings, signs
from tools.reference.keys import files

FOLDER = Path(__file__).parents[2] / "docs/reference"
#: Made by `make bench`, whose figures belong to one machine and one day.
MEASURED = frozenset({"performance.md"})
#: For editors; no page.
SCHEMA = "policy.schema.json"
MADE = "<!-- Made by `make docs`; edit the code it is read from instead. -->\n\n"


def pages() -> Mapping[str, str]:
    """Every page of the reference by its file name."""
    made = {
        "settings.md": settings(),
        "commands.md": commands(),
        "causes.md": causes(),
        "parsers.md": parsers(),
        "signs.md": signs(),
        "files.md": files(),
    }
    return {name: MADE + text.rstrip() + "\n" for name, text in made.items()}


def policy_schema() -> str:
    """The JSON Schema as `runbook-bot policy schema` prints it."""
    return json.dumps(policyfile.schema(), indent=2) + "\n"
