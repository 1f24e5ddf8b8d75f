"""Which address a name has now, as a sentence tells it, and which one the proxy's log still has.

"dig api.example gives 10.0.0.9, the log says 10.0.0.7": the proxy looked the name up before. The last parts
of an address alone ("shows .9 now") are what people write when the rest is the same.

Source: common English and German of reports; ngx_http_upstream_module (names are looked up at start), Apache
mod_proxy_balancer and HAProxy "init-addr" and "resolvers", Varnish VCL backends (looked up when compiled).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "name_now": "a sentence tells which address a name or a guest has now; fields: address, dialled (what "
    "the proxy's log has, where the sentence says it)",
}
_PROXY = (
    r"(?:nginx|(?:reverse )?proxy|npm|haproxy|varnish|httpd|apache|traefik|caddy|envoy|edge|gateway"
    r"|bastion|load ?balancer)"
)
_HEALS = (
    r"(?:heals?|healed|cures?|cured|mends?|recovers?|clears? it|(?:all|it|everything) is (?:\w+ )?(?:fine"
    r"|ok|good|perfect|well|back)|is (?:fine|ok|good|perfect|back) again)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "reload_mended",
        r"^(?!.*\b(?:did not|didn't|does not|doesn't) (?:heal|help|cure|mend))"
        rf"(?P<what>.*(?:\b(?:restart|reload|recreat|redeploy|service update"
        rf"|rollout restart)\w*\b[^.;]{{0,40}}"
        rf"[\"'`/]?{_PROXY}[\"'`]?(?: \w{{1,12}}){{0,2}} {_HEALS}"
        rf"|{_PROXY} -s reload\b[^.;]{{0,25}}\b{_HEALS}))",
        "restart",
        "reload",
        "recreat",
        "redeploy",
        "service update",
    ),
    says(
        "reload_mended",
        r"(?P<what>\b(?:until|till|unless) (?:I |we |you |someone |somebody )?(?:\w+ )?(?:restart|reload"
        r"|recreat|redeploy|re-?deploy|force (?:a )?new deployment of|bounce|kill|replace)\w* (?:the |our "
        r"|my )?"
        rf"{_PROXY}(?: (?:add-?on|task|container|pod|service|itself|stack|too|as well))*\b)",
        "until",
        "till",
        "unless",
    ),
)
#: A whole address, or the last parts of one; no network (`10.0.0.0/8`).
_IP = re.compile(r"(?<![\w.])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:\.\d{1,3}){1,3})(?![\d/]|\.\d)")
#: The word that is nearest before an address tells whose it is.
_NOW = (
    r"(?:\b(?:nslookup|dig|getent|ping\w*|resolves?|resolved|DNS|TTL|lease"
    r"|(?:lxc|incus|pct|virsh) (?:list|ls)|docker (?:network )?inspect|nc -\w+|hosts? file|endpoint)\b"
    r"|`host [\w.-]{2,60}|\bhost [\w-]{1,40}\.[\w.-]{1,60}|(?<!server )(?<!domain )(?<!-)\bname\b(?![,:])"
    r"|/etc/hosts|\b(?:new|current|other|neue) (?:\w+ )?(?:ip|address|adresse|lease)\b)"
)
_WORDS = re.compile(
    rf"(?P<now>{_NOW})"
    r"|(?P<dialled>\b(?:error[._]?log|access[._]?log|log|upstream|dials?|goes to|tries|conf|config"
    r"|proxy_pass|server|former\w*|old|was|before|vorher|previous\w*|connect|client|from|where)\b)",
    re.IGNORECASE,
)
_IN_LOG = re.compile(r"log\b|upstream|dials?|goes to|tries", re.IGNORECASE)
#: The address of a name server or of a bridge is no name's, nor one that is itself asked; a version is none.
_SERVER = re.compile(
    r"(?:@|\bdns(?: server)? |nameserver |resolver |\bping6? |\bversion:? |\bv)\Z", re.IGNORECASE
)
#: Behind the address of a published port: `127.0.0.1:9001:80`.
_MAPPING = re.compile(r":\d{1,5}:\d")
_END = re.compile(r"[.;!?](?=\s)")
_LONGEST = 900
_REACH = 110


@given(re.compile(_NOW, re.IGNORECASE))
def _told(piece: Piece) -> Iterator[Sign]:
    """A name's address now; lines of a log tell what was dialled, not what a name has."""
    for line in piece.text.split("\n"):
        if len(line) > _LONGEST or "[error]" in line or "while connecting" in line[:200]:
            continue
        now: dict[str, None] = {}
        dialled: dict[str, None] = {}
        start = 0
        for one in _IP.finditer(line):
            said = _END.split(line[max(start, one.start() - _REACH) : one.start()])[-1]
            start = one.end()
            words = list(_WORDS.finditer(said))
            is_published = _MAPPING.match(line, one.end()) is not None
            is_own = one[0].startswith("127.") and "localhost" in line
            if is_published or is_own or _SERVER.search(said) or one[0] == "0.0.0.0":  # noqa: S104  # read, not bound
                continue
            if words and words[-1]["now"]:
                now[one[0]] = None
            elif words and _IN_LOG.search(words[-1][0]):
                dialled[one[0]] = None
        for address in now:
            fields = {"address": address, "dialled": next(iter(dialled), "")}
            yield Sign(kind="name_now", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_told,)
