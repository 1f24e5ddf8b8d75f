"""Nothing listens where nginx dials: what Docker tells of it, or does not."""

import pytest

from bot.model.verdict import Certainty, Line
from bot.parsers.containers import Containers, containers
from bot.rules import _boxes_down
from tests.support.asked import output

ADDRESS = "127.0.0.1:8000"
REFUSED = (Line(step="upstreams", text="refused"),)
HEAD = "row\tCONTAINER ID   IMAGE     COMMAND   CREATED   STATUS   PORTS   NAMES\n"
UP = HEAD + 'row\t2e55c2ac3f9c   shop:1    "python3"   7 minutes ago   Up 2 minutes             shop\n'
NO_UNIT, RESTS, RUNS = "", "engine\tdocker.service\tinactive\n", "engine\tdocker.service\tactive\n"
NO_LEAVE = "refused\tsudo: a password is required\n"
LATE = "refused\tdocker did not answer within 3 s\n"
AWAY = "refused\tCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is it running?\n"


def seen(text: str) -> Containers:
    return containers(output("containers", text))


def says(text: str, name: str | None) -> str | None:
    """What the finding says; None where there is none."""
    found = _boxes_down.down(ADDRESS, REFUSED, seen(text), name, None)
    return found.says if found else None


@pytest.mark.parametrize("name", [None, "shop"])
def test_a_docker_that_rests_and_gives_no_list_does_not_run(name: str | None) -> None:
    assert "does not run" in (says(RESTS + AWAY, name) or "")


@pytest.mark.parametrize("name", [None, "shop"])
@pytest.mark.parametrize("unit", [NO_UNIT, RESTS], ids=["no unit of it", "its unit rests"])
def test_a_docker_that_lists_its_containers_runs(unit: str, name: str | None) -> None:
    assert says(unit + UP, name) is None


def test_a_container_that_a_docker_without_a_unit_does_not_list_is_gone() -> None:
    assert "there is no container shop" in (says(UP.replace("   shop\n", "   other\n"), "shop") or "")


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        (RUNS + LATE, None, "which containers run cannot be told: docker did not answer within 3 s"),
        (RUNS + LATE, "shop", "whether the container shop runs cannot be told: docker did not answer"),
        (
            NO_UNIT + AWAY,
            "shop",
            "whether the container shop runs cannot be told: Cannot connect to the Docker",
        ),
    ],
    ids=["hangs", "hangs, and has the app", "cannot be reached, and has the app"],
)
def test_what_docker_said_instead_of_a_list_is_told(text: str, name: str | None, told: str) -> None:
    found = _boxes_down.down(ADDRESS, REFUSED, seen(text), name, None)

    assert found is not None and found.certainty is Certainty.LIKELY
    assert f"nothing listens on {ADDRESS}; {told}" in found.says
    assert found.because[-1].text == seen(text).refused


@pytest.mark.parametrize(
    ("text", "name"),
    [(RUNS + NO_LEAVE, "shop"), (RUNS + NO_LEAVE, None), (NO_UNIT + AWAY, None), ("", "shop")],
    ids=["no leave, and has the app", "no leave", "a command without a Docker", "no docker"],
)
def test_a_docker_that_may_not_be_asked_tells_nothing(text: str, name: str | None) -> None:
    assert says(text, name) is None
