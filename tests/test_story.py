"""The post-mortem's timeline: complete, the same every time, and harmless wherever it is opened."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadRequest
from bot.model.command import Ended
from bot.model.event import (
    ApprovalClosed,
    ChannelChange,
    ChannelChanged,
    Closing,
    Entry,
    Event,
    Exported,
    Noted,
    Refused,
    RunFailed,
)
from bot.model.person import Actor, Standing
from bot.model.verdict import Line
from bot.store import SqliteLedger
from bot.story import FORMS, export, export_incident, story_of, timeline
from bot.story.appendix import excerpt, step_words
from bot.story.happening import happenings
from bot.story.summary import summary
from bot.story.text import cell, fence, inline, local, plain, utc
from tests.support.incidents import (
    MEI,
    OLU,
    REFUSED_LINE,
    T0,
    broken,
    chained,
    claimed,
    healthy,
    opened,
    proposed,
    ran,
    shown,
    voted,
    whole_incident,
)

ENTRIES = chained(whole_incident())
EXPORTED = Exported(by=MEI, person="mei", form="md", sha256="0" * 64, head="14:x")
ACTOR = Actor(account=OLU, standing=Standing.MEMBER, person="olu")
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>",
    "</style><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "```\n# not a headline\n```",
    "``````\n[click](https://evil.example)",
    "[click](https://evil.example)",
    "![x](https://evil.example/p.png)",
    "https://evil.example www.evil.example",
    "<!channel> <@U1> @here",
    "| a | b |\n|---|---|",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "a\u202egpj.exe",
    "zero\u200bwidth\x1b[31m\x07",
    "&lt;b&gt;",
    "line\n# headline\n- item",
)


def hostile_entries(text: str) -> tuple[Entry, ...]:
    """A whole incident with the text wherever a host or a person could put it."""
    verdict = broken(line=text)
    verdict = replace(verdict, says=text, next_check=text, restart=replace(verdict.restart, why=text))
    gap, out = replace(verdict.unchecked[0], reason=text), replace(verdict.ruled_out[0], says=text)
    run = ran(1, replace(verdict, unchecked=(gap,), ruled_out=(out,)))
    step = replace(run[1], argv=("sh", "-c", text), gap=text, evidence="9" * 64)
    return chained(
        (
            replace(opened(), words=text, person=text, by=replace(OLU, id=text, shown_as=text)),
            run[0],
            step,
            run[2],
            replace(proposed(), target=text, commands=((text,),), approvers=text),
            replace(voted(), reason=text),
            ApprovalClosed(approval="a1", how=Closing.CHANGED, why=text),
            Noted(by=MEI, person="mei", text=text),
            Refused(by=MEI, person="mei", wanted=text, why=text),
            replace(ran(2, healthy())[0]),
            RunFailed(run=2, why=text),
        )
    )


@pytest.mark.parametrize("form", FORMS)
def test_says_who_did_what_when_and_how_it_ended(form: str) -> None:
    written = export(timeline(ENTRIES), form).decode()

    for fact in (
        "olu (slack U0OLU of T0)",
        "mei (slack U0MEI of T0)",
        REFUSED_LINE,
        "sudo -n systemctl restart",
        "tail -n 500 /var/log/nginx/error.log",
        "restart_unit",
        "exit 0",
        "nginx answers 200",
        ENTRIES[-1].hash,
    ):
        assert fact in written.replace("&#39;", "'"), fact


@pytest.mark.parametrize(
    ("form", "time"),
    [
        ("md", "2026-01-31 03:00:09 UTC"),
        ("html", "2026-01-31 03:00:09 UTC"),
        ("csv", "2026-01-31 03:00:09.000 UTC"),
    ],
)
def test_gives_each_time_in_utc_and_in_the_askers_zone(form: str, time: str) -> None:
    written = export(timeline(ENTRIES), form).decode()

    assert time in written
    assert "2026-01-31 04:00:09 CET" in written


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "Mars/Olympus"])
def test_a_time_stands_once_where_the_askers_zone_says_the_same(zone: str) -> None:
    entries = chained([opened(timezone=zone), *ran(1, broken())])

    row = next(line for line in export(timeline(entries), "md").decode().split("\n") if "asked for" in line)

    assert row.count("03:00:00") == 1


def test_quotes_commands_so_that_they_read_as_they_would_be_typed() -> None:
    assert (
        "```text\nsudo -n systemctl restart 'shop api.service'\n```"
        in export(timeline(ENTRIES), "md").decode()
    )


def test_tells_before_and_after() -> None:
    told = json.loads(export(timeline(ENTRIES), "json"))

    assert told["diff"]["gone"] == ["upstream_down"]
    assert told["diff"]["is_healthy"] is True
    assert "- Gone: upstream_down" in export(timeline(ENTRIES), "md").decode()
    assert timeline(ENTRIES[:5]).diff is None


def test_the_look_just_before_an_action_is_not_the_after() -> None:
    waiting = chained(
        [opened(), *ran(1, broken()), proposed(), voted(), claimed(), *ran(2, broken(), reason="precheck:a1")]
    )

    assert timeline(waiting).diff is None
    assert "## Before and after" not in export(timeline(waiting), "md").decode()


def test_reads_as_a_report_the_most_wanted_first() -> None:
    written = export(timeline(ENTRIES), "md").decode()

    assert re.findall(r"(?m)^## (.*)", written) == [
        "Summary",
        "Timeline",
        "Before and after",
        "Actions and approvals",
        "Appendix: what each check read",
    ]


def test_the_summary_says_who_what_and_how_long() -> None:
    told = {fact.label: fact.text for fact in summary(timeline(ENTRIES))}

    assert told["What was wrong"] == "nothing listens: upstream_down"
    assert told["Cause"] == "upstream_down, confirmed"
    assert told["Approved by"].endswith("approved “restart_unit (shop.service)”")
    assert told["What was done"] == "restart_unit (shop.service): done, exit 0, took 0.40 s: restarted"
    assert told["Outcome"] == "well again: nginx answers 200"
    assert (told["Time to verdict"], told["Time to approval"]) == (
        "3.0 s after the ask",
        "6.0 s after the ask",
    )
    assert told["Time to recovery"] == "10.0 s after the ask"


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ((*ran(1, broken()),), "nothing in progress; the host was broken when last seen"),
        ((*ran(1, healthy()),), "nothing in progress; the host was healthy when last seen"),
        ((*ran(1, broken()), proposed()), "waits for a decision"),
    ],
    ids=["broken", "healthy", "open"],
)
def test_the_status_is_the_hosts_once_nothing_is_in_progress(events: tuple[Event, ...], says: str) -> None:
    told = {fact.label: fact.text for fact in summary(timeline(chained([opened(), *events])))}

    assert told["Status"] == says


def test_trouble_that_stays_is_not_called_recovery() -> None:
    entries = chained([*whole_incident()[:-3], *ran(2, broken(), reason="recheck:a1")])

    told = {fact.label: fact.text for fact in summary(timeline(entries))}

    assert told["Outcome"] == "not well: nothing listens: upstream_down"
    assert "Time to recovery" not in told
    assert told["Outage"].endswith("not seen to end")


def test_the_timeline_begins_with_what_the_hosts_logs_date_before_the_ask() -> None:
    before, after = (
        replace(line, text=text, at=T0 + timedelta(seconds=offset))
        for line in broken().found[0].because
        for text, offset in (("died", -20.0), ("asked by the bot", 1.0))
    )
    change = Line(step="changes", text="/srv/current -> r2, changed 2026-01-31T02:59:00Z")
    finding = replace(broken().found[0], because=(before, after, change))
    story = timeline(chained([opened(), *ran(1, replace(broken(), found=(finding,)))]))

    rows = happenings(story.entries, story.incident)

    assert [(row.seq, row.what) for row in rows][:3] == [
        (None, change.text),
        (None, "died"),
        (1, "asked for 502 on web-01"),
    ]
    told = {fact.label: fact.text for fact in summary(story)}
    assert told["Outage"].startswith("since 2026-01-31 02:59:40 UTC at the latest (error_log")


def test_people_read_no_words_of_the_machinery() -> None:
    written = export(timeline(ENTRIES), "md").decode().split("## Appendix")[0]

    assert "worker" not in written and "recheck:" not in written
    assert "checked again after the action" in written


def test_a_step_that_was_not_asked_says_only_that() -> None:
    step = replace(ran(1, broken())[1], ended=Ended.LOST, exit_status=None, gap="not asked: no unit")
    asked = replace(step, gap="no answer")

    assert step_words(step) == "not asked: no unit"
    assert step_words(asked) == "lost; no answer"


def test_what_a_later_run_read_alike_is_not_repeated() -> None:
    entries = chained(
        [
            opened(),
            *ran(1, broken(), evidence="8" * 64),
            *ran(2, broken(), reason="precheck:a1", evidence="9" * 64),
        ]
    )
    texts = {"8" * 64: "the whole log", "9" * 64: "the whole log"}

    for form in ("md", "html"):
        written = export(timeline(entries, texts), form).decode()
        assert written.count("the whole log") == 1
        assert "error_log, as in run 1" in written
        assert written.count("tail -n 500") == 1


def test_a_long_text_is_cut_at_the_beginning_of_a_line() -> None:
    lines = "".join(f"line {number}\n" for number in range(1000))

    first, second, *_ = excerpt(lines).split("\n")

    assert first == f"[{int(second.split()[1])} lines, {lines.index(second + chr(10))} characters left out]"


@pytest.mark.parametrize("form", FORMS)
def test_is_the_same_to_the_byte_when_exported_again(form: str) -> None:
    once = export(timeline(ENTRIES), form)
    again = chained([*(entry.event for entry in ENTRIES), EXPORTED, shown(), EXPORTED])
    after = (*ENTRIES, *again[len(ENTRIES) :])

    assert export(timeline(after), form) == once


def test_ends_with_the_last_entry_that_belongs_to_it_and_says_which() -> None:
    story = timeline(chained([opened(), shown(), Noted(by=MEI, person="mei", text="x"), shown(), EXPORTED]))

    assert story.head.seq == 3
    assert [moment.seq for moment in story.moments] == [1, 3]
    assert [entry.seq for entry in story.entries] == [1, 2, 3]
    assert f"up to \\#3, `{story.head.hash}`" in export(story, "md").decode()


@pytest.mark.parametrize(
    ("change", "now", "says"),
    [
        (ChannelChange.SHARED, "C1", "channel C1 is shared with another organisation"),
        (ChannelChange.UNSHARED, "C1", "channel C1 is not shared with another organisation any more"),
        (ChannelChange.MOVED, "C2", "channel C1 has the id C2 from now on"),
    ],
)
def test_what_became_of_the_channel_is_told(change: ChannelChange, now: str, says: str) -> None:
    changed = ChannelChanged(channel="C1", change=change, now=now)

    assert says in export(timeline(chained([*whole_incident(), changed])), "md").decode()


def test_a_later_note_makes_another_export() -> None:
    longer = chained([*whole_incident(), Noted(by=MEI, person="mei", text="it was the switch")])

    assert "it was the switch" in export(timeline(longer), "md").decode()


def test_the_json_carries_the_chain_as_stored() -> None:
    told = json.loads(export(timeline(ENTRIES), "json"))

    assert [link["body"] for link in told["chain"]] == [entry.body for entry in ENTRIES]
    assert [link["hash"] for link in told["chain"]] == [entry.hash for entry in ENTRIES]


def test_unproved_evidence_is_for_reading_only() -> None:
    entries = chained([opened(), *ran(1, broken(), evidence="9" * 64)])
    story = timeline(entries, {"9" * 64: "the whole log", "8" * 64: "of another incident"})

    assert "the whole log" in export(story, "md").decode()
    assert "the whole log" in export(story, "html").decode()
    assert b"the whole log" not in export(story, "json")
    assert list(story.evidence) == ["9" * 64]


def test_a_long_text_is_cut_and_says_so() -> None:
    entries = chained([opened(), *ran(1, broken(), evidence="9" * 64)])
    written = export(timeline(entries, {"9" * 64: "start" + "x" * 5000 + "end"}), "md").decode()

    assert "[3008 characters left out]" in written
    assert "start" not in written.split("## Evidence")[1]


def test_an_unknown_incident_and_an_unknown_form_say_so() -> None:
    with pytest.raises(BadRequest, match="no such incident"):
        timeline(())
    with pytest.raises(BadRequest, match="no export form 'pdf'; there are md, json, html, csv"):
        export(timeline(ENTRIES), "pdf")


class Page(HTMLParser):
    """Which elements and attributes a page has."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_no_text_becomes_markup_in_html(text: str) -> None:
    evidence = {"9" * 64: text}
    page = Page(export(timeline(hostile_entries(text), evidence), "html"))
    harmless = Page(export(timeline(hostile_entries("harmless"), {"9" * 64: "harmless"}), "html"))

    assert page.tags == harmless.tags
    assert (
        page.attributes
        == harmless.attributes
        <= {"lang", "charset", "http-equiv", "content", "name", "class", "title"}
    )
    assert plain(text).strip() in "".join(page.text)


def test_html_may_load_and_run_nothing() -> None:
    page = export(timeline(ENTRIES), "html").decode()

    assert "default-src 'none'; style-src 'sha256-" in page
    assert not re.search(r"<script|https?://|\s(src|href|on[a-z]+)=", page)


def outside_fences(markdown: str) -> str:
    """Markdown without its code blocks, by the rules of CommonMark."""
    kept, closing = [], ""
    for line in markdown.split("\n"):
        ticks = re.match(r"`{3,}", line)
        if closing:
            if re.fullmatch(closing + "`* *", line):
                closing = ""
        elif ticks:
            closing = ticks.group()
        else:
            kept.append(line)
    assert not closing, "a code block never ends"
    return "\n".join(kept)


def skeleton(markdown: str) -> list[str]:
    """What each line outside code blocks begins with: the document's structure."""
    lines = outside_fences(markdown).split("\n")
    return [match.group() if (match := re.match(r"#+ |- |\d+\. |\||> |---$", line)) else "" for line in lines]


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_no_text_becomes_markup_in_markdown(text: str) -> None:
    written = export(timeline(hostile_entries(text), {"9" * 64: text}), "md").decode()
    harmless = export(timeline(hostile_entries("harmless"), {"9" * 64: "harmless"}), "md").decode()

    assert skeleton(written) == skeleton(harmless)
    rest = outside_fences(written)
    assert not re.search(r"(?<!\\)[<>\[\]]|://|(?<!\\)@", rest)
    assert re.sub(r"\\.", "", rest).count("|") == re.sub(r"\\.", "", outside_fences(harmless)).count("|")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="`~ \nab", max_size=40))
def test_nothing_ends_a_code_block_from_inside(text: str) -> None:
    block = fence(text)

    assert outside_fences(f"before\n{block}\nafter") == "before\nafter"
    assert text.rstrip("\n") in block


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_no_cell_is_a_formula(text: str) -> None:
    written = export(timeline(hostile_entries(text)), "csv").decode()

    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert len({len(row) for row in rows}) == 1
    assert not [one for row in rows for one in row if re.match(r"[=+\-@＝＋－＠\t\r\n]", one.lstrip(" "))]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_a_guarded_cell_never_starts_like_a_formula(text: str) -> None:
    assert not cell(text).lstrip().startswith(("=", "+", "-", "@"))
    assert plain(text) in cell(text)


def test_controls_and_direction_marks_are_left_out_everywhere() -> None:
    entries = hostile_entries("zero\u200bwidth\x1b[31m\x07 \u202egpj.exe")

    for form in ("md", "html", "csv"):
        written = export(timeline(entries), form).decode()
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202e]", written), form
    assert export(timeline(entries), "json").isascii()


def test_display_names_are_not_part_of_it() -> None:
    entries = chained([replace(opened(), by=replace(OLU, shown_as="Mei the approver"))])

    assert "Mei the approver" not in export(timeline(entries), "md").decode()


def test_an_unknown_zone_reads_as_utc() -> None:
    assert local(T0, "Mars/Olympus") == "2026-01-31 03:00:00 UTC"
    assert local(T0, "../etc/passwd") == "2026-01-31 03:00:00 UTC"
    assert local(T0, "America/New_York") == "2026-01-30 22:00:00 EST"
    assert utc(T0) == "2026-01-31 03:00:00.000 UTC"


def test_a_word_with_underscores_stays_readable_in_markdown() -> None:
    assert inline("restart_unit _now_") == r"restart_unit \_now\_"


@pytest.mark.parametrize("form", FORMS)
async def test_an_export_is_noted_in_the_ledger_and_does_not_change_the_next(
    tmp_path: Path, form: str
) -> None:
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        digest = await ledger.keep("the whole log")
        await ledger.append("INC-1", [opened(), *ran(1, broken(), evidence=digest)])

        first = await export_incident(ledger, ACTOR, "INC-1", form)
        await ledger.append("INC-1", [shown("export")])
        second = await export_incident(ledger, ACTOR, "INC-1", form)

        entries = await ledger.entries("INC-1")
        noted = [one.event for one in entries if isinstance(one.event, Exported)]
        assert first == second
        assert (first.name, first.head) == (f"502-web-01-INC-1.{form}", f"4:{entries[3].hash}")
        assert [(one.form, one.sha256, one.person) for one in noted] == [(form, first.sha256, "olu")] * 2


async def test_an_erased_text_is_left_out_and_the_rest_stands(tmp_path: Path) -> None:
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        digest = await ledger.keep("a customer's name")
        await ledger.append("INC-1", [opened(), *ran(1, broken(), evidence=digest)])
        before = await story_of(ledger, "INC-1")

        await ledger.erase(digest)

        assert "a customer's name" in export(before, "md").decode()
        for form in FORMS:
            assert b"a customer" not in export(await story_of(ledger, "INC-1"), form)


async def test_an_export_says_where_a_text_was_erased(tmp_path: Path) -> None:
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        digest = await ledger.keep("a customer's name")
        await ledger.append("INC-1", [opened(), *ran(1, broken(), evidence=digest)])

        await ledger.erase(digest)

        for form in ("md", "html"):
            assert b"(erased)" in export(await story_of(ledger, "INC-1"), form)
