"""The words behind a command or a mention, parsed once into a request.

Grammar (`/502` knows its runbook, `/runbook` and mentions begin with its name):

    [RUNBOOK] HOST [HOST …]                 look at hosts, at most five
    export [INCIDENT] [md|json|html|csv]    in a thread the incident is the thread's
    note [INCIDENT] TEXT…                   likewise
    paste                                   a form for log text, judged without a host
    explain CAUSE                           what a cause is and what mends it
    again [INCIDENT] · status · help · (nothing)

Nothing of it ever becomes a command or an address: hosts are looked up in the fleet by name.
Only a note may hold anything but plain ASCII words.
"""

import re

from bot.checked import near
from bot.errors import BadRequest
from bot.slack.plain import note_text, plain
from bot.slack.requests import (
    AddNote,
    Again,
    Explain,
    Export,
    Help,
    Look,
    Paste,
    Request,
    Setting,
    Status,
)

MAX_HOSTS = 5
FORMS = ("md", "json", "html", "csv")
#: Words that stand where a host might.
VERBS = ("again", "explain", "export", "help", "note", "paste", "status")

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\Z")
_INCIDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
#: Slack turns host names that look like web sites into links: `<http://web-01.example|web-01.example>`.
_LINKED = re.compile(r"<https?://([^|<>\s]+)\|\1>")
_MENTION = re.compile(r"\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s:,]*")


def without_mention(text: str) -> str:
    """The text of a mention without the mention it begins with."""
    return _MENTION.sub("", text, count=1)


def parse(text: str, setting: Setting) -> Request:
    """What is asked for. Raises BadRequest with one sentence that says what is wrong and what would work."""
    words = _unlinked(text).split()
    if not words:
        return Help()
    match words[0].lower():
        case "help":
            return Help()
        case "status":
            return Status()
        case "paste":
            return Paste()
        case "explain":
            return _explain(plain(words[1:], setting), setting)
        case "note":
            return _note(_unlinked(text), setting)
        case "export":
            return _export(plain(words[1:], setting), setting)
        case "again":
            return _again(plain(words[1:], setting), setting)
        case "approve" | "reject" as vote:
            raise BadRequest(f"{vote} with the button on the card; words do not {vote}")
    return _look(plain(words, setting), setting)


def _unlinked(text: str) -> str:
    return _LINKED.sub(r"\1", text)


def _look(words: list[str], setting: Setting) -> Look:
    runbook, hosts = setting.runbook, words
    if runbook is None:
        runbook, hosts = words[0], words[1:]
        if runbook not in setting.runbooks:
            raise BadRequest(_no_runbook(runbook, setting))
    if not hosts:
        raise BadRequest(f"which host? for example: {setting.example}")
    if len(hosts) > MAX_HOSTS:
        raise BadRequest(f"{len(hosts)} hosts at once; ask for at most {MAX_HOSTS}, the worst first")
    return Look(runbook=runbook, hosts=tuple(dict.fromkeys(_host(word, setting) for word in hosts)))


def _no_runbook(word: str, setting: Setting) -> str:
    if close := near(word, VERBS, most=1):
        return f"no runbook {word[:60]!r}; did you mean {close[0]!r}?"
    known = ", ".join(sorted(setting.runbooks)) or "none"
    return f"no runbook {word[:60]!r}; there are: {known}; for example: {setting.example}"


def or_a_verb(look: Look) -> str:
    """What to add where no host has that name, but a word of ours nearly has: `; or the word 'status'?`."""
    close = near(look.hosts[0], VERBS, most=1)
    return f"; or did you mean the word {close[0]!r}?" if close else ""


def _host(word: str, setting: Setting) -> str:
    if _HOST.match(word) and len(word) <= 200:
        return word
    if word.startswith("-"):
        raise BadRequest(
            f"{word[:60]!r} begins with '-': there are no options; for example: {setting.example}"
        )
    parts = [part for part in re.split(r"[,;|+&/]+", word) if part]
    if len(parts) > 1 and all(_HOST.match(part) for part in parts):
        raise BadRequest(
            f"two hosts in one word: {word[:60]!r}; put a space between them: {' '.join(parts)[:80]}"
        )
    if len(word) > 200 or max(map(len, word.split("."))) > 63:
        raise BadRequest(
            f"{word[:30] + '…'!r} is too long: {len(word)} letters; a host name has at most 200, and 63 "
            f"between two dots; for example: {setting.example}"
        )
    if _HOST.match(word.lower()):
        raise BadRequest(f"host names are lower case; did you mean {word.lower()[:60]!r}?")
    raise BadRequest(
        f"{word[:60]!r} is not a host name; those have a-z, 0-9, - and . only; for example: {setting.example}"
    )


def _export(words: list[str], setting: Setting) -> Export:
    form = "md"
    if words and words[-1].lower() in FORMS:
        form = words.pop().lower()
    if len(words) > 1:
        raise BadRequest(f"{words[-1][:60]!r} is no format; there are: {', '.join(FORMS)}")
    if words and setting.is_thread and not _INCIDENT.match(words[0]):
        raise BadRequest(f"{words[0][:60]!r} is no format; there are: {', '.join(FORMS)}")
    return Export(incident=_incident(words, setting, "export", ""), form=form)


def _again(words: list[str], setting: Setting) -> Again:
    if len(words) > 1:
        raise BadRequest(f"one incident at a time; {len(words)} were named")
    return Again(incident=_incident(words, setting, "again", ""))


def _explain(words: list[str], setting: Setting) -> Explain:
    if len(words) != 1:
        raise BadRequest(f"which cause? for example: {setting.called} explain wrong_port")
    return Explain(cause=words[0][:60])


def _note(text: str, setting: Setting) -> AddNote:
    rest = text.strip()[len("note") :]
    words = rest.split(maxsplit=1)
    incident = None
    if not setting.is_thread:
        incident = _incident(words[:1], setting, "note", " the text")
        rest = words[1] if len(words) > 1 else ""
    said = note_text(rest)
    if not said:
        raise BadRequest("a note needs text; for example: note traffic moved to web-02")
    return AddNote(incident=incident, text=said)


def _incident(words: list[str], setting: Setting, verb: str, rest: str) -> str | None:
    if words and _INCIDENT.match(words[0]):
        return words[0]
    if words:
        raise BadRequest(f"{words[0][:60]!r} is not an incident's id; `{setting.called} status` lists them")
    if setting.is_thread:
        return None
    raise BadRequest(
        f"which incident? {setting.called} {verb} INCIDENT{rest}; `{setting.called} status` lists them, "
        f"in an incident's thread the id is not needed"
    )
