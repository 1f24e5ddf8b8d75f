"""Checks a runbook or remedy against the code and against itself; every message names the way out."""

import re
from collections.abc import Mapping

from bot.catalog.names import Names, Need
from bot.checked import did_you_mean
from bot.command import EACH, OWN_COMMANDS, SCRIPT, SUDO, missing, render, values_of
from bot.errors import FileError
from bot.model.host import Host, Release, Service
from bot.model.runbook import Remedy, Root, Runbook, Step

_ID = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")
_PLACE = re.compile(r"\{[{%#]")

#: A host with every value filled in, to render each template once at start.
_SAMPLE = values_of(
    Host(
        name="web-01",
        address="192.0.2.1",
        user="runbook",
        public_url="http://192.0.2.1/",
        service=Service(
            unit="app.service",
            container="app",
            data=("/srv/app",),
            release=Release(link="/srv/app/current", directory="/srv/app/releases", rollback=("/bin/true",)),
        ),
    )
)


def check_runbook(runbook: Runbook, names: Names, remedies: Mapping[str, Remedy], *, name: str) -> None:
    """Raises FileError with every mistake, one a line."""
    mistakes = [
        *_steps(runbook),
        *(line for step in runbook.steps for line in _step(step, runbook, names)),
        *(line for cause in runbook.causes for line in _rule(cause, runbook, names)),
        *_remedies(runbook, remedies),
    ]
    if mistakes:
        raise FileError("\n".join(f"{name}: {line}" for line in mistakes))


def check_remedy(remedy: Remedy, *, name: str) -> None:
    """Raises FileError with every mistake, one a line."""
    mistakes = [
        *(line for argv in remedy.run for line in _program(argv, key="run")),
        *(line for argv in remedy.run for line in _renders(argv, key="run")),
        *(line for key in ("does", "undo", "target") for line in _renders((getattr(remedy, key),), key=key)),
        *_known_needs(remedy.needs, key="needs"),
    ]
    if mistakes:
        raise FileError("\n".join(f"{name}: {line}" for line in mistakes))


def _steps(runbook: Runbook) -> list[str]:
    lines, seen = [], set()
    for step in runbook.steps:
        if step.id in seen:
            lines.append(f"steps.{step.group}.{step.id}: the id stands twice; rename one")
        seen.add(step.id)
        if not _ID.match(step.id):
            lines.append(f"steps.{step.group}.{step.id}: an id is lower-case letters, digits and '_'")
        if step.group not in {group.id for group in runbook.groups}:
            known = [group.id for group in runbook.groups]
            lines.append(f"steps.{step.group}: no such group{did_you_mean(step.group, known)}")
    return lines if runbook.steps else ["steps: empty; a runbook asks something"]


def _step(step: Step, runbook: Runbook, names: Names) -> list[str]:
    key, lines = f"steps.{step.group}.{step.id}", []
    if step.parse is not None and step.parse not in names.parsers:
        lines.append(f"{key}.parse: no parser {step.parse!r}{did_you_mean(step.parse, names.parsers)}")
    ids = [each.id for each in runbook.steps]
    if step.gives is not None:
        lines += _gives(step, runbook, names, key=f"{key}.gives")
    for before in step.after:
        if before not in ids[: ids.index(step.id)]:
            lines.append(f"{key}.after: no earlier step {before!r}{did_you_mean(before, ids)}")
    if step.probe is not None:
        lines += _renders((step.probe,), key=f"{key}.probe")
    for argv in (*((step.run,) if step.probe is None else ()), *step.otherwise):
        lines += _program(argv, key=f"{key}.run")
        lines += _renders(argv, key=key)
    if step.run[:2] == SCRIPT and step.root is not Root.NEVER and not step.otherwise:
        lines.append(f"{key}.root: a script never runs as root; have it ask sudo for the one exact command")
    return [*lines, *_only(step, key=f"{key}.only"), *_known_needs(step.needs, key=f"{key}.needs")]


def _gives(step: Step, runbook: Runbook, names: Names, *, key: str) -> list[str]:
    """It stands in for another step: a fact of the same kind, and the fleet gives what one of them needs."""
    others = [each for each in runbook.steps if each.fact == step.gives and each is not step]
    wanted = names.parsers.get(step.parse or "")
    lines = []
    for other in others:
        if names.parsers.get(other.parse or "") != wanted:
            lines.append(f"{key}: step {other.id!r} gives another kind of fact under that name")
        if not step.needs or not other.needs:
            lines.append(f"{key}: both it and {other.id!r} would be asked; let each need another fleet value")
    return lines


def _only(step: Step, *, key: str) -> list[str]:
    try:
        re.compile((step.only or "").encode())
    except re.error as error:
        return [f"{key}: not a regular expression: {error}"]
    return []


def _program(argv: tuple[str, ...], *, key: str) -> list[str]:
    """Which program runs stands in the file, also behind sudo; the fleet's own command is the exception."""
    named = argv[len(SUDO) :] if argv[: len(SUDO)] == SUDO else argv
    if not named or not named[0].strip():
        return [f"{key}: empty; name a program"]
    each = EACH.match(named[0])
    is_own = bool(each and each[1] in OWN_COMMANDS)
    if _PLACE.search(named[0]) and not is_own:
        return [f"{key}: the program's name must be written out, not a template"]
    return [f"{key}: a program's name may not begin with '-'"] if argv[0].startswith("-") else []


def _rule(cause: str, runbook: Runbook, names: Names) -> list[str]:
    if cause not in names.rules:
        return [f"causes: no rule {cause!r}{did_you_mean(cause, names.rules)}"]
    facts = {step.fact: names.parsers.get(step.parse or "") for step in runbook.steps}
    lines = (_unmet(cause, id_, need, facts) for id_, need in names.rules[cause].items())
    return [line for line in lines if line]


def _unmet(cause: str, id_: str, need: Need, facts: Mapping[str, object]) -> str | None:
    wanted = getattr(need.fact, "__name__", str(need.fact))
    if id_ not in facts and need.is_optional:
        return None  # the rule does without, as where the step gave no answer
    if id_ not in facts:
        way_out = did_you_mean(id_, facts)
        return f"causes: rule {cause} needs {id_}: {wanted}, but there is no step {id_!r}{way_out}"
    if facts[id_] != need.fact:
        gives = getattr(facts[id_], "__name__", "no fact")
        return f"causes: rule {cause} needs {id_}: {wanted}, step {id_!r} gives {gives}"
    return None


def _remedies(runbook: Runbook, remedies: Mapping[str, Remedy]) -> list[str]:
    lines = []
    for cause, offered in runbook.remedies.items():
        if cause not in runbook.causes:
            lines.append(
                f"remedies.{cause}: not among this runbook's causes{did_you_mean(cause, runbook.causes)}"
            )
        for remedy in offered:
            if remedy not in remedies:
                lines.append(f"remedies.{cause}: no remedy {remedy!r}{did_you_mean(remedy, remedies)}")
    return lines


def _renders(argv: tuple[str, ...], *, key: str) -> list[str]:
    try:
        render(argv, _SAMPLE)
    except FileError as error:
        return [f"{key}: {error}"]
    return []


def _known_needs(needs: tuple[str, ...], *, key: str) -> list[str]:
    try:
        missing(needs, _SAMPLE)
    except FileError as error:
        return [f"{key}: {error}"]
    return []
