"""Versions that changed, as people and pipelines write them; and two of one image side by side.

Source: docs.docker.com `docker ps` (IMAGE, STATUS); common English of reports, semver.org.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "others_too": "others have the same trouble at the same time, elsewhere; fields: what",
}
_VERSION = r"v?\d{1,4}\.\d{1,5}(?:\.\d{1,5})?(?:[.+-]\w{1,20}){0,3}"
#: What is upgraded beside an app; its own rules read it.
_NO_APP = (
    r"(?!.*\b(?:php|nginx|openresty|apache2?|httpd|haproxy|traefik|caddy|envoy|ubuntu|debian|centos|fedora|alpine"
    r"|kernel|openssl|node(?:\.?js)?|python|ruby|java|jdk|postgres\w*|mysql|mariadb|redis|docker|kubernetes|k8s"
    r"|dsm|tls ?v?)\W{0,3}(?:from |version )?v?\d)"
)
#: What a project puts out anew.
_MADE = r"(?:(?:docker )?image|commit|release|version|build|update|tag)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "released",
        rf"^{_NO_APP}.*\b(?:updat|upgrad|bump|mov|switch|went)\w*\b (?:\S+ ){{0,4}}?from "
        rf"(?:version |release )?{_VERSION} to (?:version |release )?(?P<version>{_VERSION})(?![\w.])"
        r"(?! ?(?:%|[kKMGT]i?B?\b|s\b|ms\b|sec|min|hour|cpu|core))",
        "from ",
    ),
    says(
        "released",
        rf"^{_NO_APP}.*(?<![\w./-])(?P<name>[\w./-]{{1,80}}):{_VERSION} ?(?:->|=>|→) ?[\w./-]{{1,80}}:"
        rf"(?P<version>{_VERSION})(?![\w.])",
        "->",
        "=>",
        "→",
    ),
    # Not another program's version ("the latest update of Windows").
    says(
        "released",
        r"(?:^|\b(?:the|your|this|my|our|a) )(?:last|latest|newest|new|(?:most )?recent) "
        rf"{_MADE} (?:\w{{1,12}} )?(?:broke|breaks|caus(?:es|ed)|introduc(?:es|ed)|brought)\b",
        *("commit", "release", "image", "version", "build", "update", "tag"),
    ),
    says(
        "released",
        r"\b(?:broken|caused|introduced) (?:by|in|with) (?:the|your|this|my|our) (?:last|latest|newest|new"
        rf"|(?:most )?recent) {_MADE}(?! of\b)\b",
        *("commit", "release", "image", "version", "build", "update", "tag"),
    ),
    says(
        "released",
        r"\b(?:since|as of|after) (?:(?:the|your|this|my|our) )?(?:last|latest|newest|(?:most )?recent) "
        rf"{_MADE}(?! of\b)\b|\b(?:since|after) (?:\w{{1,12}} ){{0,3}}docker[- ]compose pull\b",
        *("since ", "as of ", "after "),
    ),
    says(
        "others_too",
        r"(?P<what>\b(?:all|each|every one) (?:of )?(?:my|our|the) (?:containers|pods|instances|servers|hosts"
        r"|machines|services|sites)(?: (?:that|which) (?:are|were))?(?: that| which)? "
        r"(?:run(?:ning)?|us(?:e|es|ing)|with|on|built (?:on|from)|based on) "
        r"(?:this|that|the (?:same|new|latest)) (?:image|version|tag|release|build))\b",
        *("all ", "each ", "every one "),
    ),
    says(
        "others_too",
        r"(?P<what>\b(?:colleagues?|friends?|others|other (?:people|users|admins|customers|teams)"
        r"|some(?:body|one) else|another (?:user|admin|company|customer|team))\b.{0,60}"
        r"\b(?:ha(?:s|ve)|sees?|reports?|reported|gets?|got|with)\b (?:exactly )?(?:the |this )?same\b"
        r"|\bsame (?:problem|issue|error|thing|here|behaviou?r)?\b ?(?:happens |happened |occurs )?"
        r"(?:on|at|with|for) (?:an?other|a second|a different|two|three|several|all|both|other|our other)"
        r" (?:\w+ )?(?:servers?|hosts?|machines?|installations?|installs?|instances?|sites?|vms?|boxes|users"
        r"|people))",
        "same",
    ),
)
_IMAGE = re.compile(r"(?<=\s)(?P<repo>[\w.-]+(?::\d+)?(?:/[\w.-]+)*):(?P<tag>[\w][\w.-]*)\s")
_STATE = re.compile(r"\s(?P<state>Up|Restarting|Exited)\b")


def _side_by_side(piece: Piece) -> Iterator[Sign]:
    """Two tags of one image: an older container of it is up, and the other one does not stay up."""
    up: dict[str, str] = {}
    away: list[tuple[str, str, str]] = []
    for line in piece.text.split("\n") if "Up " in piece.text else ():
        image, state = _IMAGE.search(line), _STATE.search(line)
        if image is None or state is None or image.start() > state.start():
            continue
        if state["state"] == "Up":
            up[image["repo"]] = image["tag"]
        else:
            away.append((image["repo"], image["tag"], line.strip()))
    for repo, tag, line in away:
        if up.get(repo, tag) != tag:
            yield Sign(kind="released", line=line, fields={"name": repo, "version": tag})


READERS: tuple[Reader, ...] = (_side_by_side,)
