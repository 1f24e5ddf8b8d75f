"""A runbook and its remedies as data, checked by `catalog`; templates not yet rendered."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Root(Enum):
    """How a step becomes root. The host's sudoers decide; `sudo -n` never asks."""

    NEVER = "never"
    #: As root; where sudo refuses, the same command as ourselves (it shows less).
    FIRST = "first"
    #: As ourselves; where that fails, as root.
    FALLBACK = "fallback"
    #: As root or not at all.
    ONLY = "only"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One read-only question to a host."""

    #: Unique in the runbook; the name rules ask for, unless `gives` says another.
    id: str
    group: str
    #: For people: what is asked, e.g. "who listens where".
    title: str
    #: argv, one Jinja template an argument; for a script: `sh -c TEXT NAME ARG…`; empty for a probe.
    run: tuple[str, ...]
    #: Template of a URL the bot itself asks, instead of a command on the host.
    probe: str | None = None
    #: Further argv templates, tried in order when `run` gives nothing.
    otherwise: tuple[tuple[str, ...], ...] = ()
    root: Root = Root.NEVER
    #: Parser's name; None keeps the text only.
    parse: str | None = None
    ok_exit: frozenset[int] = frozenset({0})
    timeout_s: float = 10.0
    max_bytes: int = 262_144
    #: Regular expression: of a long log only the lines it finds are read and kept.
    only: str | None = None
    after: tuple[str, ...] = ()
    #: Dotted fleet values without which the step is not asked, e.g. `service.unit`.
    needs: tuple[str, ...] = ()
    #: Under which name rules get its fact; None: under its id. Of two that give one fact the fleet asks one.
    gives: str | None = None

    @property
    def fact(self) -> str:
        """The name rules ask for."""
        return self.gives or self.id


@dataclass(frozen=True, kw_only=True)
class Group:
    """Steps shown together in one message of the thread."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Runbook:
    """A checklist: `/502 HOST…` runs the one named `502`."""

    name: str
    title: str
    about: str
    #: In the order they are shown.
    groups: tuple[Group, ...]
    #: In the order they are started.
    steps: tuple[Step, ...]
    #: Rules that apply, the most specific first.
    causes: tuple[str, ...]
    #: Cause -> names of remedies, best first.
    remedies: Mapping[str, tuple[str, ...]]
    #: SHA-256 of the files it was read from, hex.
    digest: str


class Risk(Enum):
    """How much a remedy can hurt."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """An action that may be offered; nothing runs without an approval."""

    name: str
    title: str
    risk: Risk
    #: argv templates run in order as root, the first failure ends it.
    run: tuple[tuple[str, ...], ...]
    #: Templates for people: what it does, how to undo it.
    does: str
    undo: str
    #: What it works on, a template; one remedy at a time per host and target.
    target: str
    #: Dotted fleet values without which it cannot be offered.
    needs: tuple[str, ...] = ()
    timeout_s: float = 60.0
    #: How long the service may take to answer again.
    ready_within_s: float = 30.0
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """All runbooks and remedies, every name resolved."""

    runbooks: Mapping[str, Runbook]
    remedies: Mapping[str, Remedy]
