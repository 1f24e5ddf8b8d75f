"""A server name in the TLS hello, and what a far end does without one.

Source: RFC 6066 section 3; Google's front ends ("No SNI provided; please fix your client.",
invalid2.invalid); ingress-nginx ("Kubernetes Ingress Controller Fake Certificate"), Traefik ("TRAEFIK DEFAULT
CERT", "strict SNI enabled - No certificate found for domain"), openssl-s_client(1) (-servername,
-noservername, subject=, alert); HAProxy Configuration Manual (check-sni, sni).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says
from bot.signs.tls_sides import PRIVATE

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "default_cert": "the far end shows the certificate it has for nobody's name; fields: what",
    "sni_refused": "a TLS server refuses a hello for its name, or a request for another; fields: from, name",
    "check_nameless": "HAProxy checks a TLS server without a server name; fields: target",
    "sni_decides": "openssl gets another certificate, or none, without the server name; fields: name",
    "sni_alike": "openssl gets the same certificate with and without the server name; fields: name",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "default_cert",
        r"(?P<what>No SNI provided|invalid2\.invalid|Kubernetes Ingress Controller Fake Certificate"
        r"|TRAEFIK DEFAULT CERT)",
        "no sni provided",
        "invalid2.invalid",
        "fake certificate",
        "traefik default cert",
    ),
    says(
        "sni_refused",
        r"Hostname (?P<name>\S+) provided via SNI and hostname \S+ provided via HTTP",
        "provided via sni",
    ),
    says(
        "sni_refused",
        rf"handshake error from (?P<from>{PRIVATE}\S*?):? ?.{{0,12}}(?:strict SNI enabled"
        r"|missing server ?name|no (?:SNI|server name)).{0,60}?(?:domain: \\?\"(?P<name>[^\"\\]*)|\Z)",
        "strict sni",
        "missing server",
        "no sni",
        "no server name",
    ),
)
_ASKS = re.compile(r"\bs_client\b")
_NAMED = re.compile(r"(?<!no)-servername[ =]+(?P<name>[\w.*-]+)")
_NAMELESS = re.compile(r"-noservername\b")
_ALERT = re.compile(
    r"\balert \w|\balert number|no peer certificate available|handshake failure", re.IGNORECASE
)
_SUBJECT = re.compile(r"\bsubject=(?P<subject>[^\n$]{1,200})")
_GOOD = re.compile(r"Verif(?:ication: OK|y return code: 0 )")


def _outcome(text: str) -> str:
    """What a call of openssl showed: the certificate's subject, an alert, or nothing that tells."""
    subject = _SUBJECT.search(text)
    if subject:
        return re.sub(r"\s", "", subject["subject"]).lower()
    if _ALERT.search(_ASKS.sub("", text.partition("\n")[2])):
        return "alert"
    return "good" if _GOOD.search(text) else ""


def _differ(named: str, nameless: str) -> bool:
    """Whether the name made it better: a certificate of another subject, or one where an alert came."""
    return nameless == "alert" or (named != nameless and "good" not in (named, nameless))


@given(_ASKS, _NAMED)
def _pairs(piece: Piece) -> Iterator[Sign]:
    """The same place asked with and without a name, with two outcomes.

    A call without the option sends none in OpenSSL before 1.1.1, and the host dialled in later ones.
    """
    lines = piece.text.split("\n")
    starts = [at for at, line in enumerate(lines) if _ASKS.search(line)]
    named: dict[str, tuple[str, str]] = {}
    nameless: list[str] = []
    for start, end in zip(starts, [*starts[1:], len(lines)][: len(starts)], strict=True):
        outcome = _outcome("\n".join(lines[start:end]))
        if asked := _NAMED.search(lines[start]):
            named[asked["name"]] = (outcome, lines[start].strip())
        elif outcome:
            nameless.append(outcome)
    for name, (outcome, line) in named.items():
        if outcome in ("", "alert"):
            continue
        if any(_differ(outcome, other) for other in nameless):
            yield Sign(kind="sni_decides", line=line, fields={"name": name})
        elif outcome in nameless:
            yield Sign(kind="sni_alike", line=line, fields={"name": name})


_HAPROXY = re.compile(
    r"^\s*server\s+\S+\s+(?P<target>[\w.-]+:(?:443|8443))(?=\s)(?=.{0,300}\sssl\b)(?=.{0,300}\scheck\b)"
    r"(?!.{0,300}\bcheck-sni\b)(?!.{0,300}\bno-check-ssl\b)"
)


@given(_HAPROXY)
def _checks(piece: Piece) -> Iterator[Sign]:
    """HAProxy's `sni` is for requests: its checks send a name only with `check-sni`."""
    if " check" not in piece.text:
        return
    for line in piece.text.split("\n"):
        if found := _HAPROXY.match(line):
            yield Sign(kind="check_nameless", line=line.strip(), fields={"target": found["target"]})


READERS: tuple[Reader, ...] = (_pairs, _checks)
