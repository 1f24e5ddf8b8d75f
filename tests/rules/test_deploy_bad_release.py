"""Rule deploy_bad_release."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, crashing, finding, probe, quoted, said, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "deploy_bad_release",
            unit=crashing(),
            changes="link\t/srv/app/current\treleases/2\t1795175940\nrelease\t1\t1795000000\nrelease\t2\t1795175000\n",
            app_journal=systemd("Started myapp.service")
            + said("ModuleNotFoundError: No module named 'payments_v2'")
            + systemd("myapp.service: Main process exited, code=exited, status=1/FAILURE"),
        )
    )

    assert answer.cause == "deploy_bad_release"
    assert answer.certainty is Certainty.CONFIRMED
    assert "payments_v2" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


def test_good_answers_of_another_server_do_not_speak_for_the_release() -> None:
    answer = finding(
        ask(
            "deploy_bad_release",
            unit=crashing(),
            changes="link\t/srv/app/current\treleases/2\t1795175940\nrelease\t1\t1795000000\nrelease\t2\t1795175000\n",
            access_log='10.0.0.9 - - [20/Nov/2026:11:59:30 +0000] "GET / HTTP/1.1" 200 9 "-" "x"',
            upstreams=probe("refused") + probe("answered", status=200, address="127.0.0.1:3005"),
        )
    )

    assert "releases/2" in quoted(answer)


_SWITCHED_AT_11_59 = (
    "link\t/srv/app/current\treleases/1\t1795175940\nrelease\t1\t1795000000\nrelease\t2\t1795175000\n"
)
_BEFORE_IT = {
    "ExecMainStartTimestamp": "Fri 2026-11-20 11:58:40 UTC",
    "ExecMainExitTimestamp": "Fri 2026-11-20 11:58:41 UTC",
}
_DIED = (
    systemd("Started myapp.service")
    + said("ModuleNotFoundError: No module named 'payments_v2'")
    + systemd("myapp.service: Main process exited, code=exited, status=1/FAILURE")
)

NOT_SO = {
    "it died before this release was put in place": {
        "unit": crashing(ActiveState="failed", SubState="failed", **_BEFORE_IT),
        "changes": _SWITCHED_AT_11_59,
        "app_journal": _DIED.replace("11:59:51", "11:58:41"),
    },
    "it died before, and the journal cannot be read": {
        "unit": crashing(ActiveState="failed", SubState="failed", **_BEFORE_IT),
        "changes": _SWITCHED_AT_11_59,
    },
    "its last process was begun before, and ended after the switch": {
        "unit": crashing(ExecMainStartTimestamp="Fri 2026-11-20 11:58:40 UTC"),
        "changes": _SWITCHED_AT_11_59,
        "app_journal": _DIED,
    },
    "the release has run for weeks, whatever it wrote down last": {
        "unit": unit(),
        "changes": "link\t/srv/app/current\treleases/2\t1793350799\nrelease\t1\t1\nrelease\t2\t2\n",
        "app_journal": _DIED.split("\n")[0].replace("2026-11-20T11:59:51", "2026-10-30T09:00:00"),
        "upstreams": probe("reset"),
    },
    "the release has answered since the switch": {
        "unit": crashing(),
        "changes": "link\t/srv/app/current\treleases/2\t1795175940\nrelease\t1\t1795000000\nrelease\t2\t1795175000\n",
        "access_log": '10.0.0.9 - - [20/Nov/2026:11:59:30 +0000] "GET / HTTP/1.1" 200 9 "-" "x"',
    },
    "there is no other release": {
        "unit": crashing(),
        "changes": "link\t/srv/app/current\treleases/2\t1795175940\nrelease\t2\t1795175000\n",
    },
    "the app answers well": {
        "unit": unit(),
        "changes": "link\t/srv/app/current\treleases/2\t1795175940\nrelease\t1\t1795000000\nrelease\t2\t1795175000\n",
        "upstreams": WELL,
    },
    "it was stopped alive after the switch": {
        "unit": crashing(),
        "changes": "link\t/srv/app/current\treleases/2\t1795175940\nrelease\t1\t1795000000\nrelease\t2\t1795175000\n",
        "app_journal": systemd(
            "Started myapp.service",
            "Stopping myapp.service...",
            "Started myapp.service",
            "myapp.service: Main process exited, code=exited, status=1/FAILURE",
        ),
    },
}


def test_what_a_unit_runs_before_its_program_is_of_the_release_though_no_program_was_started() -> None:
    answer = finding(
        ask(
            "deploy_bad_release",
            unit=crashing(**_BEFORE_IT),
            changes=_SWITCHED_AT_11_59,
            app_journal=systemd("Starting myapp.service...")
            + said("ModuleNotFoundError: No module named 'payments_v2'")
            + systemd("myapp.service: Control process exited, code=exited, status=1/FAILURE"),
        )
    )

    assert "releases/1" in quoted(answer)


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("deploy_bad_release", **texts)

    assert not isinstance(answer, Finding), answer


_SLOW = (
    systemd("Started myapp.service").replace("11:59:51", "11:59:05")
    + said("ModuleNotFoundError: No module named 'payments_v2'")
    + systemd("myapp.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED")
)


@pytest.mark.parametrize(("status", "fires"), [(502, True), (200, False)])
def test_a_long_start_in_which_nobody_was_answered_is_no_work(status: int, *, fires: bool) -> None:
    answer = ask(
        "deploy_bad_release",
        unit=crashing(),
        changes=_SWITCHED_AT_11_59,
        app_journal=_SLOW,
        access_log=f'10.0.0.9 - - [20/Nov/2026:11:59:30 +0000] "GET / HTTP/1.1" {status} 9 "-" "x"\n',
    )

    assert isinstance(answer, Finding) is fires
