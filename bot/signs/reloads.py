"""A changed configuration that no proxy took over: what their reloads say, and what people write of it.

Source: nginx.org "Controlling nginx"; caddy(1) "reload" and caddy's cmd/commandfuncs.go; HAProxy "Management
Guide" (master CLI, `haproxy.service`), src/haproxy.c; apachectl(8) "graceful"; Docker "Bind mounts" (a file
that an editor replaces keeps its old inode in the container); ingress-nginx controller.go "Error reloading";
kubernetes.io "ConfigMaps" (a subPath mount is not updated).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "config_beside": "what a proxy dials is held against what its files say; fields: what",
}
_CHANGES = (
    r"(?:chang(?:es?|ed|ing)|edit(?:s|ed|ing)?|modif(?:y|ied|ications?)|updat(?:es?|ed|ing)|new (?:conf\w*"
    r"|settings?|upstream|port|server block|proxy_pass)|conf(?:ig(?:uration)?)?(?: files?)?)"
)
_NOT_TAKEN = (
    r"(?:(?:is|are|was|were|be|being|get|gets|got)(?: just| still| simply)? ?(?:not|n't|never) "
    r"|(?:is|are|was|were)n't |not (?:being |getting )?|never |n't (?:being |get(?:ting)? )?)"
    r"(?:taken (?:over|into account)|tak(?:e|es|ing) effect|appl(?:y|ied|ying)|pick(?:ed|ing)? up"
    r"|load(?:ed|ing)?|reload(?:ed|ing)?|seen|visible|reflected|honou?red|recogni[sz]ed|active"
    r"|in effect|used)"
)
_OLD = r"(?:old|previous|former|original|stale|outdated)"
_SETTING = (
    r"(?:conf\w*|settings?|upstreams?|ports?|vhosts?|virtual hosts?|backends?|servers?|values?|file"
    r"|proxy_pass|certificate|rules?)"
)
#: What is old by DNS is an address, and no file.
_NOT_DNS = r"^(?!.*\b(?:DNS|A records?|TTL)\b).*?"
#: systemd says so of a unit that does not run.
_NO_UNIT = r"^(?!.*\.service is not active).*?"
#: An error that goes on says nothing of what is dialled.
_NO_ERROR = r"(?!.{0,30}\b(?:50\d|bad gateway|errors?|fail\w*|not|broken|down)\b)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "config_old",
        rf"{_NO_UNIT}(?P<what>\b{_CHANGES}\b.{{0,80}}?\b{_NOT_TAKEN})",
        "not ",
        "n't ",
        "never ",
    ),
    says(
        "config_old",
        rf"(?P<what>\b{_CHANGES}\b.{{0,80}}?\b(?:ha(?:s|ve|d|ving) no effect|without (?:any )?effect"
        r"|(?:is|are) (?:completely |just )?ignored|(?:do|does|did)(?:n't| not) (?:do|change) anything"
        r"|nothing (?:changes|changed|happens)|makes? no difference))",
        "effect",
        "ignored",
        "anything",
        "nothing",
        "no difference",
    ),
    says(
        "config_old",
        rf"{_NOT_DNS}(?P<what>"
        rf"\b(?:still|keeps?|continues?|kept|goes on|remains?)\b.{{0,40}}\b{_OLD} {_SETTING}\b"
        rf"|\b{_OLD} {_SETTING} (?:is|are|was|were) still\b"
        rf"|\bconf\w* (?:stays?|stayed|remains?|remained) (?:the )?{_OLD}\b"
        rf"|\b{_OLD} (?:\w+ )?(?:workers?|process(?:es)?)\b.{{0,30}}\b(?:still|keep|answer|serv|linger|surviv"
        rf"|(?:do|does|did)(?:n't| not|n’t) (?:want to )?(?:die|exit|end|stop|quit|go away))\w*)",
        "old ",
        "previous ",
        "former ",
        "original ",
        "stale ",
        "outdated ",
        "conf",
    ),
    # A file that was replaced under a bind mount.
    says(
        "config_old",
        rf"(?P<what>\b(?:inside|in) (?:the |my |a )?(?:\w+ )?(?:container|pod)\b.{{0,60}}\b"
        rf"(?:shows?|has|still|is|sees?)\b.{{0,20}}\b{_OLD} {_SETTING}"
        r"|\b(?:container|pod|nginx|caddy|traefik|haproxy)\b.{0,40}\b(?:does(?:n't| not)|did(?:n't| not)) "
        r"(?:see|notice|get) (?:the |any |my )?(?:change|edit|new|update)"
        r"|\b(?:different|new|changed|another) inode\b|\binode (?:changed|changes|differs)"
        r"|\bsubPath\b.{0,60}\b(?:not|n't|never) updat\w+)",
        "container",
        "pod",
        "nginx",
        "caddy",
        "traefik",
        "haproxy",
        "inode",
        "subpath",
    ),
    # The files and the log side by side, in one sentence.
    says(
        "config_beside",
        r"(?P<what>\b(?:reload|-s reload|nginx -T|conf\w*|edited|changed)\b.{0,120}\b(?:but|yet|although"
        r"|though|while|however)\b.{0,80}\b(?:(?:error[ .]?)?log|it|nginx|haproxy|apache|caddy"
        r"|requests?|traffic)\b"
        rf".{{0,40}}\bstill\b{_NO_ERROR}.{{0,80}})",
        "still",
    ),
    says(
        "config_beside",
        r"(?P<what>\breload\w*\b.{0,100}\b(?:log|nginx|haproxy|apache|caddy|traefik|it|requests?"
        r"|traffic)\b.{0,20}"
        r"\b(?:keeps?|kept|continues?) (?:on )?(?:show|us|try|go|send|proxy|dial|connect|log)\w*.{0,60})",
        "reload",
    ),
    says(
        "config_beside",
        r"(?P<what>\bupstream: \"[^\"]+\".{0,60}\b(?:but|although|though|while|yet)\b.{0,40}\b(?:nginx -T"
        r"|conf\w*|sites-\w+|proxy_pass)\b.{0,60})",
        "upstream: ",
    ),
    says(
        "config_old",
        r"(?P<what>\b(?:systemctl|service|nginx -s|apachectl|caddy|docker exec)\b.{0,60}\breload\b.{0,80}"
        r"\b(?:only|just) (?:a )?(?:full )?(?:restart|stop)\w*\b.{0,60}\b(?:help|work|appl|take|pick|do)\w*"
        r"|\b(?:only|until) (?:after )?(?:a )?(?:full |hard )?restart\w*\b.{0,30}"
        r"\b(?:new|changes?|conf\w*)\b)",
        "reload",
        "restart",
    ),
    # What a refused reload says.
    says(
        "reload_failed",
        r"(?P<what>\bsending configuration to instance: .{0,160}|caddy reload.{0,40}(?:failed|error).{0,80}"
        r"|Reload failed! Check errors above.*|Reloading HAProxy failed.*"
        r"|apache2(?:\.service)?: Reload(?:ing)? failed.*"
        r"|Reload failed for (?:The )?(?:Apache|HAProxy|nginx|A high performance).*"
        r"|(?:haproxy|apache2|httpd|caddy|openresty|nginx)\.service: (?:Control process exited.*ExecReload"
        r"|Reload operation).*|Not reloading(?: nginx)?[:,].*conf.*)",
        "sending configuration",
        "caddy reload",
        "reload",
    ),
    says(
        "reload_failed",
        r"(?P<what>(?:haproxy|apache2|httpd|caddy|openresty|nginx)\.service: Reload operation timed out.*"
        r"|Error: .{0,60}caddy.{0,40}2019.{0,80}|Post \"http://localhost:2019/load\".{0,120})",
        "reload operation",
        ":2019",
        "2019/load",
    ),
)
READERS: tuple[Reader, ...] = ()
