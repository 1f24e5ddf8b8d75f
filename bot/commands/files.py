"""Commands about what the team wrote: runbook lint, explain."""

from bot import app as root
from bot import catalog
from bot.commands.say import say
from bot.explain import explain as explained
from bot.hostkit import check_kit
from bot.model.host import Mode
from bot.settings import Settings


def lint(settings: Settings) -> int:
    """Check runbooks and remedies, and the fleet file and the kits of its guarded hosts.

    Needs no SSH keys. A fleet file that was named must be there; without one only runbooks are checked.
    """
    books = catalog.load(settings.runbooks_path)
    has_fleet = settings.fleet.exists() or "fleet" in settings.model_fields_set
    if has_fleet:
        rules = root.load_rules(settings, needs_keys=False)
        for host in rules.fleet.hosts.values():
            if host.mode is Mode.GUARDED:
                check_kit(host, rules.fleet, rules.catalog)
    steps = sum(len(book.steps) for book in books.runbooks.values())
    only = "" if has_fleet else f"; only runbooks were checked, there is no {settings.fleet} here"
    say(f"{len(books.runbooks)} runbook(s), {steps} steps, {len(books.remedies)} remedies: no mistakes{only}")
    return 0


def explain(cause: str) -> int:
    """Print what a cause is."""
    say(explained(cause))
    return 0
