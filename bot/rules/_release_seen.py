"""What shows a broken release without a crash: a link that leads nowhere, answers that turned bad."""

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.access_log import Request
from bot.parsers.changes import ReleaseLink
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _last_words, _life, _quote


def dangling(link: ReleaseLink, unit: UnitState, app_journal: Journal | None) -> Finding:
    """The link leads nowhere: whatever starts from it fails."""
    exit_ = _life.last_exit(app_journal)
    return Finding(
        cause="deploy_bad_release",
        certainty=Certainty.CONFIRMED,
        says=f"{link.path} points to {link.target}, which is not there, so {unit.name} cannot start from it",
        because=(
            Line(step="changes", text=link.line),
            *((_quote.logged(exit_),) if exit_ else ()),
            _quote.state(unit, "ActiveState", "Result", "ExecMainStatus", "WorkingDirectory"),
        ),
        restart=_quote.useless("app", f"{link.target} is still not there"),
        mend=f"{link.path} pointed to a release that is there, or {link.target} brought to its place; then a"
        " start",
        weight=100,
    )


def answers_worse(
    link: ReleaseLink, good: Request, upstreams: HttpProbes | None, app_journal: Journal | None
) -> Finding:
    """It runs, and answers badly what was answered well until the switch."""
    bad = next(
        (p for p in (upstreams.probes if upstreams else ()) if p.path == good.path and not p.is_well), None
    )
    words = _last_words.last_words(app_journal)
    said = f": {words.message.strip()}" if words else ""
    return Finding(
        cause="deploy_bad_release",
        certainty=Certainty.LIKELY,
        says=f"{good.path} was answered well until release {link.target} was put in place, and not once"
        f" since{said}",
        because=(
            Line(step="changes", text=link.line),
            *((_quote.probe(bad),) if bad else ()),
            _quote.request(good),
            *((_quote.logged(words),) if words else ()),
        ),
        restart=_quote.useless("app", f"it starts the same broken release {link.target} again"),
        next_check="did something else change at that moment: data, a setting, another service?",
        mend=f"going back to the release before, then a corrected one; or what {link.target} needs and was"
        " not brought with it, e.g. its migration or a setting",
        weight=100,
    )
