"""An app on a socket that is nginx's alone: we may not ask it, and its answer is what nginx passes on.

Debian's uWSGI makes its sockets for www-data with mode 660.
Source: ngx_http_upstream.c ngx_http_upstream_process_header (the upstream's status is passed on as it is);
/usr/share/uwsgi/conf/default.ini chmod-socket, chown-socket; uWSGI plugins/python/wsgi_handlers.c
"no python application found".
"""

import re

from bot.model.verdict import Certainty, Finding
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _last_words, _passed_on, _quote
from bot.rules._mend_by_words import mend_by_words

_NO_APP = re.compile(r"no (?:python|ruby|perl) application found|going in full dynamic mode")


def failed(
    upstreams: HttpProbes,
    front: HttpProbes | None,
    error_log: NginxErrorLog | None,
    app_journal: Journal | None,
) -> Finding | None:
    """nginx answers with a 5xx that is none of a gateway's, and does not say that it is its own."""
    if not upstreams.probes or any(p.answer is not Answer.DENIED for p in upstreams.probes):
        return None
    asked = front.that(Answer.ANSWERED) if front else ()
    bad = [p for p in asked if (p.status or 0) >= 500 and p.status not in _passed_on.OF_NGINX]
    if not bad or (error_log is not None and error_log.errors):
        return None
    bare = app_journal.matching(_NO_APP) if app_journal else ()
    words = _last_words.last_words(app_journal)
    # Whose the 500 is says nginx's log, or an app server that has no app to answer otherwise. A complaint may
    # be of another request; an error that nobody caught is what a 500 is made of.
    is_error = words is not None and _last_words.NAMED_ERROR.search(words.message) is not None
    is_sure = bool(bare) or (is_error and error_log is not None)
    without = "the app server runs without its app and " if bare else "the app itself "
    return Finding(
        cause="app_500",
        certainty=Certainty.CONFIRMED if is_sure else Certainty.LIKELY,
        says=f"{without}answers {bad[0].status} on {bad[0].path}" + (f": {words.message}" if words else ""),
        because=(
            _quote.probe(bad[0], "front"),
            *((_quote.logged(words),) if words else ()),
            *(_quote.logged(one) for one in bare[:1]),
        ),
        restart=_quote.useless("app", "a start loads the same code and settings, and fails at the same place")
        if bare
        else _quote.useless("app", "it runs and answers; its code, its settings or what it needs fails"),
        next_check=None
        if is_sure
        else "nginx's error log: a 500 of its own stands there"
        if words is not None and error_log is None
        else "the app's own log at that second",
        mend=mend_by_words(None, words.message) if words else None,
        weight=60,
    )
