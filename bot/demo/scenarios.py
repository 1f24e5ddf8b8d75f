"""Which sample host replays what, and what mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import as_file, files

from bot.demo.recording import Recording, load

_ROLLBACK = ("sudo", "-n", "/usr/local/sbin/app-rollback")
_START = ("sudo", "-n", "systemctl", "start", "myapp.service")
_RESTART = ("sudo", "-n", "systemctl", "restart", "myapp.service")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One sample host's story."""

    name: str
    #: For people: what they will find.
    about: str
    #: Names of recordings under samples/.
    before: str
    after: str
    #: Commands after which it answers with `after`.
    mended_by: frozenset[tuple[str, ...]] = frozenset()


SCENARIOS = (
    Scenario(
        name="web-01",
        about="the app crashes at its start since the last release; a rollback mends it",
        before="bad_release",
        after="rolled_back",
        mended_by=frozenset({_ROLLBACK}),
    ),
    Scenario(
        name="web-02",
        about="healthy, with the errors of an incident that is over still in its logs",
        before="rolled_back",
        after="rolled_back",
    ),
    Scenario(
        name="web-03",
        about="somebody stopped the app; starting it mends it",
        before="app_stopped",
        after="started",
        mended_by=frozenset({_START, _RESTART}),
    ),
)


def recordings(names: Iterable[str]) -> dict[str, Recording]:
    """The shipped recordings of these names. Raises FileError for a broken file."""
    found = {}
    for name in sorted(set(names)):
        with as_file(files("bot.demo").joinpath("samples", f"{name}.yaml")) as path:
            found[name] = load(path)
    return found
