"""nginx sends HTTP to Tomcat's AJP connector, which hangs up: nginx has no directive that speaks AJP.

Source: Tomcat's AjpMessage.processHeader (LocalStrings "ajpmessage.invalid"): the number is the first two
letters of what came, 18245 of GET; "The AJP Connector", port 8009 by custom.
"""

import re

from bot.model.verdict import Certainty, Finding
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.rules import _quote

#: GE, PO, HE, PU, OP.
_LETTERS = re.compile(r"Invalid message received with signature \[(?:18245|20559|18501|20565|20304)\]")


def asked_by_http(app_journal: Journal | None, upstreams: HttpProbes | None) -> Finding | None:
    """Tomcat says that it got letters of a request, and the address hangs up; None otherwise."""
    closed = upstreams.that(Answer.CLOSED, Answer.RESET) if upstreams else ()
    said = app_journal.matching(_LETTERS) if app_journal and closed else ()
    if not said:
        return None
    address = closed[0].address
    return Finding(
        cause="protocol_mismatch",
        certainty=Certainty.CONFIRMED,
        says=f"{address} is Tomcat's AJP connector, and nginx speaks HTTP to it",
        because=(_quote.logged(said[0]), _quote.probe(closed[0])),
        restart=_quote.useless("app", "both keep speaking what they are set to speak"),
        mend="proxy_pass to Tomcat's HTTP connector (port 8080 by default, see server.xml), or one added"
        " there: nginx cannot speak AJP",
        weight=90,
    )
