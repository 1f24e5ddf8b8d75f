"""PHP-FPM has no child left."""

import re

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote

_SAID = re.compile(r"(server )?reached (pm\.)?max_children setting", re.IGNORECASE)


def php_fpm_exhausted(app_journal: Journal, error_log: NginxErrorLog | None) -> Finding | None:
    """All children of the PHP-FPM pool are busy, so requests wait until nginx gives up.

    Why: PHP-FPM says that pm.max_children is reached.
    Ruled out when: it does not say so.
    Mistaken when: it was reached for a moment and requests are answered again.
    Source: fpm_process_ctl.c; php-fpm pm.max_children.
    """
    said = app_journal.matching(_SAID)
    if not said:
        return None
    logged = error_log.of(Fault.READ_TIMEOUT, Fault.BACKLOG, Fault.CONNECT_TIMEOUT) if error_log else ()
    return Finding(
        cause="php_fpm_exhausted",
        certainty=Certainty.CONFIRMED if logged else Certainty.LIKELY,
        says="all PHP-FPM children are busy",
        because=(_quote.logged(said[0]), *(_quote.error(entry) for entry in logged[:1])),
        restart=_quote.temporary("app", "children are free again until the slow requests come back"),
        next_check="what the children wait for (php-fpm slow log)",
        weight=69,
    )
