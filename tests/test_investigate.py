"""What an approval is bound to, read from the facts of a run."""

from bot.investigate import state_of
from bot.model.evidence import CommandOutput
from bot.parsers.changes import changes
from bot.parsers.unit_state import unit_state

RUNNING = "Id=app.service\nActiveState=active\nSubState=running\nNRestarts=0\nInvocationID=aa11\n"


def facts(
    unit: str = RUNNING, link: str = "link\t/srv/app/current\treleases/2\t1795216985\n"
) -> dict[str, object]:
    return {
        "unit": unit_state(CommandOutput(step="unit", argv=(), exit_status=0, stdout=unit)),
        "changes": changes(CommandOutput(step="changes", argv=(), exit_status=0, stdout=link)),
        "other": "a fact without a state",
    }


def test_the_release_and_the_start_of_a_running_unit_are_bound() -> None:
    assert state_of(facts()) == {"release": "releases/2", "invocation of app.service": "aa11"}


def test_a_unit_that_is_started_again_and_again_is_not_bound() -> None:
    looping = RUNNING.replace("NRestarts=0", "NRestarts=7")

    assert state_of(facts(unit=looping)) == {"release": "releases/2"}


def test_a_host_without_release_link_binds_none() -> None:
    assert state_of(facts(link="")) == {"invocation of app.service": "aa11"}
