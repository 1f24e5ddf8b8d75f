"""Tomcat runs, and a web application in it did not start: what is asked of it gets Tomcat's own 404.

Source: Tomcat's StandardContext.startInternal (LocalStrings "standardContext.startFailed") and HostConfig
("hostConfig.deployWar.error", "hostConfig.deployDir.error"); one application's failure ends no other's start.
"""

import re

from bot.model.verdict import Certainty, Finding
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.rules import _last_words, _quote

_FAILED = re.compile(
    r"Context \[(?P<path>[^\]]*)\] startup failed due to previous errors"
    r"|Error deploying web application (?:archive|directory) \[(?P<file>[^\]]+)\]"
)
_NOT_THERE = 404


def failed(app_journal: Journal | None, upstreams: HttpProbes | None) -> Finding | None:
    """The application did not start since Tomcat did, and a path of it is not there; None otherwise."""
    absent = [p for p in upstreams.probes if p.status == _NOT_THERE] if upstreams else []
    said = app_journal.matching(_FAILED) if app_journal and absent else ()
    for entry in said:
        context = _context(entry)
        asked = next((p for p in absent if p.path.startswith(f"{context}/")), None)
        if asked is None:
            continue
        words = _last_words.last_words(app_journal)
        words = words if words is not None and not _FAILED.search(words.message) else None
        reason = f": {words.message.strip()}" if words else ""
        return Finding(
            cause="app_crash_startup",
            certainty=Certainty.CONFIRMED if words else Certainty.LIKELY,
            says=f"Tomcat runs, and the web application {context or '/'} in it did not start{reason}",
            because=(*((_quote.logged(words),) if words else ()), _quote.logged(entry), _quote.probe(asked)),
            restart=_quote.useless("app", "the application would fail to start in the same way"),
            next_check=None if words else "localhost.DATE.log in Tomcat's folder of logs: it has the reason",
            mend="what the application's start lacks, as its log names it, put right; then the application"
            " deployed again, or a restart of Tomcat",
            weight=80,
        )
    return None


def _context(entry: JournalEntry) -> str:
    """The path that it is served at: empty for the root; of a file its name tells it, `#` for a slash."""
    said = _FAILED.search(entry.message)
    if said is None or said["file"] is None:
        return said["path"].rstrip("/") if said else ""
    name = said["file"].rpartition("/")[2].removesuffix(".war").partition("##")[0]
    return "" if name == "ROOT" else "/" + name.replace("#", "/")
