"""Checks a runbook or remedy against the code and against itself; every message names the way out."""

import re
from collections.abc import Mapping

from bot.catalog.names import Names, Need
from bot.checked import did_you_mean
from bot.command import compiled, missing, render, values_of
from bot.errors import FileError
from bot.model.host import Host, Release, Service
from bot.model.runbook import Remedy, Runbook, Step

_ID = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")
_PLACE = re.compile(r"\{[{%]")

#: A host with every value filled in, to render each template once at start.
_SAMPLE = values_of(
    Host(
        name="web-01",
        address="192.0.2.1",
        user="runbook",
        service=Service(
            unit="app.service",
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
    """Raises FileError when a template of the remedy cannot be rendered."""
    for key, templates in (("run", remedy.run), ("says", ((remedy.does, remedy.undo, remedy.target),))):
        for argv in templates:
            _renders(argv, where=f"{name}: {key}")
    _known_needs(remedy.needs, where=f"{name}: needs")


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
    for before in step.after:
        if before not in ids[: ids.index(step.id)]:
            lines.append(f"{key}.after: no earlier step {before!r}{did_you_mean(before, ids)}")
    if step.probe is not None:
        _renders((step.probe,), where=f"{key}.probe")
    for argv in (*((step.run,) if step.probe is None else ()), *step.otherwise):
        if not argv or _PLACE.search(argv[0]):
            lines.append(f"{key}.run: the program's name must be written out, not a template")
        _renders(argv, where=key)
    _known_needs(step.needs, where=f"{key}.needs")
    return lines


def _rule(cause: str, runbook: Runbook, names: Names) -> list[str]:
    if cause not in names.rules:
        return [f"causes: no rule {cause!r}{did_you_mean(cause, names.rules)}"]
    facts = {step.id: names.parsers.get(step.parse or "") for step in runbook.steps}
    lines = (_unmet(cause, id_, need, facts) for id_, need in names.rules[cause].items())
    return [line for line in lines if line]


def _unmet(cause: str, id_: str, need: Need, facts: Mapping[str, object]) -> str | None:
    wanted = getattr(need.fact, "__name__", str(need.fact))
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


def _renders(argv: tuple[str, ...], *, where: str) -> None:
    try:
        for template in argv:
            if _PLACE.search(template):
                if "| each" not in template and "|each" not in template:
                    compiled(template)
                render((template,), _SAMPLE)
    except FileError as error:
        raise FileError(f"{where}: {error}") from error


def _known_needs(needs: tuple[str, ...], *, where: str) -> None:
    try:
        missing(needs, _SAMPLE)
    except FileError as error:
        raise FileError(f"{where}: {error}") from error
