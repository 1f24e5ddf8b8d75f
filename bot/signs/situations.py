"""What situation a report tells of: just installed, on a platform, short of memory, a name that was mistyped.

Source: the platforms' own manuals (Dokku "Port management", CapRover "App configuration", Heroku "Runtime
principles": the platform gives the port to the app); proc_meminfo(5); common English of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "memory_told": "somebody writes that a host or a container ran out of memory; fields: what",
    "fresh_install": "somebody writes that it was only just installed, or follows a guide; fields: what",
    "platform": "a platform that tells the app which port to listen on; fields: name",
    "mistyped": "a name that is looked up is `localhost` with a letter wrong; fields: name",
    "kill_after": "a connection is cut after a round time, as somebody measured; fields: after",
    "private_tmp": "a socket in /tmp is there, and the proxy does not find it; fields: path",
    "socket_owner_told": "somebody writes that a socket has the wrong owner or mode; fields: what",
    "other_conf": "somebody writes that another configuration file is read than the one meant; fields: what",
    "own_page": "an app's own page that says it needs more time; fields: app",
}
#: Nothing that a program logs.
_BY_HAND = r"^(?!.*(?:\[(?:error|crit|warn|emerg|notice)\]|connect\(\)|\" [1-5]\d\d \d|kernel:|PHP Fatal))"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "memory_told",
        _BY_HAND + r"(?!.*(?:oom-kill[:=]|\b(?:no|not|never|without|n't)\b.{0,20}\b(?:memory|oom)\b))"
        r".*(?P<what>\b(?:ran|run|runs|running|went|goes|was|were|got|gets|getting) (?:completely )?"
        r"(?:out of|low on|short of) (?:memory|ram|resources)\b"
        r"|\b(?:had|hit|got|saw|seeing|with) (?:an? |the |some |many )?(?:out[- ]of[- ]memory|OOM)\b"
        r"|\bOOM[- ](?:kill\w*|event|situation|error)s?\b"
        r"|\bmemory (?:was|is|were) (?:exhausted|used up|full)\b)",
        "memory",
        "oom",
        "low on r",
        "of ram",
        "on ram",
        "short of r",
    ),
    says(
        "fresh_install",
        _BY_HAND
        + r".*(?P<what>\b(?:fresh|clean|new|brand new|first) (?:\w+ ){0,2}(?:install\w*|deploy\w*|set-?up)\b"
        r"|\b(?:just|newly|freshly) (?:installed|deployed|set up)\b"
        r"|\bafter (?:the |a |an |my )?(?:\w+ )?install(?:ing|ation)?\b"
        r"|\bfollow(?:ed|ing|s)? (?:the |this |these |your |all )?(?:(?!upgrad|updat|migrat)\w+ ){0,3}"
        r"(?:guide|tutorial|instructions"
        r"|docs|documentation|steps|readme|how-?to)\b)",
        "install",
        "deploy",
        "set up",
        "set-up",
        "setup",
        "follow",
    ),
    says(
        "platform",
        r"\b(?P<name>dokku|caprover|captain-overlay|captainduckduck|srv-captain(?=--?\w)|heroku|deis|flynn"
        r"|cloud ?foundry|app ?engine|cloud run|elastic ?beanstalk|railway\.app|fly\.io|onrender"
        r"|platform\.sh|coolify|easypanel)\b",
        "dokku",
        "captain",
        "caprover",
        "heroku",
        "deis",
        "flynn",
        "foundry",
        "engine",
        "cloud run",
        "beanstalk",
        "railway.app",
        "fly.io",
        "onrender",
        "platform.sh",
        "coolify",
        "easypanel",
    ),
    says(
        "kill_after",
        _BY_HAND
        + r"(?=.*\b(?:drop\w*|clos\w+|cut|kill\w*|disconnect\w*|abort\w*|fail\w*|502|terminat\w+|die[sd]?)\b)"
        r".*\b(?:after|at|around|past|exactly|over|than)\b (?:the |about |around |exactly |precisely |~){0,2}"
        r"(?P<after>30|45|60|90|120|180|300|600|one|two|five|ten)[ -]?(?:s|secs?|seconds?|mins?|minutes?)\b"
        r"(?!.{0,30}\b(?:start\w*|boot\w*|deploy\w*)\b)",
        "sec",
        "min",
        "30s",
        "60s",
        "90s",
        "20s",
        "00s",
    ),
    says(
        "kill_after",
        _BY_HAND + r".*\b(?:errors?|50[024]|drops?|clos\w+|fails?|bad gateway|disconnect\w*)\b.{0,60}"
        r"\b(?:exactly|precisely|always|almost|nearly|just|about) (?:exactly |precisely )?"
        r"(?P<after>30|45|60|90|120|180|300|600) ?(?:s|secs?|seconds?)\b (?:after|into|later)\b"
        r"(?!.{0,30}\b(?:start\w*|boot\w*|deploy\w*)\b)",
        "second",
        "secs",
        "30s",
        "60s",
        "90s",
        "20s",
        "00s",
    ),
    says(
        "private_tmp",
        _BY_HAND + r".*(?P<path>/tmp/[\w./-]{1,100}\.sock(?:et)?)\b.{0,40}(?:\bexists\b|\bis there\b|存在"
        r"|\bdoes exist\b|\bexiste\b|\bexistiert\b|\bis present\b)",
        "/tmp/",  # noqa: S108  # a word to look for
    ),
    says(
        "socket_owner_told",
        _BY_HAND + r".*(?P<what>\b(?:unix )?socket\b.{0,60}\b"
        r"(?:(?:owner|owned|group|permissions?|chown)\b.{0,30}\broot\b"
        r"|(?:wrong|bad|incorrect) (?:owner|group|permissions?|mode)|not (?:readable|writable|accessible) by)"
        r"|\b(?:wrong|bad|incorrect) (?:owner|group|permissions?|mode)\b.{0,30}\bsocket\b)",
        "socket",
    ),
    says(
        "other_conf",
        _BY_HAND + r".*(?P<what>(?:\b(?:read\w*|load\w*|us\w+|pars\w+|start\w*)\b|读取|加载).{0,40}"
        r"/\S+?\.(?:json|conf|cfg|ini|ya?ml|toml).{0,12}"
        r"(?:\binstead of\b|\brather than\b|\band not\b|\bnot\b|而非|而不是|statt|en vez de|au lieu de)"
        r".{0,20}/\S+\.(?:json|conf|cfg|ini|ya?ml|toml))",
        ".json",
        ".conf",
        ".cfg",
        ".ini",
        ".yml",
        ".yaml",
        ".toml",
    ),
    says(
        "own_page",
        r"(?P<app>GitLab)\b.{0,20}(?:is taking too much time to respond|is not responding|响应花费了太多时间)"
        r"|(?:Nextcloud|Discourse|Mastodon|Jenkins|Confluence|Jira|Odoo) is (?:starting|getting ready"
        r"|initiali[sz]ing|loading)",
        "too much time",
        "not responding",
        "太多时间",
        "is starting",
        "getting ready",
        "initiali",
        "is loading",
    ),
)
_LOOKED_UP = re.compile(
    r"(?:lookup |resolve (?:host:? )?['\"]?|ENOTFOUND |host not found in upstream \"|unknown host:? ['\"]?"
    r"|server can't find |https?://)(?P<name>l[a-z]{7,9})\b(?=[ :'\"/]|\Z)",
    re.IGNORECASE,
)
_RIGHT = "localhost"


@given(_LOOKED_UP)
def _mistyped(piece: Piece) -> Iterator[Sign]:
    """A looked-up name that is `localhost` but for a letter left out, doubled, changed or moved."""
    for line in piece.text.split("\n"):
        for found in _LOOKED_UP.finditer(line):
            name = found["name"].lower()
            if name != _RIGHT and _is_a_slip(name):
                yield Sign(kind="mistyped", line=line.strip(), fields={"name": name})


def _is_a_slip(name: str) -> bool:
    left_out = {_RIGHT[:at] + _RIGHT[at + 1 :] for at in range(len(_RIGHT))}
    moved = {_RIGHT[:at] + _RIGHT[at + 1] + _RIGHT[at] + _RIGHT[at + 2 :] for at in range(len(_RIGHT) - 1)}
    is_longer = len(name) == len(_RIGHT) + 1 and any(
        name[:at] + name[at + 1 :] == _RIGHT for at in range(len(name))
    )
    is_changed = len(name) == len(_RIGHT) and sum(a != b for a, b in zip(name, _RIGHT, strict=True)) == 1
    return name in left_out | moved or is_longer or is_changed


_PORTS = re.compile(
    r"^\W{0,6}(?P<name>[a-z][\w-]{1,40})\W{1,8}ports?\W{1,4}\"?(?P<host_port>\d{2,5}):(?P<port>\d{2,5})\"?",
    re.IGNORECASE,
)


@given(_PORTS)
def _named_ports(piece: Piece) -> Iterator[Sign]:
    """`api - ports "81:80"`: a container and what it publishes, as somebody sums them up."""
    for line in piece.text.split("\n"):
        if found := _PORTS.match(line):
            fields = {key: found[key] for key in ("name", "host_port", "port")}
            yield Sign(kind="published", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_mistyped, _named_ports)
