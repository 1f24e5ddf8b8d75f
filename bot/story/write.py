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
from bot.story.actions import deeds
from bot.story.appendix import checks, excerpt
from bot.story.happening import happenings
from bot.story.json_form import to_json
from bot.story.summary import summary
from bot.story.tell import Story
from bot.story.text import cell, clock, fence, inline, is_utc, local, plain, utc

#: Characters of a command shown in Markdown.
_COMMAND_CHARS = 120


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
        "clock": clock,
        "local": local,
        "md": inline,
        "fence": fence,
        "plain": plain,
        "shortened": shortened,
        "excerpt": excerpt,
    }
    environment.filters.update(filters)
    return environment


def shortened(command: str) -> str:
    """A long command cut, with how much is left out; HTML and JSON have all of it."""
    if len(command) <= _COMMAND_CHARS:
        return command
    return f"{command[:_COMMAND_CHARS]} … ({len(command) - _COMMAND_CHARS} characters more)"


_MARKDOWN = _environment(is_html=False)
_HTML = _environment(is_html=True)


def _values(story: Story) -> dict[str, object]:
    zone, rows, read = story.opened.timezone, happenings(story.entries, story.incident), checks(story)
    return {
        "story": story,
        "incident": story.incident,
        "opened": story.opened,
        # Empty where it would only say the same again.
        "zone": "" if all(is_utc(zone, row.at) for row in rows) else zone,
        "summary": summary(story),
        "timeline": rows,
        "has_logs": any(row.seq is None for row in rows),
        "deeds": deeds(story),
        "checks": read,
        "has_evidence": any(check.evidence for check in read),
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
