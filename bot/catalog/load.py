"""Reads the folder of runbooks into a Catalog."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from bot import yamlfile
from bot.catalog.check import check_remedy, check_runbook
from bot.catalog.names import Names, names_of_code
from bot.catalog.schema import RemedyPart, RunbookPart, StepPart
from bot.checked import check, did_you_mean
from bot.errors import FileError
from bot.model.runbook import Catalog, Group, Remedy, Runbook, Step


def load(folder: Path, names: Names | None = None) -> Catalog:
    """Every runbook and remedy under `folder`, checked against the code.

    Raises FileError that names file, key and way out, one line per mistake in the file.
    """
    if not folder.is_dir():
        raise FileError(f"{folder}: no such folder of runbooks; set RUNBOOK_BOT_RUNBOOKS")
    known = names or names_of_code()
    remedies = {path.stem: _remedy(path) for path in sorted((folder / "remedies").glob("*.yaml"))}
    runbooks = {
        path.stem: _runbook(path, known, remedies)
        for path in sorted(folder.glob("*.yaml"))
        if not path.name.startswith("_")
    }
    if not runbooks:
        raise FileError(f"{folder}: holds no runbook; add one, e.g. 502.yaml")
    return Catalog(runbooks=runbooks, remedies=remedies)


def _remedy(path: Path) -> Remedy:
    part = check(RemedyPart, yamlfile.read(path), name=str(path))
    remedy = Remedy(
        name=path.stem,
        title=part.title,
        risk=part.risk,
        run=part.run,
        does=part.does,
        undo=part.undo,
        target=part.target,
        needs=part.needs,
        timeout_s=part.timeout_s,
        ready_within_s=part.ready_within_s,
        digest=_digest([path]),
    )
    check_remedy(remedy, name=str(path))
    return remedy


def _runbook(path: Path, names: Names, remedies: Mapping[str, Remedy]) -> Runbook:
    part = check(RunbookPart, yamlfile.read(path), name=str(path))
    parts = [*(_included(path, name) for name in part.include), (path, part)]
    scripts: list[Path] = []
    groups: dict[str, str] = {}
    steps: list[Step] = []
    for file, each in parts:
        groups |= each.groups
        for group, members in each.steps.items():
            steps += [_step(file, group, id_, step, scripts) for id_, step in members.items()]
    runbook = Runbook(
        name=path.stem,
        title=part.title or path.stem,
        about=part.about,
        groups=tuple(Group(id=id_, title=title) for id_, title in groups.items()),
        steps=tuple(steps),
        causes=tuple(dict.fromkeys(cause for _, each in parts for cause in each.causes)),
        remedies={cause: offered for _, each in parts for cause, offered in each.remedies.items()},
        digest=_digest([*(file for file, _ in parts), *scripts]),
    )
    check_runbook(runbook, names, remedies, name=str(path))
    return runbook


def _included(path: Path, name: str) -> tuple[Path, RunbookPart]:
    file = path.parent / f"{name}.yaml"
    if file.parent != path.parent or not file.is_file():
        known = [each.stem for each in path.parent.glob("_*.yaml")]
        raise FileError(f"{path}: include: no file {file.name!r}{did_you_mean(name, known)}")
    part = check(RunbookPart, yamlfile.read(file), name=str(file))
    if part.include:
        raise FileError(f"{file}: include: an included file may not include others; list it in {path.name}")
    return file, part


def _step(path: Path, group: str, id_: str, part: StepPart, scripts: list[Path]) -> Step:
    key = f"{path}: steps.{group}.{id_}"
    if [bool(part.run), bool(part.script), bool(part.probe)].count(True) != 1:
        raise FileError(f"{key}: needs exactly one of 'run', 'script' and 'probe'")
    if part.args and not part.script:
        raise FileError(f"{key}.args: goes with 'script'; put arguments into 'run'")
    return Step(
        id=id_,
        group=group,
        title=part.title,
        run=_script(path, key, part, scripts) if part.script else part.run,
        probe=part.probe,
        otherwise=part.otherwise,
        root=part.root,
        parse=part.parse,
        ok_exit=frozenset(part.ok_exit),
        timeout_s=part.timeout_s,
        max_bytes=part.max_bytes,
        only=part.only,
        after=part.after,
        needs=part.needs,
        gives=part.gives,
    )


def _script(path: Path, key: str, part: StepPart, scripts: list[Path]) -> tuple[str, ...]:
    """A script travels as `sh -c TEXT NAME ARG…`: its text is ours, values are only arguments."""
    names = (part.script,) if isinstance(part.script, str) else part.script or ()
    files = [_script_file(path.parent / "scripts", key, name) for name in names]
    scripts += files
    return ("sh", "-c", "\n".join(map(_script_text, files)), files[-1].stem, *part.args)


def _script_file(folder: Path, key: str, name: str) -> Path:
    file = folder / name
    if file.parent != folder or not file.is_file():
        known = [each.name for each in folder.glob("*.sh")]
        raise FileError(f"{key}.script: no file {name!r} in scripts/{did_you_mean(name, known)}")
    return file


def _script_text(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{file}: cannot be read as UTF-8 text: {error}") from error
    if "{{" in text or "{%" in text:
        raise FileError(f"{file}: holds template marks; a script gets values as arguments only")
    return text


def _digest(files: list[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        whole.update(f"{file.name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()
