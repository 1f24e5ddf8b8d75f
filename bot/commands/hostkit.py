"""`host-kit`: what has to lie on a host, written or compared."""

from pathlib import Path

from bot import app as root
from bot.commands.say import say
from bot.fleet import host_named
from bot.hostkit import differences, todays_kit, write
from bot.settings import Settings


def host_kit(settings: Settings, name: str, output: Path | None, *, is_check: bool) -> int:
    """0 when it was written, or is today's; 1 when `is_check` and it is not."""
    rules = root.load_rules(settings)
    kit = todays_kit(host_named(rules.fleet, name), rules.fleet, rules.catalog)
    place = output or Path(f"host-kit-{name}")
    if is_check:
        found = differences(kit, place)
        for line in found:
            say(line)
        say(f"{place}: {'not today' if found else 'today'}'s kit of {name}")
        return 1 if found else 0
    write(kit, place)
    say(f"{place}: kit {kit.id[:12]} of {name}; read install.sh in it and run it on the host as root")
    return 0
