"""What people write of the course of things: what they did before, what mended it, what is of another time.

Wordings of reports as they stand in trackers and mailing lists; nothing here is a program's message but the
clock's: chronyd and ntpd log "System clock wrong by" and "time reset", timedatectl(1) "synchronized: no".
Source: sudoers(5) "Log format", doas.c ("%s ran command %s as %s from %s"), chrony reference.c, ntp
ntp_loopfilter.c, timedatectl(1), logrotate(8), nginx.org "Controlling nginx" (rotating log files).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "address_old": "somebody writes that an old address is dialled; fields: what",
    "config_old": "somebody writes that a changed configuration has no effect; fields: what",
    "container_renewed": "somebody made a container anew, or writes so; fields: what, name",
    "restart_mended": "somebody writes that a restart of the app mends it for a while; fields: what",
    "not_started": "somebody writes that nothing starts the app after a boot or a logout; fields: what",
    "log_old": "somebody writes that errors are of another time; fields: what",
    "clock_wrong": "a clock is wrong or not kept; fields: what",
    "stopped_told": "somebody stopped the app, or writes so; fields: what",
}
_NGINX = (
    r"(?:the )?(?:(?:nginx|proxy|reverse[- ]proxy|haproxy|apache|httpd|web ?server)"
    r"(?:[ -]?(?:container|pod|service))?|(?:ui|front-?end|gateway|ingress) (?:container|pod|service))"
)
_AGAIN = r"(?:restart|reload|recreat|redeploy)(?:e?s|ing|ed|e)?"
_MENDS = r"(?:(?:fix|solv|help|mend|resolv|clear|recover)\w*|work(?:s|ed|ing)?\b)"
_APP = (
    r"(?:(?:the|my|our|its) )?(?:app(?:lication)?|service|server|container|process|backend|back end|unit"
    r"|daemon|node|pod|worker|(?:php-?|fast)?cgi(?: \w+)?|php-?fpm|gunicorn|puma|uwsgi|tomcat|pm2|it)\b"
    r"(?! ?(?:nginx|proxy))"
)

PATTERNS: tuple[Pattern, ...] = (
    # nginx keeps an address.
    says(
        "reload_mended",
        rf"(?P<what>\b(?:docker(?:[- ]compose)? (?:restart|exec) \S*(?:nginx|proxy)\S*|nginx -s reload)"
        rf"(?:(?!\bnot\b|n't\b).){{0,30}}\b{_MENDS})",
        "restart",
        "reload",
    ),
    says(
        "reload_mended",
        rf"(?P<what>\b(?:until|unless|once|after) (?:I |we |you )?(?:\w+ )?{_AGAIN} (?:of )?{_NGINX}"
        rf"|\b(?:have|need|had|must|required) to {_AGAIN} {_NGINX}(?!.{{0,60}}(?:\bnot\b|n't\b))"
        rf"|\b{_AGAIN} {_NGINX}(?:(?!\bnot\b|n't\b).){{0,40}}\b{_MENDS}"
        rf"|\bworks? (?:again )?after (?:a |an )?{_NGINX} (?:restart|reload))",
        "restart",
        "reload",
        "recreat",
        "redeploy",
    ),
    says(
        "address_old",
        r"(?P<what>\b(?:keeps? using|still us(?:es|ing)|still prox(?:ies|ying)(?: to)?|still (?:points?"
        r"|pointing|goes"
        r"|sends?|sending) (?:to|at)|cach(?:es|ed|ing)) (?:the |an? |its )?(?:\w+ ){0,2}?(?:IPs?"
        r"|address(?:es)?|DNS|one)\b"
        r"|\b(?:old|previous|stale|outdated|former) (?:pod |container |task |server )?(?:IPs?"
        r"|address(?:es)?)\b"
        r"|\bresolv(?:es|ed) .{0,60}\bonly (?:once|at start)|\b(?:swapped|switched|exchanged) (?:their"
        r" )?(?:IPs?|addresses)"
        r"|\b(?:IPs?|address(?:es)?)(?: address(?:es)?)? (?:has |have |was |were |is |are )?chang(?:ed|es"
        r"|ing)\b"
        r"|\bchang(?:ed|es|ing) (?:its|their|the) IP"
        r"|\b(?:keeps?|continues?|goes on)(?: on| to)? (?:try\w* (?:to |and ))?(?:us|dial|connect|send"
        r"|rout)\w* .{0,30}\b(?:existing|old|previous|former|first)\b.{0,60}\d(?:\.\d{1,3}){3})",
        "keep",
        "continue",
        "goes on",
        " ip",
        "address",
        "dns",
        " one",
        "only once",
        "only at start",
    ),
    # The app hangs or wears out.
    says(
        "restart_mended",
        r"(?P<what>\b(?:few|couple of|several|some|handful of|\d{1,4}) (?:more |successful |good )?"
        r"(?:requests?|calls|hits|page ?(?:loads|views)|clicks) (?:after|following) "
        rf"(?:a|an|each|every|the|any) (?:fresh |new )?re-?(?:start|boot|deploy)\w*(?! of {_NGINX})"
        r"|\bafter (?:each|every) re-?(?:start|boot) (?:of (?:the )?\w{1,20} )?(?:it |that )?"
        r"(?:works?|serves?|answers?|is (?:fine|ok))\b.{0,30}\b(?:for|until|few)\b)",
        "restart",
        "re-start",
        "reboot",
        "redeploy",
    ),
    says(
        "restart_mended",
        r"(?P<what>\b(?:second|moment|as soon as|when(?:ever)?|if|each time|every time) "
        rf"(?:I|we) {_AGAIN} {_APP}"
        r".{0,40}\b(?:again|works?|usable|back|fine|(?:gain|get|have) access)\b"
        rf"|\b{_AGAIN} (?:of )?(?:that |this )?{_APP}(?:(?!\bnot\b|n't\b|\bno\b).){{0,40}}\b"
        rf"(?:{_MENDS}|(?:fine|well|ok|okay|good) again)"
        rf"|\b(?:until|unless|once) (?:I |we |you |it is |someone )?(?:\w+ )?{_AGAIN} (?:of )?{_APP}"
        rf"|\b(?:have|need|had|must|required) to {_AGAIN} (?:of )?{_APP}(?!.{{0,60}}(?:\bnot\b|n't\b))"
        rf"|\b(?:fixed|solved|works|working|goes away|back)\b(?: again| fine)? (?:after|by|when|once|until)"
        rf"(?: I| we| a)? ?{_AGAIN} (?:of )?{_APP})",
        "restart",
    ),
    # nginx keeps a configuration.
    says(
        "config_old",
        # What is old by DNS is an address, and no file.
        r"^(?!.*\b(?:DNS|A records?|TTL)\b).*?"
        r"(?P<what>\b(?:forgot|forgotten|did not|didn't|never) (?:to )?(?:reload|restart)(?:ed)?(?: nginx|"
        r" the proxy)?\b"
        r"|\b(?:changes?|edits?|edited|configuration|config|ConfigMap)\b.{0,80}\b(?:ha(?:s|ve|d) no effect"
        r"|not (?:picked"
        r" up|applied|take effect|taking effect|reflected)|isn't (?:picked up|applied)|does ?n[o']t pick"
        r"|ignored by nginx)"
        r"|\bstill (?:uses?|using|serves?|serving|runs?|running|shows?)(?: with)? (?:the |its )?(?:old"
        r"|previous)"
        r" (?:conf\w*|upstream|port|version of the conf\w*)|\bstill the old (?:one|port|upstream|server)\b"
        r"|\b(?:still )?(?:the )?old configuration\b|\bgo(?:es)? to the old (?:port|server|upstream))",
        "reload",
        "restart",
        "effect",
        "applied",
        "reflected",
        "pick",
        "still ",
        "ignored by",
        "old configuration",
        "to the old",
    ),
    says(
        "container_renewed",
        # A restart, and a stop with a start, leave the container that there was.
        r"(?P<what>(?<!off )\b(?:upgrad|updat|recreat|redeploy|rebuil|replac)\w*"
        r" (?:of )?(?:the |any |a |an |one of the |my )?(?:\w+ ){0,3}containers?\b"
        r"|\bdocker(?:-compose| compose)? down\W.{0,30}\bup -d\b)",
        "container",
        "up -d",
    ),
    says(
        "not_started",
        r"(?P<what>\b(?:not|isn't|never|n't) (?:automatically )?start(?:ed|s|ing)?(?: automatically| up)?"
        r" (?:after|at|on|upon|with) (?:a |the )?(?:re)?(?:boot|start)"
        r"|\bhave to (?:manually )?start (?:it|the \w+)\b|\bclos(?:ed|e|ing) (?:the |my )?(?:ssh|terminal)\b"
        r"|\bafter (?:a |the )?(?:server )?reboot\b.{0,60}\b(?:not running|down|502|bad gateway))",
        "start",
        "clos",
        "reboot",
    ),
    says("not_started", r"^\s*Linger[=:]\s*(?P<what>no)\b", "linger", what="no lingering user manager"),
    # Errors of another time.
    says(
        "log_old",
        r"(?P<what>\b(?:last|latest|newest) (?:line|entry|entries|error)s?\b.{0,40}\b(?:days?|weeks?"
        r"|months?|yesterday|hours? ago)"
        r"|\bold (?:log )?(?:entries|errors|lines)\b"
        r"|\b(?:no errors?|nothing (?:is |was |gets )?(?:logged|written))\b.{0,30}\b(?:since then|today"
        r"|any ?more)\b"
        r"|\bkeeps writing to \S*\.log\.1|\berrors? (?:is|are|was|were) (?:from|of) (?:last|yesterday|an?"
        r" \w+ ago)"
        r"|\bsince then nothing"
        r"|\b(?:last|latest|newest) (?:line|entry|error)\b.{0,60}\b(?:is|was) (?:from|of|dated) (?:\d|(?:jan"
        r"|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|last |\w+ (?:day|week|month|year)s? ago)"
        r"|\b(?:is|are|was|were) (?:from|of) \w+ (?:day|week|month|year)s? ago)",
        "last ",
        "latest ",
        "newest ",
        "old ",
        "nothing",
        "no error",
        "writing to",
        "errors are",
        "errors were",
        "error is",
        "error was",
    ),
    says(
        "clock_wrong",
        r"(?P<what>System clock wrong by|time reset [+-]?\d|System clock synchronized: no|NTP synchronized:"
        r" no"
        r"|\btime (?:jumped|went|moved) back\w*|\bclocks?\b.{0,40}\b(?:is|are|was|were) (?:off|wrong|behind"
        r"|ahead|skewed)"
        r"|\btimestamps?\b.{0,40}\b\d+ (?:hours?|hrs?|minutes?) (?:ahead|behind|off|in the future)"
        r"|\b(?:system )?clock jumped\b"
        r"|\bclock (?:skew|drift)\b|\bclock is out of sync)",
        "clock",
        "timestamp",
        "time reset",
        "ntp synchronized",
        "time jumped",
        "time went",
        "time moved",
    ),
    # Somebody stopped it.
    says(
        "stopped_told",
        r"(?P<what>COMMAND=\S*(?:systemctl|service|supervisorctl)(?: \S+)? stop\b.*"
        r"|ran command \S*(?:systemctl|rc-service|service|supervisorctl)(?: \S+)? stop\b.*"
        r"|\b(?:I|we|someone|somebody|colleague|he|she)\b.{0,20}\b(?:ran|had run|did|executed|issued)"
        r" [`'\"]?(?:sudo )?"
        r"(?:systemctl stop|service \S+ stop|docker(?:-compose| compose)? (?:stop|down)|pm2 stop"
        r"|supervisorctl stop).*"
        r"|\b(?:I|we|someone|somebody) (?:had )?(?:stopped|shut down) (?:the |our |my )?(?:app|backend|api"
        r"|service"
        r"|server|gunicorn|uwsgi|puma|container)\b.*"
        r"|\bforgot to start (?:it|the (?:app|service|backend))\b.*)",
        "stop",
        "shut down",
        "forgot to start",
    ),
)
READERS: tuple[Reader, ...] = ()
