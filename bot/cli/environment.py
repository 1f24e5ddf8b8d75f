"""The environment as `--help` shows it, and names in it that mean nothing."""

from collections.abc import Iterable, Mapping

from bot.checked import near
from bot.settings import Settings

PREFIX = "RUNBOOK_BOT_"
#: A checkout's own tests are told where to run by these.
_OF_TESTS = f"{PREFIX}TEST_"


def variables() -> dict[str, str]:
    """Every variable and what it means, with its default, in the order of the reference."""
    return {
        f"{PREFIX}{name.upper()}": f"{field.description}{_default(field.default)}"
        for name, field in Settings.model_fields.items()
    }


def listed() -> str:
    """All variables for the end of a `--help`, a paragraph each."""
    told = [f"{name}  {says}" for name, says in variables().items()]
    return "\n\n".join(["Environment:", *told])


def unknown(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that looks like a setting and is none."""
    known = {name.removeprefix(PREFIX) for name in variables()}
    names = {name: name.upper().removeprefix(PREFIX) for name in environ if name.upper().startswith(PREFIX)}
    return [
        f"{name} is no setting and has no effect; {_mend(short, known)}"
        for name, short in sorted(names.items())
        if short not in known and not name.startswith(_OF_TESTS)
    ]


def _mend(short: str, known: Iterable[str]) -> str:
    meant = near(short, known, most=1)
    return f"did you mean {PREFIX}{meant[0]}?" if meant else "`runbook-bot serve --help` lists them all"


def _default(default: object) -> str:
    """Empty where there is none: the description says what happens then."""
    match default:
        case None:
            return ""
        case bool():
            return f" (default: {str(default).lower()})"
        case tuple():
            return f" (default: {','.join(map(str, default))})"
        case _:
            return f" (default: {default})"
