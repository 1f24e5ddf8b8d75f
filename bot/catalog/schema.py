"""What a runbook file and a remedy file may say."""

from typing import Annotated, Literal

from pydantic import Field

from bot.checked import FilePart
from bot.model.runbook import Risk, Root


class StepPart(FilePart):
    """One step: `run` (argv), `script` with `args`, or `probe` (a URL).

    `script`: a file below scripts/ beside the runbooks; or several, joined in their order: what scripts share
    stands in files that begin with `_`, and the last one is the script.
    """

    title: str = Field(min_length=1, max_length=80)
    run: tuple[str, ...] = ()
    script: str | Annotated[tuple[str, ...], Field(min_length=1, max_length=8)] | None = None
    probe: str | None = None
    args: tuple[str, ...] = ()
    otherwise: tuple[tuple[str, ...], ...] = ()
    root: Root = Root.NEVER
    parse: str | None = None
    ok_exit: tuple[Annotated[int, Field(strict=True, ge=0, le=255)], ...] = (0,)
    timeout_s: float = Field(default=10.0, gt=0, le=60)
    max_bytes: int = Field(default=262_144, ge=1024, le=1_048_576)
    only: str | None = None
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    gives: str | None = None


class RunbookPart(FilePart):
    """A runbook file. Files that begin with `_` are only included by others."""

    title: str = Field(default="", max_length=100)
    about: str = ""
    include: tuple[str, ...] = ()
    groups: dict[str, str] = Field(default_factory=dict)
    steps: dict[str, dict[str, StepPart]] = Field(default_factory=dict)
    causes: tuple[str, ...] = ()
    remedies: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class RemedyPart(FilePart):
    """A remedy file; its name is the remedy's."""

    title: str = Field(min_length=1, max_length=80)
    risk: Risk
    run: tuple[tuple[str, ...], ...] = Field(min_length=1)
    does: str = Field(min_length=1, max_length=300)
    undo: str = Field(min_length=1, max_length=300)
    target: str
    needs: tuple[str, ...] = ()
    timeout_s: float = Field(default=60.0, gt=0, le=600)
    ready_within_s: float = Field(default=30.0, gt=0, le=600)
    version: Literal[1] = 1
