"""Why a container does not serve where neither a unit nor Docker's own account of it is at hand."""

import re

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.container_events import REMOVED
from bot.parsers.containers import Containers, Row
from bot.parsers.journal import Journal
from bot.rules import _quote
from bot.rules._boxes import Deaf

_MOST_NAMED = 3
#: By runbooks/scripts/containers.sh, and by docker itself in its older and newer words.
_LATE = re.compile(r"^docker did not answer within \d+ s$")
_AWAY = re.compile(r"annot connect to the Docker daemon|failed to connect to the docker API")


def silent(deaf: Deaf) -> Finding | None:
    """The way into the container is open, its program runs, and nobody listens inside on any port."""
    name, port = deaf.behind.name, deaf.behind.port
    box = deaf.behind.box
    if box.on_port(port) or any(not one.is_loopback for one in box.sockets):
        return None
    return Finding(
        cause="upstream_down",
        certainty=Certainty.LIKELY,
        says=f"{deaf.probe.address} leads into the container {name}, where nobody listens on {port}",
        because=(_quote.probe(deaf.probe), *deaf.behind.lines()),
        restart=_quote.unknown("app", "it is not known why its program does not listen"),
        next_check=f"`docker logs {name}`: what does its program wait for?",
        weight=40,
    )


def down(
    address: str, refused: tuple[Line, ...], containers: Containers, name: str | None, history: Journal | None
) -> Finding | None:
    """Nothing listens on the host's side: Docker does not run, the container is gone, or it rests.

    `name` is the app's container by the fleet file, None where that says nothing. A Docker that lists its
    containers runs, whatever its unit is: it may be a snap, a user's own, or podman.
    """
    if containers.rows is None:
        if containers.engine in ("inactive", "failed") and (name or not containers.boxes):
            return _engine(address, refused, containers, name)
        return _unlisted(address, refused, containers, name)
    if name and containers.named(name) is None:
        return _gone(address, refused, name, history)
    resting = [row for row in containers.rows if not row.is_up]
    return _resting(address, refused, resting) if resting and not name else None


def _engine(address: str, refused: tuple[Line, ...], containers: Containers, name: str | None) -> Finding:
    of = f", which keeps the container {name}," if name else ""
    return Finding(
        cause="upstream_down",
        certainty=Certainty.CONFIRMED if name else Certainty.LIKELY,
        says=f"nothing listens on {address}: Docker{of} does not run",
        because=(Line(step="containers", text=f"engine docker.service {containers.engine}"), *refused),
        restart=_quote.useless("app", "without Docker no container can be started"),
        next_check=None if name else "whether the app is a container: service.container in the fleet file",
        mend="a start of Docker (`systemctl start docker`) after a look at why it ended "
        "(`journalctl -u docker`); containers with a restart policy come up with it",
        weight=90,
    )


def _unlisted(
    address: str, refused: tuple[Line, ...], containers: Containers, name: str | None
) -> Finding | None:
    """Docker is there and does not answer, or cannot be reached where by the fleet file it has the app.

    None where the login may not ask: that tells nothing of the app.
    """
    if not _LATE.search(containers.refused) and not (name and _AWAY.search(containers.refused)):
        return None
    of = f"whether the container {name} runs" if name else "which containers run"
    return Finding(
        cause="upstream_down",
        certainty=Certainty.LIKELY,
        says=f"nothing listens on {address}; {of} cannot be told: {containers.refused}",
        because=(*refused, Line(step="containers", text=containers.refused)),
        restart=_quote.unknown("app", "what Docker has to say of it is not known"),
        next_check="`systemctl status docker`, `journalctl -u docker`: does it run, what does it wait for?",
        weight=30,
    )


def _gone(address: str, refused: tuple[Line, ...], name: str, history: Journal | None) -> Finding:
    removed = [entry for entry in history.entries if entry.message == REMOVED] if history else []
    at = f"; it was removed at {removed[-1].at:%H:%M:%S} UTC" if removed and removed[-1].at else ""
    return Finding(
        cause="upstream_down",
        certainty=Certainty.CONFIRMED,
        says=f"nothing listens on {address}: there is no container {name} on this host{at}",
        because=(*(_quote.logged(entry) for entry in removed[-1:]), *refused),
        restart=_quote.useless("app", "there is no container to start"),
        mend=f"the container made anew as it was (`docker compose up -d`, or its `docker run`), after a look "
        f"at who removed {name}; or its new name in the fleet file",
        weight=90,
    )


def _resting(address: str, refused: tuple[Line, ...], resting: list[Row]) -> Finding:
    names = ", ".join(f"{row.name} ({row.status})" for row in resting[:_MOST_NAMED])
    return Finding(
        cause="upstream_down",
        certainty=Certainty.LIKELY,
        says=f"nothing listens on {address}; containers that do not run: {names}",
        because=(*refused, *(Line(step="containers", text=row.line) for row in resting[:_MOST_NAMED])),
        restart=_quote.unknown("app", "it is not known which container is the app, and why it rests"),
        next_check=f"`docker logs {resting[0].name}`; with its name as service.container in the fleet file "
        "the app is looked at in full",
        weight=30,
    )
