"""Every message the bot can produce: valid for Slack, mentions nobody, and says what a reader needs."""

import unicodedata
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.devslack.validator import live_mentions, validate_message, validate_view
from bot.model.command import Ended
from bot.model.event import (
    ApprovalClosed,
    Closing,
    Event,
    IncidentOpened,
    Noted,
    Outcome,
    RunEnded,
    RunFailed,
    RunStarted,
    StepEnded,
)
from bot.model.evidence import Gap, GapKind
from bot.model.incident import Incident, fold
from bot.model.person import Account, Origin
from bot.model.ruling import Way
from bot.model.runbook import Step
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RestartEffect, RuledOut, Verdict
from bot.slack.blocks import Message, Upload, View, full_output, messages, output_view
from bot.slack.blocks.fit import BUDGET, size
from bot.slack.blocks.groups import excerpt_of
from bot.slack.blocks.in_words import in_words
from bot.slack.blocks.rich import with_code
from bot.slack.blocks.text import one_line
from bot.slack.blocks.told import told
from tests.slack.office import RUNBOOK
from tests.support.hostile import times
from tests.support.incidents import (
    T0,
    action_ended,
    broken,
    chained,
    claimed,
    healthy,
    intended,
    opened,
    proposed,
    ran,
    ready,
    voted,
    whole_incident,
)
from tests.support.incidents import shown as stood
from tests.support.people import has_button, words_of

VIEW = View(runbook=RUNBOOK)
#: Where Slack reads marks, or where only our own words may stand.
READ_BY_SLACK = {"mrkdwn", "header", "button"}


def shown(*events: Event, view: View = VIEW, incident: str = "inc-1") -> dict[str, Message]:
    """Messages by key."""
    state = fold(chained(events, incident=incident))
    return {one.key: one for one in messages(state, view) if isinstance(one, Message)}


def check(message: Message) -> None:
    """Slack takes it, it mentions nobody, and it is within the budget."""
    payload = {"channel": "C1", "text": message.text, "blocks": [dict(one) for one in message.blocks]}
    assert validate_message(payload) == ()
    assert live_mentions(payload) == ()
    assert size(message.blocks) <= BUDGET
    assert message.text.strip() and len(message.text) < 1000


def read_by_slack(value: Any, kind: str = "") -> list[str]:
    """Texts of mrkdwn objects, headers and buttons."""
    if isinstance(value, list):
        return [text for item in value for text in read_by_slack(item, kind)]
    if not isinstance(value, dict):
        return []
    here = value["type"] if value.get("type") in {"header", "button", "mrkdwn"} else kind
    own = [value["text"]] if here in READ_BY_SLACK and isinstance(value.get("text"), str) else []
    inner = {key: item for key, item in value.items() if key != "confirm"}
    return own + [text for item in inner.values() for text in read_by_slack(item, here)]


def test_a_whole_incident_is_told_in_the_order_of_its_thread() -> None:
    state = fold(chained(whole_incident()))

    keys = [one.key for one in messages(state, VIEW)]

    assert keys == ["root", "verdict", "card:a1", "group:proxy", "result:a1", "diff:2"]


@pytest.mark.parametrize("upto", range(1, len(whole_incident()) + 1))
def test_every_stage_of_an_incident_is_valid(upto: int) -> None:
    for message in shown(*whole_incident()[:upto]).values():
        check(message)


def test_nothing_is_shown_before_it_was_opened() -> None:
    assert messages(Incident(), VIEW) == ()


def test_while_it_looks_the_thread_says_how_far_it_is() -> None:
    started = RunStarted(run=1, reason="ask", runbook_digest="d", steps=("error_log", "config", "listening"))
    answer = StepEnded(
        run=1, step="config", argv=("nginx", "-t"), ended=Ended.EXITED, exit_status=0, duration_s=0.1
    )

    made = shown(opened(), started, answer)

    assert "1 of 3 answered" in words_of(list(made["verdict"].blocks))
    assert "Proxy 1/2 · Sockets 0/1" in words_of(list(made["verdict"].blocks))
    assert set(made) == {"root", "verdict"}


def test_the_verdict_says_what_is_broken_why_and_whether_a_restart_helps() -> None:
    said = words_of(list(shown(opened(), *ran(1, broken()))["verdict"].blocks))

    assert said.startswith("nothing listens: upstream_down")
    assert "111: Connection refused" in said and "error_log" in said
    assert "Would a restart of" in said and "Yes" in said and "the process is gone" in said
    assert "Mended by:" in said and "starting the app, and enabling it" in said
    assert "Ruled out (1):" in said and "the disk is 40 % full" in said
    assert "Could not check (1):" in said and "sudo refused journalctl -k" in said


def test_a_notification_says_what_is_broken_and_what_is_asked_for() -> None:
    made = shown(*whole_incident())

    asked = shown(opened(), *ran(1, broken()), replace(proposed(), title="restart the app"))
    assert asked["verdict"].text == "Verdict on web-01: nothing listens: upstream_down"
    assert asked["card:a1"].text == (
        "Approval needed: restart the app on web-01, because nothing listens: upstream_down"
    )
    assert "broken: nothing listens: upstream_down" in shown(opened(), *ran(1, broken()))["root"].text
    assert made["result:a1"].text == "Done on web-01; the service answers again"
    assert made["diff:2"].text == "Checked again: healthy; web-01: nginx answers 200"


def test_a_notification_cuts_a_sentence_between_words_and_escapes_it() -> None:
    says = "the release <!channel> *was* put `in` place @here, " + "and does not start " * 20

    said = shown(opened(), *ran(1, replace(broken(), says=says)))["verdict"].text

    assert said.startswith("Verdict on web-01: the release &lt;!channel&gt; ")
    assert not set(said) & set("<>*`@")
    assert said.endswith((" and …", " does …", " not …", " start …"))


@pytest.mark.parametrize(
    ("effect", "says"),
    [
        (RestartEffect.HELPS, "Yes"),
        (RestartEffect.TEMPORARY, "Only for a while"),
        (RestartEffect.USELESS, "No"),
        (RestartEffect.HARMFUL, "would do harm"),
    ],
)
def test_the_effect_of_a_restart_is_said_in_words(effect: RestartEffect, says: str) -> None:
    restart = RestartAdvice(effect=effect, what="app", why="so")

    said = words_of(list(shown(opened(), *ran(1, replace(broken(), restart=restart)))["verdict"].blocks))

    assert says in said


def test_a_run_that_failed_says_that_nothing_is_known() -> None:
    started = RunStarted(run=1, reason="ask", runbook_digest="d", steps=("error_log",))

    made = shown(opened(), started, RunFailed(run=1, why="the bot was stopped"))

    assert "nothing is known of the host now:  the bot was stopped" in words_of(list(made["verdict"].blocks))
    assert "1 of 1 step never answered" in words_of(list(made["verdict"].blocks))
    assert "the bot failed" in words_of(list(made["root"].blocks))


def test_an_open_card_says_what_runs_its_effect_who_may_and_both_clocks() -> None:
    offer = replace(
        proposed(), title="restart the app", does="Restarts shop. Requests are cut.", undo="Nothing to undo."
    )

    card = shown(opened(), *ran(1, broken()), offer)["card:a1"]

    said = words_of(list(card.blocks))
    assert "sudo -n systemctl restart 'shop api.service'" in said
    assert "web-01" in said and "shop.service" in said
    assert "Requests are cut." in said and "Nothing to undo." in said
    assert "approval `a1`" in said
    assert "1 yes needed from:  oncall" in said and ", not from " in said and ", who asked" in said
    assert f"approve by <!date^{int((T0 + timedelta(minutes=10)).timestamp())}" in said
    assert "starts within 2 min or not at all" in said or "starts within 120 s or not at all" in said
    assert has_button({"blocks": list(card.blocks)}, "approve")
    values = [e["value"] for b in card.blocks if b["type"] == "actions" for e in b["elements"]]  # type: ignore[attr-defined]
    assert set(values) == {"a1"}


def test_the_confirm_dialog_names_host_command_effect_and_undo() -> None:
    offer = replace(proposed(), does="Restarts shop.", undo="Nothing to undo.")
    card = shown(opened(), *ran(1, broken()), offer)["card:a1"]

    confirm = next(b for b in card.blocks if b["type"] == "actions")["elements"][0]["confirm"]  # type: ignore[index]

    asked = confirm["title"]["text"] + confirm["text"]["text"]
    assert all(part in asked for part in ("web-01", "systemctl restart", "Restarts shop.", "Undo: Nothing"))


def test_the_confirm_dialog_cuts_no_word_and_uses_the_room_there_is() -> None:
    says = (
        "From releases/2 back to the one made before it, releases/1. Runs the fleet's own rollback command, "
    )
    says += "which goes back to the release before this one and restarts the app."
    undo = "Deploy the newer release again once it is mended."

    def dialog(**offer: Any) -> str:
        card = shown(opened(), *ran(1, broken()), replace(proposed(), does=says, undo=undo, **offer))[
            "card:a1"
        ]
        row: Any = next(b for b in card.blocks if b["type"] == "actions")
        return str(row["elements"][0]["confirm"]["text"]["text"])

    whole = dialog(commands=(("sudo", "-n", "/usr/local/sbin/app-rollback"),))
    cut = dialog(commands=(("sudo", "-n", "/opt/deploy/bin/rollback", *["--service=payments"] * 9),))

    assert f"{says}\nUndo: {undo}" in whole
    words = {
        "",
        "…",
        *f"On web-01: sudo -n /opt/deploy/bin/rollback --service=payments {says} Undo: {undo}".split(),
    }
    assert len(cut) <= 300 and cut.count(" …") == 2 and set(cut.split()) <= words


def test_times_on_a_card_are_read_in_each_readers_zone() -> None:
    offer = replace(proposed(quorum=2), lone="oncall (olu)", lone_after_s=180.0)
    card = shown(opened(), *ran(1, broken()), stood(), offer, voted())["card:a1"]

    who = str(next(block for block in card.blocks if block["block_id"] == "who"))

    assert who.count("'type': 'date'") == 2
    assert " UTC" not in who.replace("'fallback': '", "").replace(" UTC'}", "")


def test_a_card_says_what_is_checked_when_it_ran() -> None:
    said = words_of(list(shown(opened(), *ran(1, broken()), proposed())["card:a1"].blocks))

    assert "Then:  waits until the service answers, runs the checklist again" in said


CLOSED = [
    (ApprovalClosed(approval="a1", how=Closing.EXPIRED, why="nobody decided"), "Expired"),
    (ApprovalClosed(approval="a1", how=Closing.SUPERSEDED, why="a newer look"), "No longer offered"),
    (ApprovalClosed(approval="a1", how=Closing.CHANGED, why="a new release"), "the host changed"),
    (voted(is_yes=False), "Rejected"),
    (voted(), "Approved"),
]


@pytest.mark.parametrize(("event", "title"), CLOSED, ids=[title for _, title in CLOSED])
def test_a_decided_card_has_no_buttons_and_says_how_it_ended(event: Event, title: str) -> None:
    card = shown(opened(), *ran(1, broken()), proposed(), event)["card:a1"]

    assert title in words_of(list(card.blocks))
    assert not any(block["type"] == "actions" for block in card.blocks)
    if isinstance(event, ApprovalClosed):
        assert f"Nothing ran:  {event.why}" in words_of(list(card.blocks))
    else:
        assert "Mei" in words_of(list(card.blocks))


def test_whoever_comes_after_a_card_expired_is_led_to_a_new_one() -> None:
    expired = ApprovalClosed(approval="a1", how=Closing.EXPIRED, why="nobody approved it in time")
    told = shown(opened(), *ran(1, broken()), proposed(), expired)

    card, root = (words_of(list(told[key].blocks)) for key in ("card:a1", "root"))

    assert "nobody approved it in time ; press Run again in the thread for a new card" in card
    assert "press Run again in the thread for a new card" in root


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (Outcome.DONE, "Done."),
        (Outcome.FAILED, "The action failed."),
        (Outcome.UNKNOWN, "it may have run; look at the host"),
    ],
)
def test_the_outcome_is_never_dressed_up(outcome: Outcome, says: str) -> None:
    events = (opened(), *ran(1, broken()), proposed(), voted(), claimed(), intended(), action_ended(outcome))

    said = words_of(list(shown(*events)["result:a1"].blocks))

    assert says in said and "exit status 0" in said


def test_before_and_after_stand_in_one_message() -> None:
    said = words_of(list(shown(*whole_incident())["diff:2"].blocks))

    assert "Before:  nothing listens: upstream_down" in said
    assert "After:  nginx answers 200" in said
    assert "Gone:  upstream_down" in said


def test_a_quiet_group_is_one_line_and_trouble_shows_the_quoted_line() -> None:
    steps = ("error_log", "config", "listening")
    answers = [
        StepEnded(
            run=1,
            step=step,
            argv=(step,),
            ended=Ended.EXITED,
            exit_status=0,
            duration_s=0.1,
            evidence=f"e-{step}",
        )
        for step in steps
    ]
    body = "\n".join([f"line {n}" for n in range(400)] + [broken().found[0].because[0].text] + ["z"] * 50)
    ended = RunEnded(run=1, verdict=broken(), host_key=None, skew_s=0.0, duration_s=1.0)
    started = RunStarted(run=1, reason="ask", runbook_digest="d", steps=steps)

    made = shown(opened(), started, *answers, ended, view=replace(VIEW, texts={"e-error_log": body}))

    assert len(made["group:sockets"].blocks) == 1
    assert "not what decides here" in words_of(list(made["group:sockets"].blocks))
    trouble = words_of(list(made["group:proxy"].blocks))
    assert "111: Connection refused" in trouble and "line 399" in trouble and "line 300\n" not in trouble
    assert "… 443 lines more in the file" in trouble
    assert list(made).index("group:proxy") < list(made).index("group:sockets")


def test_an_excerpt_of_a_unit_shows_its_state_rather_than_what_systemd_printed_last() -> None:
    step = Step(id="unit", group="proxy", title="the unit", run=("systemctl",), parse="unit_state")
    view = View(runbook=replace(RUNBOOK, steps=(step,)))

    said = in_words(
        "unit", "ActiveState=failed\nResult=exit-code\nId=a.service\nInvocationID=22e7", view.runbook
    )

    assert said.splitlines()[-2:] == ["Result=exit-code", "ActiveState=failed"]


def test_what_changed_stands_with_dates_and_shows_the_quoted_link() -> None:
    step = Step(id="changes", group="proxy", title="what changed", run=("sh",), parse="changes")
    line = "/srv/app/current -> releases/2, changed 2026-11-20T23:49:45Z"
    finding = replace(broken().found[0], because=(Line(step="changes", text=line),))
    body = "link\t/srv/app/current\treleases/2\t1795218585.64\nrelease\t1\t1795216482\nabsent\t/srv/x\n"
    run = (
        RunStarted(run=1, reason="ask", runbook_digest="d", steps=("changes",)),
        StepEnded(
            run=1, step="changes", argv=(), ended=Ended.EXITED, exit_status=0, duration_s=0.1, evidence="e"
        ),
        RunEnded(run=1, verdict=replace(broken(), found=(finding,)), host_key=None, skew_s=0, duration_s=1),
    )

    view = View(
        runbook=replace(RUNBOOK, steps=(step,)), texts={"e": body + "file\t/etc/hosts\t1795216483\n" * 20}
    )
    said = words_of(list(shown(opened(), *run, view=view)["group:proxy"].blocks))

    assert line in said and "release 1 changed 2026-11-20T23:14:42Z" in said
    assert "1795216482" not in said


def test_what_only_follows_from_the_first_finding_stands_apart_from_what_is_seen_beside_it() -> None:
    first = replace(broken("deploy_bad_release").found[0], weight=100)
    dies = replace(broken("app_crash_startup").found[0], says="it dies at once", weight=80)
    full = replace(broken("disk_full").found[0], says="the disk is full", weight=50)
    verdict = replace(broken("deploy_bad_release"), found=(first, full, dies))

    said = words_of(list(shown(opened(), *ran(1, verdict))["verdict"].blocks))

    follow, beside = said.partition("As a consequence:")[2].split("Also seen:")
    assert "it dies at once" in follow and "the disk is full" in beside


@pytest.mark.parametrize(
    ("certainty", "label"), [(Certainty.POSSIBLE, "Also possible:"), (Certainty.LIKELY, "Also seen:")]
)
def test_what_is_only_possible_is_not_called_seen(certainty: Certainty, label: str) -> None:
    first = replace(broken("deploy_bad_release").found[0], weight=100)
    other = replace(broken("disk_full").found[0], certainty=certainty, weight=50)
    verdict = replace(broken("deploy_bad_release"), found=(first, other))

    said = words_of(list(shown(opened(), *ran(1, verdict))["verdict"].blocks))

    assert [one for one in ("Also possible:", "Also seen:") if one in said] == [label]


@pytest.mark.parametrize(
    ("certainty", "label"),
    [(Certainty.CONFIRMED, "Proof, from step  error_log"), (Certainty.POSSIBLE, "Read from  error_log")],
)
def test_what_is_only_possible_has_no_proof(certainty: Certainty, label: str) -> None:
    first = replace(broken().found[0], certainty=certainty)

    said = shown(opened(), *ran(1, replace(broken(), certainty=certainty, found=(first,))))["verdict"]

    assert label in words_of(list(said.blocks))


def test_pasted_text_has_no_export_to_read_on_in() -> None:
    many = tuple(replace(broken().found[0], cause=f"cause_{number}") for number in range(6))

    said = words_of(list(told(replace(broken(), found=many), about="pasted text", by="olu").blocks))

    assert "and 2 more, less likely" in said and "export" not in said


def test_a_line_that_proves_several_causes_is_quoted_once() -> None:
    line, other = Line(step="pasted", text="no route to host"), Line(step="pasted", text="no space left")
    first = replace(broken("dns_stale").found[0], because=(line,), weight=90)
    same = replace(broken("firewall_or_no_route").found[0], says="a filter", because=(line,), weight=60)
    full = replace(broken("disk_full").found[0], says="it is full", because=(other,), weight=50)
    verdict = replace(broken("dns_stale"), found=(first, same, full))

    said = words_of(list(shown(opened(), *ran(1, verdict))["verdict"].blocks))

    assert said.count("no route to host") == 1
    assert "a filter" in said and said.count("no space left") == 1


def test_commands_in_our_own_words_are_shown_as_code() -> None:
    verdict = replace(broken(), next_check="`ss -ltnp` where the app runs, or `docker port`")

    advice = next(
        b for b in shown(opened(), *ran(1, verdict))["verdict"].blocks if b.get("block_id") == "advice"
    )
    last = advice["elements"][-1]["elements"]

    assert [e["text"] for e in last if e.get("style", {}).get("code")] == ["ss -ltnp", "docker port"]
    assert "`" not in "".join(e["text"] for e in last)


@pytest.mark.parametrize("text", ["no mark", "one ` alone", "", "` `", "``"])
def test_marks_without_a_pair_stand_as_they_are(text: str) -> None:
    made = "".join(element["text"] for element in with_code(text))

    assert made.replace("`", "") == one_line(text, 600).replace("`", "")


def test_a_remedy_that_fits_and_is_not_offered_is_named_by_its_title_with_all_that_stands_against_it() -> (
    None
):
    why = "it ran in this incident already; besides, no policy rule allows rollback_release on web-01"
    started, answer, ended = ran(1, broken())
    assert isinstance(ended, RunEnded)
    view = replace(VIEW, titles={"rollback_release": "roll back to the release before"})

    made = shown(opened(), started, answer, replace(ended, not_offered={"rollback_release": why}), view=view)

    said = words_of(list(made["verdict"].blocks))
    assert "Fits, but is not offered:" in said and "roll back to the release before :" in said and why in said
    check(made["verdict"])


def test_where_no_cause_was_found_every_group_stands_open_and_the_root_says_what_to_check() -> None:
    unknown = replace(
        broken(), cause="unknown", says="nginx answered 502 to GET / after 3 ms; cause not found",
        certainty=Certainty.POSSIBLE, found=(), remedies=(), next_check="the app's own log",
    )  # fmt: skip
    steps = ("error_log", "config", "listening")
    run = [RunStarted(run=1, reason="ask", runbook_digest="d", steps=steps)]
    run += [
        StepEnded(run=1, step=one, argv=(), ended=Ended.EXITED, exit_status=0, duration_s=0.1, evidence=one)
        for one in steps
    ]
    ended = RunEnded(run=1, verdict=unknown, host_key=None, skew_s=0.0, duration_s=1.0)

    made = shown(opened(), *run, ended, view=replace(VIEW, texts={one: f"what {one} said" for one in steps}))

    for key, step in (
        ("group:proxy", "error_log"),
        ("group:proxy", "config"),
        ("group:sockets", "listening"),
    ):
        said = words_of(list(made[key].blocks))
        assert f"what {step} said" in said and "no cause was found, so look through" in said
    root = words_of(list(made["root"].blocks))
    assert "nginx answered 502 to GET / after 3 ms; cause not found" in root
    assert "check the app's own log" in root
    for message in made.values():
        check(message)


def test_probes_and_memory_stand_in_words_and_not_as_bare_fields() -> None:
    steps = (
        Step(id="front", group="proxy", title="nginx asked", run=("sh",), parse="http_probes"),
        Step(id="resources", group="sockets", title="memory", run=("sh",), parse="resources"),
    )
    row = "http 127.0.0.1:80 / answered 502 1 3 157"
    told = "nginx answered 502 to GET / after 3 ms"
    memory = Line(step="resources", text="MemAvailable: 217088 kB", told="memory: 212 MiB of 3.9 GiB free")
    finding = replace(broken().found[0], because=(Line(step="front", text=row, told=told), memory))
    run = [RunStarted(run=1, reason="ask", runbook_digest="d", steps=("front", "resources"))]
    run += [
        StepEnded(run=1, step=one, argv=(), ended=Ended.EXITED, exit_status=0, duration_s=0.1, evidence=one)
        for one in ("front", "resources")
    ]
    ended = RunEnded(
        run=1, verdict=replace(broken(), found=(finding,)), host_key=None, skew_s=0, duration_s=1
    )
    texts = {
        "front": "probe\t" + row.replace(" ", "\t") + "\t\n",
        "resources": "# meminfo\nMemTotal: 4096000 kB\nMemAvailable: 217088 kB\n",
    }

    made = shown(opened(), *run, ended, view=View(runbook=replace(RUNBOOK, steps=steps), texts=texts))

    for key, says in (("verdict", told), ("group:proxy", told), ("group:sockets", memory.told)):
        said = words_of(list(made[key].blocks))
        assert says in said and "answered 502 1 3 157" not in said and "217088" not in said


def test_properties_that_a_quote_puts_side_by_side_are_the_ones_shown() -> None:
    body = "Id=a.service\nActiveState=failed\nResult=exit-code\nNRestarts=5\nInvocationID=22e7"

    said, left_out = excerpt_of(body, ["a.service ActiveState=failed NRestarts=5"])

    assert said == "ActiveState=failed\nNRestarts=5" and left_out == 3


def test_a_step_that_was_not_read_is_never_quiet() -> None:
    gap = StepEnded(
        run=1,
        step="listening",
        argv=("ss",),
        ended=Ended.TIMED_OUT,
        exit_status=None,
        duration_s=10.0,
        gap="no answer in 10 s",
    )
    started = RunStarted(run=1, reason="ask", runbook_digest="d", steps=("listening",))
    ended = RunEnded(run=1, verdict=healthy(), host_key=None, skew_s=0.0, duration_s=1.0)

    said = words_of(list(shown(opened(), started, gap, ended)["group:sockets"].blocks))

    assert "timed out after 10 s" in said and "not checked:  no answer in 10 s" in said


def test_what_the_fleet_file_gives_no_way_to_ask_is_quiet_and_not_called_read() -> None:
    left_out = StepEnded(
        run=1,
        step="listening",
        argv=(),
        ended=Ended.LOST,
        exit_status=None,
        duration_s=0.0,
        gap="not asked: the fleet file does not give host.public_url for web-01",
    )
    started = RunStarted(run=1, reason="ask", runbook_digest="d", steps=("listening",))
    ended = RunEnded(run=1, verdict=healthy(), host_key=None, skew_s=0.0, duration_s=1.0)

    blocks = shown(opened(), started, left_out, ended)["group:sockets"].blocks

    assert len(blocks) == 1
    assert "not asked" in words_of(list(blocks)) and "read" not in words_of(list(blocks))


def test_a_run_that_was_interrupted_shows_no_half_groups() -> None:
    answer = StepEnded(
        run=1, step="listening", argv=("ss",), ended=Ended.EXITED, exit_status=0, duration_s=0.1
    )
    started = RunStarted(run=1, reason="ask", runbook_digest="d", steps=("listening", "config"))

    made = shown(opened(), started, answer, RunFailed(run=1, why="the bot was stopped"))

    assert not [key for key in made if key.startswith("group:")]


def test_the_file_has_everything() -> None:
    state = fold(chained((opened(), *ran(1, broken(), evidence="e1"))))
    uploads = [one for one in messages(state, VIEW) if isinstance(one, Upload)]

    text = full_output(state, state.runs[0], {"e1": "all of it\n"}).decode()

    assert [one.name for one in uploads] == ["web-01-run-1.txt"]
    assert "$ tail -n 500 /var/log/nginx/error.log\nall of it\n" in text
    assert "exit 0" in text and "(erased)" in full_output(state, state.runs[0], {}).decode()


HOSTILE = st.one_of(
    st.text(max_size=400),
    st.sampled_from(
        [
            "<!channel> <!here> <@U0APPROVER> <!subteam^S0SRE> @here @channel",
            "<https://evil.example|Approve> ```\nbroken out\n``` *bold* _x_ ~y~",
            "✅ approved by admin\x1b[31mred\x1b[0m\x1b]0;title\x07",
            "\u202egnp.exe \u200b\u2066 \U000e0041 \ufeff",
            "a" * 5000,
            "\U0001f4a9" * 4000,
            '"\\' * 4000,
            "line\n" * 3000,
            "\x00\x01\x02\r\r\n",
            "",
        ]
    ),
)


#: As much as a step may bring: mentions, fences, bidi, escapes and long lines.
MEGABYTE = "<!channel> ```\u202e \x1b[31m <@U0APPROVER> | {} \n".format("x" * 900) * 1060


@st.composite
def hostile_incidents(draw: st.DrawFn) -> tuple[tuple[Event, ...], View, list[str]]:
    """An incident whose host, people and evidence say whatever they like."""
    planted: list[str] = []

    def said() -> str:
        planted.append(draw(HOSTILE))
        return planted[-1]

    lines = tuple(Line(step=said(), text=said()) for _ in range(draw(st.integers(1, 4))))
    restart = RestartAdvice(effect=draw(st.sampled_from(RestartEffect)), what=said(), why=said())
    certainty = draw(st.sampled_from(Certainty))
    findings = tuple(
        Finding(cause=said(), certainty=certainty, says=said(), because=lines, restart=restart)
        for _ in range(draw(st.integers(0, 5)))
    )
    verdict = Verdict(
        cause="upstream_down",
        certainty=certainty,
        says=said(),
        found=findings,
        ruled_out=tuple(RuledOut(cause=said(), says=said()) for _ in range(draw(st.integers(0, 14)))),
        unchecked=tuple(
            Gap(step=said(), kind=GapKind.FAILED, reason=said()) for _ in range(draw(st.integers(0, 12)))
        ),
        restart=restart,
        next_check=said(),
    )
    steps = ("error_log", "config", "listening", "elsewhere")
    answers = tuple(
        StepEnded(
            run=1,
            step=step,
            argv=(said(),),
            ended=draw(st.sampled_from(Ended)),
            exit_status=1,
            duration_s=1.0,
            evidence=f"e-{step}",
            gap=draw(st.sampled_from([None, "gap " + said()])),
        )
        for step in steps
    )
    person = Account(origin=Origin.SLACK, id="U0OLU", team="T0", shown_as=said())
    offer = replace(
        proposed(),
        commands=((said(), said()),),
        target=said(),
        approvers=said(),
        title="restart the app",
        does=said(),
        undo=said(),
        cause=said(),
        frozen=said(),
        lone=said(),
        break_glass=said(),
    )
    way = draw(st.sampled_from(Way))
    events = (
        IncidentOpened(runbook="502", host="web-01", by=person, person="olu"),
        RunStarted(run=1, reason="ask", runbook_digest="d", steps=steps),
        *answers,
        RunEnded(run=1, verdict=verdict, host_key=None, skew_s=0.0, duration_s=2.0),
        offer,
        replace(voted(), by=person, reason=said(), way=way, alert="C0SECURITY"),
        claimed(),
        intended(),
        replace(action_ended(), says=said(), evidence="e-action"),
        replace(ready(), says=said()),
        Noted(by=person, person="olu", text=said()),
        RunStarted(run=2, reason="recheck:a1", runbook_digest="d", steps=steps),
        RunEnded(run=2, verdict=replace(verdict, says=said()), host_key=None, skew_s=0.0, duration_s=2.0),
    )
    texts = {f"e-{step}": draw(st.one_of(HOSTILE, st.just(MEGABYTE))) for step in (*steps, "action")}
    planted += texts.values()
    return events, replace(VIEW, texts=texts), planted


@settings(
    max_examples=times(100, of=1000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(given_=hostile_incidents())
def test_whatever_hosts_and_people_say_messages_stay_valid_and_mention_nobody(
    given_: tuple[tuple[Event, ...], View, list[str]],
) -> None:
    events, view, planted = given_
    upto = [len(events), events.index(next(e for e in events if e.kind == "approval.proposed")) + 1]

    for end in upto:
        for message in shown(*events[:end], view=view).values():
            check(message)
            ours = " ".join([message.text, *read_by_slack(list(message.blocks))])
            for text in planted:
                word = text.strip()
                if len(word) > 6 and any(mark in word for mark in "<>`*@"):
                    assert word not in ours
            assert [char for char in every_text(message.blocks) if is_unseen(char)] == []


def every_text(value: object) -> str:
    """All strings of a payload."""
    if isinstance(value, str):
        return value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return "".join(every_text(each) for each in inside)


def is_unseen(char: str) -> bool:
    """Controls, marks that turn or hide text, and halves of code points; line breaks are none."""
    return char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"}


@pytest.mark.parametrize(
    "body", ["x" * 1_000_000, "line <!channel>\n" * 60_000, "\U0001f4a9" * 250_000, "\n" * 9000]
)
def test_a_megabyte_of_output_becomes_an_excerpt_that_says_it_was_cut(body: str) -> None:
    events = (opened(), *ran(1, broken(), evidence="e1"))
    view = replace(VIEW, texts={"e1": body})

    made = shown(*events, view=view)

    check(made["group:proxy"])
    said = words_of(list(made["group:proxy"].blocks))
    assert "…" in said or "no output" in said
    state = fold(chained(events))
    assert validate_view(output_view(state.runs[0], "proxy", view)) == ()


def test_equal_incidents_give_equal_messages() -> None:
    assert shown(*whole_incident()) == shown(*whole_incident())


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (broken(), "broken"),
        (replace(broken(), is_served=True), "serves, but not all is well"),
        (
            replace(
                broken(),
                found=(replace(broken().found[0], because=(Line(step="connect", text="key refused"),)),),
            ),
            "could not look",
        ),
    ],
    ids=["out", "served", "not asked"],
)
def test_the_root_tells_an_outage_from_a_fault_and_from_not_knowing(verdict: Verdict, state: str) -> None:
    told = replace(verdict, users_get="200 at http://example.org/")

    root = shown(opened(), *ran(1, told))["root"]

    assert state in root.text
    assert "Users get:  200 at http://example.org/" in words_of(list(root.blocks))


@pytest.mark.parametrize(
    ("line", "quote"),
    [
        ("/dev/vda1   40960  40960   0  100% /srv", "/dev/vda1 40960 40960 0 100% /srv"),
        ("probe\thttp\t127.0.0.1:3000\t/\trefused\t-", "http 127.0.0.1:3000 / refused -"),
    ],
    ids=["a table", "a probe"],
)
def test_an_excerpt_shows_the_quoted_line_however_its_columns_stand(line: str, quote: str) -> None:
    body = "\n".join([line, *(f"other {n}" for n in range(30))])

    assert " ".join(line.split()) in " ".join(excerpt_of(body, [quote])[0].split())
