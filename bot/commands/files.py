"""Commands about what the team wrote: runbook lint, explain."""

from bot import app as root
from bot import catalog
from bot.commands.say import say
from bot.explain import explain as explained
from bot.hostkit import todays_kit
from bot.model.host import Mode
from bot.settings import Settings


def lint(settings: Settings) -> int:
    """Check runbooks and remedies, and the fleet file and the kits of its guarded hosts when there is one."""
    books = catalog.load(settings.runbooks_path)
    if settings.fleet.exists():
        rules = root.load_rules(settings)
        for host in rules.fleet.hosts.values():
            if host.mode is Mode.GUARDED:
                todays_kit(host, rules.fleet, rules.catalog)
    steps = sum(len(book.steps) for book in books.runbooks.values())
    say(f"{len(books.runbooks)} runbook(s), {steps} steps, {len(books.remedies)} remedies: no mistakes")
    return 0


def explain(cause: str) -> int:
    """Print what a cause is."""
    say(explained(cause))
    return 0
