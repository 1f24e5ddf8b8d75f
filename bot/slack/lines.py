"""What `status` and `help` answer, in mrkdwn."""

from bot.model.summary import IncidentSummary
from bot.slack.blocks.root import marked
from bot.slack.blocks.text import date, escape, name
from bot.slack.requests import Setting


def status_line(one: IncidentSummary) -> str:
    """An incident, how it stands, and the approvals that wait."""
    says = escape(" ".join(one.says.split())[:160]).replace("`", "'")
    what = f"`{name(one.incident)}` {name(one.runbook)} · {name(one.host)} · {date(one.at)}"
    asks = "".join(f" · approval `{name(approval)}`" for approval in one.open_approvals)
    return f"{marked(one.stand)} · {what}{asks}\n      {says}"


def help_text(setting: Setting) -> str:
    """What there is to ask."""
    called = escape(setting.called)
    example = escape(setting.example)
    rest = "" if setting.is_thread else " INCIDENT"
    return "\n".join(
        [
            f"`{example}` — look at hosts (up to five) and say what is broken",
            f"`{called} status` — the latest incidents",
            f"`{called} export{rest} [md|json|html|csv]` — the timeline as a file",
            f"`{called} note{rest} TEXT` — add a note to the timeline",
            f"`{called} again{rest}` — run the checklist again",
            f"`{called} explain CAUSE` — what a cause is, what mends it and what does not",
            *(() if setting.is_thread else (f"`{called} paste` — judge log text without a host",)),
            "Slack has no commands in threads: mention me there instead, or use the buttons.",
        ]
    )
