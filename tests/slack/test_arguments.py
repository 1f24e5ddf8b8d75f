"""What people type becomes a request or one sentence, never anything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadRequest
from bot.slack.arguments import or_a_verb, parse, without_mention
from bot.slack.requests import AddNote, Again, Export, Help, Look, Paste, Request, Setting, Status

BY_502 = Setting(runbook="502", runbooks=("502",), called="/502")
BY_RUNBOOK = Setting(runbook=None, runbooks=("502", "disk"), called="/runbook")
IN_THREAD = Setting(runbook=None, runbooks=("502",), is_thread=True, called="@runbook")


@pytest.mark.parametrize(
    ("setting", "text", "request_"),
    [
        (BY_502, "web-01", Look(runbook="502", hosts=("web-01",))),
        (BY_502, "  web-01   web-02 web-01", Look(runbook="502", hosts=("web-01", "web-02"))),
        (BY_RUNBOOK, "502 web-01", Look(runbook="502", hosts=("web-01",))),
        (BY_502, "<http://web-01.lab|web-01.lab>", Look(runbook="502", hosts=("web-01.lab",))),
        (BY_502, "export i-1 JSON", Export(incident="i-1", form="json")),
        (BY_502, "export i-1", Export(incident="i-1")),
        (IN_THREAD, "export csv", Export(incident=None, form="csv")),
        (IN_THREAD, "again", Again(incident=None)),
        (BY_502, "again i-1", Again(incident="i-1")),
        (
            BY_502,
            "note i-1 moved &lt;traffic&gt; to № 2",
            AddNote(incident="i-1", text="moved <traffic> to № 2"),
        ),
        (IN_THREAD, "Note moved traffic", AddNote(incident=None, text="moved traffic")),
        (BY_502, "status", Status()),
        (BY_502, "HELP", Help()),
        (BY_502, "", Help()),
        (BY_502, "   ", Help()),
    ],
)
def test_words_become_a_request(setting: Setting, text: str, request_: Request) -> None:
    assert parse(text, setting) == request_


@pytest.mark.parametrize(
    ("setting", "text", "says"),
    [
        (BY_502, "web-01,web-02", "put a space between them: web-01 web-02"),
        (BY_502, "web-01;web-02", "put a space between them: web-01 web-02"),
        (BY_502, "-oProxyCommand=x", "holds marks that no name has"),
        (BY_502, "-v", "begins with '-'"),
        (BY_502, "--host", "begins with '-'"),
        (BY_502, "$(reboot)", "nothing is run from text"),
        (BY_502, "`reboot`", "nothing is run from text"),
        (BY_502, "web-01; rm -rf /", "not a host name"),
        (BY_502, "web-01 &amp;&amp; reboot", "not a host name"),
        (BY_502, "web–01", "en dash"),
        (BY_502, "wеb-01", "cyrillic small letter ie"),
        (BY_502, "web-01\x00", "a control character"),
        (BY_502, "web\u202e-01", "right-to-left override"),
        (BY_502, "WEB-01", "did you mean 'web-01'?"),
        (BY_502, "a b c d e f", "at most 5"),
        (BY_502, "::1", "not a host name"),
        (BY_502, "../etc", "not a host name"),
        (BY_502, "x" * 3900, "is too long: 3900 letters; a host name has at most 200"),
        (BY_502, "X" * 64, "is too long: 64 letters"),
        (IN_THREAD, "approve", "approve with the button on the card; words do not approve"),
        (BY_RUNBOOK, "reject it", "reject with the button on the card; words do not reject"),
        (BY_RUNBOOK, "statsu", "no runbook 'statsu'; did you mean 'status'?"),
        (BY_RUNBOOK, "503 web-01", "no runbook '503'; there are: 502, disk"),
        (BY_RUNBOOK, "502", "which host?"),
        (BY_502, "export", "which incident?"),
        (BY_502, "export i-1 pdf", "there are: md, json, html, csv"),
        (BY_502, "note i-1", "a note needs text"),
        (BY_502, "note", "which incident?"),
        (IN_THREAD, "note", "a note needs text"),
        (BY_502, "again a b", "one incident at a time"),
    ],
)
def test_what_is_off_is_named_in_one_sentence(setting: Setting, text: str, says: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse(text, setting)

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


_DICTIONARY = st.sampled_from(
    [
        "web-01",
        "502",
        "export",
        "note",
        "again",
        "status",
        "-x",
        "--",
        "$(id)",
        "a,b",
        "<@U1>",
        "&lt;",
        "\u202e",
    ]
)


@settings(max_examples=1000)
@given(
    text=st.one_of(
        st.text(), st.lists(st.one_of(_DICTIONARY, st.text(max_size=8)), max_size=8).map(" ".join)
    ),
    setting=st.sampled_from([BY_502, BY_RUNBOOK, IN_THREAD]),
)
def test_any_text_gives_a_request_or_a_sentence(text: str, setting: Setting) -> None:
    try:
        request = parse(text, setting)
    except BadRequest as error:
        assert str(error).isprintable()
        return

    assert isinstance(request, Look | Export | AddNote | Again | Status | Help | Paste)
    if isinstance(request, Look):
        assert 1 <= len(request.hosts) <= 5
        assert all(set(host) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") for host in request.hosts)
        assert not any(host.startswith("-") for host in request.hosts)


@pytest.mark.parametrize(
    ("word", "says"), [("statsu", "; or did you mean the word 'status'?"), ("web-09", "")]
)
def test_where_no_host_has_the_name_the_word_may_have_been_meant(word: str, says: str) -> None:
    assert or_a_verb(Look(runbook="502", hosts=(word,))) == says


@pytest.mark.parametrize("text", ["<@U0BOT> 502 web-01", "<@U0BOT|runbook>: 502 web-01", "502 web-01"])
def test_a_mention_is_taken_off(text: str) -> None:
    assert without_mention(text) == "502 web-01"
