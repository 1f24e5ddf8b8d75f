"""The verdict: on recorded incidents, in its ranking, and in what it will not say."""

# ruff: noqa: E501  # lines stand as hosts write them

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.judge import judge
from bot.model.evidence import CommandOutput, Evidence, Gap, GapKind, HostClock
from bot.model.runbook import Runbook
from bot.model.verdict import RestartEffect, Verdict
from tests.support import asked, recorded

ROOT = Path(__file__).parents[1]
#: Of each runbook, in a folder of its name.
CASES = sorted(
    path
    for path in recorded.CASES.glob("*/*.yaml")
    if (ROOT / "runbooks" / f"{path.parent.name}.yaml").exists()
)


def judged(case: dict[str, Any], runbook: Runbook | None = None) -> Verdict:
    runbook = runbook or asked.runbook()
    evidence = recorded.evidence_of(case, runbook)
    return judge(evidence, host=recorded.host_of(case), causes=runbook.causes, remedies=runbook.remedies)


def verdict_of(*gaps: Gap, offset_min: int = 0, **texts: str) -> Verdict:
    """The verdict over outputs written in the test; steps not given were not seen."""
    runbook = asked.runbook()
    facts = {step: asked.fact(step, text) for step, text in texts.items()}
    outputs = {
        step: CommandOutput(step=step, argv=("x",), exit_status=0, stdout=text)
        for step, text in texts.items()
    }
    evidence = Evidence(
        host="web-01",
        clock=HostClock(now=asked.NOW, utc_offset_min=offset_min),
        outputs=outputs,
        facts=facts,
        gaps=gaps,
    )
    return judge(evidence, host=asked.HOST, causes=runbook.causes, remedies=runbook.remedies)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_recorded_incident_is_judged_as_a_person_judged_it(path: Path) -> None:
    case = recorded.read(path)

    verdict = judged(case, asked.runbook(path.parent.name))

    expected = case["expected"]
    assert verdict.cause == expected["cause"], [f.cause for f in verdict.found]
    assert verdict.certainty.value == expected["certainty"]
    assert verdict.restart.effect.value == expected["restart"]
    assert list(verdict.remedies) == expected["remedies"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_quoted_line_stands_in_what_the_host_said(path: Path) -> None:
    case = recorded.read(path)
    said = {step: output["stdout"] + output.get("stderr", "") for step, output in case["steps"].items()}

    for finding in judged(case).found:
        for line in finding.because:
            if line.step in {
                "error_log",
                "app_journal",
                "app_logs",
                "container_log",
                "container_history",
                "nginx_journal",
                "kernel_log",
                "access_log",
                "config_test",
            }:
                assert line.text in said[line.step]


def test_a_host_that_could_not_be_asked_is_named_so_with_the_reason_quoted() -> None:
    reason = "no route to host"
    for kind, cause in (
        (GapKind.UNREACHABLE, "host_unreachable"),
        (GapKind.AUTH, "ssh_auth_failed"),
        (GapKind.HOST_KEY, "host_key_changed"),
        (GapKind.HOST_KEY_UNKNOWN, "host_key_unknown"),
        (GapKind.KIT, "host_kit_drifted"),
    ):
        verdict = verdict_of(Gap(step="front", kind=kind, reason=reason))

        assert verdict.cause == cause
        assert (verdict.found[0].because[0].step, verdict.found[0].because[0].text) == ("connect", reason)
        assert verdict.remedies == ()


def test_healthy_needs_a_good_answer_now() -> None:
    verdict = verdict_of(front=asked.WELL, unit=asked.unit(), error_log="")

    assert verdict.is_healthy
    assert verdict.remedies == ()


@pytest.mark.parametrize("step", ["front", "error_log", "unit"])
def test_is_not_healthy_when_something_essential_was_not_seen(step: str) -> None:
    seen = {"front": asked.WELL, "unit": asked.unit(), "error_log": ""}
    del seen[step]

    verdict = verdict_of(Gap(step=step, kind=GapKind.TIMED_OUT, reason="no answer within 5 s"), **seen)

    assert verdict.cause == "unknown"
    assert "no answer within 5 s" in verdict.says
    assert verdict.unchecked[0].step == step


def test_is_not_healthy_when_the_apps_container_was_not_seen() -> None:
    gap = Gap(step="container", kind=GapKind.REFUSED, reason="sudo refused `docker`")

    verdict = verdict_of(gap, front=asked.WELL, error_log="")

    assert verdict.cause == "unknown" and "container: sudo refused" in verdict.says


@pytest.mark.parametrize(("container", "remedy"), [(None, "start_unit"), ("shop", "start_container")])
def test_only_what_its_keeper_can_do_is_offered(container: str | None, remedy: str) -> None:
    case = recorded.read(recorded.CASES / "502" / "app_stopped.yaml")
    case["host"]["service"] |= {"unit": None if container else "myapp.service", "container": container}

    assert judged(case).remedies == (remedy,)


def test_what_no_rule_explains_is_told_in_words_with_the_next_check() -> None:
    bad = asked.WELL.replace("\tanswered\t200\t", "\tanswered\t502\t")
    seen = {"front": bad, "unit": asked.unit(), "error_log": ""}

    verdict = verdict_of(**seen)
    blind = verdict_of(Gap(step="kernel_log", kind=GapKind.REFUSED, reason="sudo refused it"), **seen)

    assert verdict.cause == "unknown"
    assert verdict.says.startswith("nginx answered 502 to GET /") and verdict.says.endswith(
        "; cause not found"
    )
    assert "answered 502 1" not in verdict.says
    assert "the app's own log at the moment it fails" in (verdict.next_check or "")
    assert "what could not be checked: kernel_log; `runbook-bot doctor" in (blind.next_check or "")


def test_a_host_that_was_asked_is_not_called_unreachable_for_what_its_app_logs() -> None:
    bad = asked.WELL.replace("\tanswered\t200\t", "\tanswered\t502\t")
    said = asked.said("ssh: connect to host backup.example port 22: Connection timed out")

    verdict = verdict_of(front=bad, unit=asked.unit(), error_log="", app_journal=said)

    assert "host_unreachable" not in [finding.cause for finding in verdict.found]


def test_old_errors_make_no_trouble() -> None:
    old = asked.error(asked.REFUSED).replace("11:59:58", "11:10:00")

    verdict = verdict_of(front=asked.WELL, unit=asked.unit(), error_log=old)

    assert verdict.is_healthy
    assert "over" in verdict.says


def test_fresh_errors_make_trouble_though_the_probe_is_answered() -> None:
    fresh = asked.error("upstream sent too big header while reading response header from upstream")

    verdict = verdict_of(front=asked.WELL, unit=asked.unit(), error_log=fresh)

    assert verdict.cause == "header_too_big"


def test_log_times_are_read_in_the_hosts_own_zone() -> None:
    local = asked.error("upstream sent too big header while reading header from upstream").replace(
        "11:59", "13:59"
    )

    assert (
        verdict_of(front=asked.WELL, unit=asked.unit(), error_log=local, offset_min=120).cause
        == "header_too_big"
    )
    assert verdict_of(
        front=asked.WELL, unit=asked.unit(), error_log=local.replace("13:59", "11:59"), offset_min=120
    ).is_healthy


def test_failing_requests_without_an_explanation_are_unknown_and_quoted() -> None:
    bad = asked.probe("answered", status=503, address="127.0.0.1:80")

    verdict = verdict_of(front=bad, unit=asked.unit(), error_log="")

    assert verdict.cause == "unknown"
    assert "503" in verdict.says


def test_what_does_not_explain_the_failure_comes_last_however_sure() -> None:
    verdict = verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        upstreams=asked.probe("refused"),
        unit=asked.crashing(),
        config_test='nginx: [emerg] unknown directive "x" in /etc/nginx/a.conf:1\n',
        nginx_unit=asked.nginx(),
        sudo="",
    )

    assert (verdict.cause, verdict.certainty.value) == ("app_crash_startup", "likely")
    assert [f.cause for f in verdict.found][-2:] == ["nginx_config_invalid", "sudo_missing"]


def test_a_restart_that_does_not_help_is_not_offered() -> None:
    case = recorded.read(recorded.CASES / "502" / "oom_kill.yaml")

    verdict = judged(case)

    assert verdict.restart.effect is RestartEffect.USELESS
    assert verdict.remedies == ()


def test_a_rule_without_its_fact_says_nothing_and_the_gap_is_shown() -> None:
    gap = Gap(step="listeners", kind=GapKind.NOT_FOUND, reason="ss is not on this host")

    verdict = verdict_of(
        gap,
        front=asked.probe("answered", status=502),
        upstreams=asked.probe("refused"),
        unit=asked.unit(),
        error_log=asked.error(asked.REFUSED),
    )

    assert "wrong_port" not in [f.cause for f in verdict.found] + [r.cause for r in verdict.ruled_out]
    assert verdict.unchecked == (gap,)


def test_a_cause_that_was_found_is_not_ruled_out_as_well() -> None:
    for path in CASES:
        verdict = judged(recorded.read(path))

        assert not {f.cause for f in verdict.found} & {r.cause for r in verdict.ruled_out}


def test_nothing_of_another_host_in_the_same_kernel_log_counts() -> None:
    ours = "oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/lab/web-01/system.slice/myapp.service,task=python3,pid=9"
    line = f"[Fri Nov 20 11:59:51 2026] {ours},uid=1\n"
    killed = asked.crashing(Result="signal", ExecMainCode=2, ExecMainStatus=9)
    front = asked.probe("answered", status=502)

    here = verdict_of(front=front, unit=killed, kernel_log=line)
    there = verdict_of(front=front, unit=killed, kernel_log=line.replace("web-01", "web-02"))

    assert here.found[0].certainty.value == "confirmed"
    assert there.found[0].certainty.value != "confirmed"


def test_a_host_of_another_name_is_found_by_what_its_journal_calls_it() -> None:
    case = recorded.read(recorded.CASES / "502" / "oom_kill.yaml")
    case["host"]["name"] = "shop-frontend"

    assert judged(case).cause == "oom_kill"


def test_errors_of_another_site_are_set_apart() -> None:
    config = (
        "server { listen 80 default_server; server_name _; location / { proxy_pass http://127.0.0.1:3000; } }"
        "server { listen 80; server_name other.example; location / { proxy_pass http://127.0.0.1:3999; } }"
    )
    theirs = asked.error(asked.REFUSED, upstream="http://127.0.0.1:3999/").replace(
        "server: _", "server: other.example"
    )
    refused = asked.probe("refused", address="127.0.0.1:3999")

    verdict = verdict_of(
        front=asked.WELL, upstreams=asked.WELL + refused, unit=asked.unit(), error_log=theirs, config=config
    )

    assert verdict.is_healthy
    assert (
        verdict_of(
            front=asked.WELL, upstreams=asked.WELL + refused, unit=asked.unit(), error_log=theirs
        ).cause
        != "healthy"
    )


def test_the_host_keeps_its_own_name_in_the_words() -> None:
    verdict = verdict_of(Gap(step="front", kind=GapKind.UNREACHABLE, reason="no route"))

    assert verdict.says.startswith("web-01")
    assert replace(verdict, cause="healthy").is_healthy


def test_a_host_whose_unit_the_fleet_does_not_name_can_be_healthy() -> None:
    gap = Gap(step="unit", kind=GapKind.NOT_ASKED, reason="the fleet file does not give service.unit")

    assert verdict_of(gap, front=asked.WELL, error_log="").is_healthy


def test_restarts_of_last_week_are_no_news() -> None:
    old = (
        "2026-11-12T07:00:00+0000 web-01 systemd[1]: Started myapp.service\n"
        "2026-11-12T08:00:00+0000 web-01 systemd[1]: myapp.service: Main process exited, code=killed, status=9/KILL\n"
    )

    verdict = verdict_of(front=asked.WELL, error_log="", unit=asked.unit(NRestarts=5), app_journal=old)

    assert verdict.is_healthy


def test_a_new_release_that_answered_before_it_broke_is_not_blamed_though_the_journal_was_overrun() -> None:
    link = "link\t/srv/app/current\treleases/2\t1795175700\nrelease\t1\t1\nrelease\t2\t2\n"
    loop = asked.systemd("Started myapp.service") + asked.said("RuntimeError: DATABASE_URL is not set")
    answered = '10.0.0.9 - - [20/Nov/2026:11:56:00 +0000] "GET / HTTP/1.1" 200 9 "-" "x"\n'

    verdict = verdict_of(
        front=asked.probe("answered", status=502),
        unit=asked.crashing(),
        changes=link,
        app_journal=loop,
        access_log=answered,
    )

    assert verdict.cause == "app_crash_startup"


@pytest.mark.parametrize("kind", [GapKind.REFUSED, GapKind.NOT_FOUND])
def test_a_host_without_any_sudo_says_so_when_the_service_is_well(kind: GapKind) -> None:
    gap = Gap(step="sudo", kind=kind, reason="sudo: a password is required")

    verdict = verdict_of(gap, front=asked.WELL, error_log="", unit=asked.unit())

    assert verdict.cause == "sudo_missing"
    assert verdict.found[0].because[0].text == "sudo: a password is required"
    assert verdict.says.startswith("nginx answered 200 to GET ")


def test_one_refused_command_is_not_yet_missing_sudo() -> None:
    gap = Gap(step="config_test", kind=GapKind.REFUSED, reason="sudo: a password is required")

    assert verdict_of(gap, front=asked.WELL, error_log="", unit=asked.unit()).is_healthy


def test_a_kill_from_before_the_present_trouble_is_not_its_cause() -> None:
    kill = "[Fri Nov 20 11:52:00 2026] oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/system.slice/myapp.service,task=python3,pid=9,uid=1\n"
    loop = asked.said("RuntimeError: DATABASE_URL is not set") + asked.systemd(
        "myapp.service: Main process exited, code=exited, status=1/FAILURE", "Started myapp.service"
    )
    started_again = asked.unit(NRestarts=20, ExecMainStartTimestamp="Fri 2026-11-20 11:59:59 UTC")

    verdict = verdict_of(
        front=asked.probe("answered", status=502), unit=started_again, app_journal=loop, kernel_log=kill
    )

    assert verdict.cause == "app_crash_startup"


def with_outside(verdict_case: str, first_line: str) -> Verdict:
    """A recorded case together with what the public address answered."""
    case = recorded.read(recorded.CASES / "502" / f"{verdict_case}.yaml")
    runbook = asked.runbook()
    evidence = recorded.evidence_of(case, runbook)
    facts = {**evidence.facts, "outside": asked.fact("outside", f"{first_line}\ntime_s: 0.1\n\n")}
    return judge(
        replace(evidence, facts=facts),
        host=recorded.host_of(case),
        causes=runbook.causes,
        remedies=runbook.remedies,
    )


def test_a_host_that_is_well_by_itself_only_is_not_healthy() -> None:
    verdict = with_outside("healthy", "HTTP/1.1 502 Bad Gateway")

    assert verdict.cause == "unknown"
    assert "not at its public address" in verdict.says and "502 Bad Gateway" in verdict.says


def test_a_log_in_page_at_the_public_address_is_healthy() -> None:
    assert with_outside("healthy", "HTTP/1.1 302 Found").is_healthy


def test_a_host_that_cannot_be_asked_is_named_though_its_site_answers() -> None:
    gap = Gap(step="unit", kind=GapKind.UNREACHABLE, reason="no route to host; look at its network")

    verdict = verdict_of(gap, outside="HTTP/1.1 200 OK\ntime_s: 0.1\n\n")

    assert verdict.cause == "host_unreachable"
    assert [line.step for line in verdict.found[0].because] == ["connect", "outside"]


def test_answers_of_whoever_took_the_port_rule_nothing_out_for_the_app() -> None:
    verdict = verdict_of(
        front=asked.probe("answered", status=404, address="127.0.0.1:80"),
        unit=asked.crashing(),
        app_journal=asked.said("OSError: [Errno 98] Address already in use"),
        listeners=asked.listens(by="java", pid=55),
        upstreams=asked.probe("answered", status=404),
    )

    assert verdict.cause == "port_conflict"
    assert {out.cause for out in verdict.ruled_out}.isdisjoint({"app_500", "header_too_big", "app_hang"})


def test_a_start_beside_another_sure_fault_is_not_called_all_there_is_to_do() -> None:
    verdict = verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        unit=asked.stopped(),
        app_journal=asked.systemd("Stopping myapp.service - My web app...", "Stopped myapp.service."),
        config_test='nginx: [emerg] unknown directive "x" in /etc/nginx/nginx.conf:1\n',
        nginx_unit=asked.nginx(),
    )

    assert (verdict.cause, verdict.restart.answer) == ("app_stopped_by_hand", "Yes")
    assert (
        "still to be mended then: nginx's configuration is invalid (unknown directive" in verdict.restart.why
    )


def test_what_was_changed_just_before_the_trouble_is_said() -> None:
    at = int(asked.NOW.timestamp())
    verdict = verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        unit=asked.crashing(NeedDaemonReload="yes"),
        app_journal=asked.systemd("myapp.service: Main process exited, code=exited, status=1/FAILURE"),
        changes=f"file\t/etc/myapp/env\t{at - 23}\nfile\t/etc/hosts\t{at - 4000}\nfile\t/etc/late\t{at - 2}\n",
    )

    assert verdict.changed == (
        "Changed just before: /etc/myapp/env, 14 s before the app ended; "
        "myapp.service changed on disk, systemd still has the old one: daemon-reload"
    )


def test_each_change_has_its_own_distance_from_the_trouble() -> None:
    at = int(asked.NOW.timestamp())
    changes = "".join(f"file\t/etc/{name}\t{at - ago}\n" for name, ago in (("a", 10), ("b", 27), ("c", 27)))
    verdict = verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        unit=asked.crashing(),
        app_journal=asked.systemd("myapp.service: Main process exited, code=exited, status=1/FAILURE"),
        changes=changes,
    )

    assert verdict.changed == (
        "Changed just before: /etc/a, 1 s before the app ended; /etc/b and /etc/c, 18 s before"
    )


def test_a_stop_is_told_as_one_and_not_by_the_errors_that_it_made() -> None:
    at = int(asked.NOW.timestamp())
    verdict = verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        unit=asked.stopped(InactiveEnterTimestamp="Fri 2026-11-20 11:59:51 UTC"),
        app_journal=asked.systemd("Stopping myapp.service - My web app...", "Stopped myapp.service."),
        error_log=asked.error(asked.REFUSED).replace("11:59:58", "11:59:50"),
        changes=f"file\t/etc/myapp/env\t{at - 30}\n",
    )

    assert verdict.changed == "Changed just before: /etc/myapp/env, 21 s before it was stopped"


def test_a_package_that_was_changed_just_before_is_said_in_utc() -> None:
    line = "2026-11-20 13:59:40 upgrade libssl3:amd64 3.0.14-1 3.0.15-1"
    verdict = verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        unit=asked.crashing(),
        app_journal=asked.systemd("myapp.service: Main process exited, code=exited, status=1/FAILURE"),
        changes=f"package\t{line}\n",
        host_clock="2026-11-20T14:00:00+0200",
    )

    assert verdict.changed is not None
    assert "upgrade of libssl3 to 3.0.15-1, 11 s before the app ended" in verdict.changed


def test_a_package_of_a_day_that_is_none_is_left_out() -> None:
    verdict = verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        unit=asked.crashing(),
        app_journal=asked.systemd("myapp.service: Main process exited, code=exited, status=1/FAILURE"),
        changes="package\t2026-00-20 11:59:40 upgrade libssl3:amd64 3.0.14-1 3.0.15-1\n",
    )

    assert verdict.changed is None


def test_a_change_before_nothing_failed_is_not_said() -> None:
    at = int(asked.NOW.timestamp())
    verdict = verdict_of(
        front=asked.WELL, unit=asked.unit(), error_log="", changes=f"file\t/etc/myapp/env\t{at - 23}\n"
    )

    assert verdict.is_healthy and verdict.changed is None


def test_a_fault_beside_which_users_are_served_is_told_from_an_outage() -> None:
    bad = 'nginx: [emerg] unknown directive "x" in /etc/nginx/nginx.conf:1\n'
    serving = verdict_of(front=asked.WELL, unit=asked.unit(), config_test=bad, nginx_unit=asked.nginx())
    out = verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        unit=asked.stopped(),
        config_test=bad,
    )

    assert (serving.cause, serving.is_served) == ("nginx_config_invalid", True)
    assert out.is_served is False


def test_a_host_that_could_not_be_asked_is_not_called_broken() -> None:
    verdict = verdict_of(Gap(step="front", kind=GapKind.UNREACHABLE, reason="no route to host"))

    assert not verdict.could_look
    assert verdict.is_served is None
    assert (verdict.restart.effect, verdict.restart.answer) == (RestartEffect.USELESS, "Not known")


def limited(*clients: str) -> dict[str, str]:
    """nginx refused 10.0.0.9 three times, and served these clients."""
    line = '{} - - [20/Nov/2026:11:59:58 +0000] "GET / HTTP/1.1" {} 9 "-" "x"\n'
    refused = asked.error('limiting requests, excess: 5.5 by zone "a"').replace(
        ', upstream: "http://127.0.0.1:3000/"', ""
    )
    return {
        "front": asked.WELL,
        "unit": asked.unit(),
        "error_log": refused * 3,
        "access_log": line.format("10.0.0.9", 503) * 3 + "".join(line.format(c, 200) for c in clients),
    }


def test_a_client_beyond_its_limit_is_no_outage_while_others_are_served() -> None:
    assert verdict_of(**limited("10.0.0.7")).is_healthy


def test_a_limit_that_meets_everybody_who_comes_is_named() -> None:
    assert verdict_of(**limited("10.0.0.9")).cause == "rate_limited_503"


def test_without_sudo_a_service_that_fails_is_not_said_to_be_no_trouble() -> None:
    bad = asked.probe("answered", status=502, address="127.0.0.1:80")

    verdict = verdict_of(sudo="", front=bad)

    assert verdict.cause == "sudo_missing"
    assert "nginx answered 502" in verdict.says
    assert not verdict.restart.is_sure
