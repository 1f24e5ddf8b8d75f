"""A 502 of fifteen steps, made from the shipped one: as many as the bars for load are about."""

import shutil
from pathlib import Path

import yaml

from bot.catalog.names import names_of_code
from bot.settings import shipped_runbooks

#: With the five of the host's basics.
_STEPS = frozenset(
    {
        "front",
        "config",
        "error_log",
        "access_log",
        "upstreams",
        "listeners",
        "unit",
        "app_journal",
        "app_history",
        "changes",
    }
)


def lean_runbooks(folder: Path) -> Path:
    """A copy of the shipped runbooks in which 502 asks fifteen things and keeps the causes they bear."""
    made = folder / "runbooks"
    shutil.copytree(shipped_runbooks(), made)
    path = made / "502.yaml"
    whole = yaml.safe_load(path.read_text("utf-8"))
    basics = yaml.safe_load((made / "_host_basics.yaml").read_text("utf-8"))
    whole["steps"] = _kept(whole["steps"])
    asked = {step for part in (whole, basics) for group in part["steps"].values() for step in group}
    rules = names_of_code().rules
    whole["causes"] = [cause for cause in whole["causes"] if rules[cause].keys() <= asked]
    whole["remedies"] = {cause: them for cause, them in whole["remedies"].items() if cause in whole["causes"]}
    path.write_text(yaml.safe_dump(whole, sort_keys=False), "utf-8")
    return made


def _kept(groups: dict[str, dict[str, dict[str, object]]]) -> dict[str, dict[str, dict[str, object]]]:
    kept = {
        group: {step: what for step, what in steps.items() if step in _STEPS}
        for group, steps in groups.items()
    }
    for steps in kept.values():
        for what in steps.values():
            after = what.get("after", [])
            assert isinstance(after, list)
            what["after"] = [step for step in after if step in _STEPS]
    return {group: steps for group, steps in kept.items() if steps}
