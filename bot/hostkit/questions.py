"""What a host is asked: the looks its kit holds, and what `doctor` asks, which is one of them."""

from collections.abc import Mapping

from bot.command import commands_of, look_of, missing, values_of
from bot.model.command import Command
from bot.model.host import Host
from bot.model.runbook import Catalog, Remedy, Runbook, Step
from bot.remedy import commands_for

#: The look that `doctor` runs; no runbook may be called so.
DOCTOR = "doctor"


def looks_of(host: Host, catalog: Catalog) -> dict[str, tuple[Command, ...]]:
    """Every look of a host by its name: one for each runbook, and the doctor's."""
    values = values_of(host)
    looks = {name: look_of(book.steps, values) for name, book in catalog.runbooks.items()}
    return {**looks, DOCTOR: tuple(command for command, _ in questions_of(host, catalog).values())}


def orders_of(host: Host, catalog: Catalog) -> dict[str, Remedy]:
    """The remedies that the fleet gives what they need, by name."""
    values = values_of(host)
    return {name: remedy for name, remedy in catalog.remedies.items() if not missing(remedy.needs, values)}


def questions_of(host: Host, catalog: Catalog) -> dict[str, tuple[Command, Step | Remedy]]:
    """Every step as its runbook asks it, and for every remedy's command whether sudo would run it."""
    values = values_of(host)
    asked: dict[str, tuple[Command, Step | Remedy]] = {}
    for step in _steps(catalog.runbooks).values():
        if step.probe is None and not missing(step.needs, values):
            asked[step.id] = (commands_of(step, values), step)
    for remedy in orders_of(host, catalog).values():
        for number, argv in enumerate(commands_for(remedy, host), 1):
            would = ("sudo", "-n", "-l", *without_sudo(argv))
            key = f"remedy_{remedy.name}_{number}"
            asked[key] = (Command(step=key, alternatives=(would,)), remedy)
    return asked


def without_sudo(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The command that `sudo -n` would run."""
    return argv[2:] if argv[:2] == ("sudo", "-n") else argv


def _steps(books: Mapping[str, Runbook]) -> dict[str, Step]:
    """By id; of two runbooks that share one the first: `_host_basics` is in most of them."""
    return {step.id: step for book in reversed([*books.values()]) for step in book.steps}
