"""A Story as bytes: Markdown and HTML for reading, CSV for tables, JSON for programs and proof.

The same story gives the same bytes, always.
"""

import base64
import csv
import hashlib
import io
from collections.abc import Callable
from types import MappingProxyType

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.errors import BadRequest
from bot.story.json_form import to_json
from bot.story.moment import because, command_lines, ended_words, seconds, who
from bot.story.tell import Story
from bot.story.text import cell, fence, inline, local, plain, utc

#: Characters of a step's text shown in Markdown and HTML; JSON has all of it.
_EXCERPT_CHARS = 2000


def _environment(*, is_html: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("bot.story"),
        autoescape=is_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: dict[str, Callable[..., object]] = {
        "utc": utc,
        "local": local,
        "md": inline,
        "fence": fence,
        "plain": plain,
        "commands": command_lines,
        "seconds": seconds,
        "ended": ended_words,
        "because": because,
        "excerpt": excerpt,
    }
    environment.filters.update(filters)
    environment.globals["who"] = who
    return environment


def excerpt(text: str) -> str:
    """The end of a long text, and what was left out."""
    if len(text) <= _EXCERPT_CHARS:
        return text
    return f"[{len(text) - _EXCERPT_CHARS} characters left out]\n{text[-_EXCERPT_CHARS:]}"


#: In place of a text that is not kept any more.
_ERASED = "(erased)"
_MARKDOWN = _environment(is_html=False)
_HTML = _environment(is_html=True)


def _quoted_evidence(story: Story) -> list[tuple[str, str]]:
    """Step and text of what the verdicts quote or could not read, in order; erased ones say so."""
    found = []
    for run in story.incident.runs:
        verdict = run.verdict
        quoted = {line.step for finding in verdict.found for line in finding.because} if verdict else set()
        for step in run.steps:
            digest = step.event.evidence
            text = story.evidence.get(digest, _ERASED) if digest else ""
            if text and (step.event.step in quoted or step.event.gap):
                found.append((f"run {run.number}, {step.event.step}", text))
    return found


def _values(story: Story) -> dict[str, object]:
    return {
        "story": story,
        "incident": story.incident,
        "opened": story.opened,
        "zone": story.opened.timezone,
        "timeline": [moment for moment in story.moments if moment.kind != "step.ended"],
        "evidence": _quoted_evidence(story),
    }


def _markdown(story: Story) -> bytes:
    return _MARKDOWN.get_template("story.md.j2").render(_values(story)).encode()


def _html(story: Story) -> bytes:
    style, _, _ = _HTML.loader.get_source(_HTML, "story.css") if _HTML.loader else ("", "", "")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _HTML.get_template("story.html.j2")
    return template.render(_values(story), style=style, style_digest=digest).encode()


def _csv(story: Story) -> bytes:
    zone = story.opened.timezone
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["seq", "at_utc", "at_local", "who", "kind", "what", "details", "hash"])
    for one in story.moments:
        details = "\n".join(f"{detail.label}: {detail.text}" for detail in one.details)
        texts = [
            str(one.seq),
            utc(one.at),
            local(one.at, zone),
            one.who,
            one.kind,
            one.what,
            details,
            one.hash,
        ]
        writer.writerow([cell(text) for text in texts])
    return out.getvalue().encode()


_WRITERS: MappingProxyType[str, Callable[[Story], bytes]] = MappingProxyType(
    {"md": _markdown, "json": to_json, "html": _html, "csv": _csv}
)
FORMS = tuple(_WRITERS)


def export(story: Story, form: str) -> bytes:
    """The story written out as `md`, `json`, `html` or `csv`, UTF-8.

    Raises BadRequest for another form.
    """
    writer = _WRITERS.get(form)
    if writer is None:
        raise BadRequest(f"no export form {form!r}; there are {', '.join(FORMS)}")
    return writer(story)


def file_name(story: Story, form: str) -> str:
    """`502-web-01-INC-1.md`, from ids and names only."""
    parts = (story.opened.runbook, story.opened.host, story.incident.id)
    safe = "-".join("".join(c if c.isalnum() or c in "._-" else "_" for c in part) for part in parts)
    return f"{safe}.{form}"
