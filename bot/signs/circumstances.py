"""Under which circumstances people see it fail or work: they point at a cause before any log does.

A head that is too large comes with cookies, a start with its first minute, a limit with the load, a lost file
of /run with a reboot, a body that is too large with uploads.

Source: ngx_http_proxy_module `proxy_buffer_size` (cookies of a session make a head large), tmpfiles.d(5) and
file-hierarchy(7) (/run is empty after a boot), ngx_http_core_module `client_max_body_size`; the load
generators' own names (ab, wrk, siege, k6, JMeter, Locust).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "with_cookies": "it fails with a session's cookies and works without; fields: what",
    "soon_well": "it fails for a short time after a start and then works by itself; fields: what",
    "under_load": "it fails when there are many requests at once; fields: what",
    "after_reboot": "it fails since the host was started anew; fields: what",
    "with_uploads": "it fails with large bodies alone; fields: what",
}
_WORKS = (
    r"(?:works?|working|fine|ok|okay|goes away|is gone|disappears?|fix(?:es|ed)|solv(?:es|ed)|helps|loads?"
    r"|comes? up)"
)
#: Not the level in brackets that a log puts before a line.
_FAILS = r"(?:50[0234]s?|bad gateway|fails?|errors?(?!\])|breaks?|unavailable)"
_TIME = (
    r"(?:(?:a|one|the|first|few|couple|some|\d+|~\d+|about|around|of) ){1,4}(?:seconds?|secs?|minutes?|mins?"
    r"|moments?|while)"
)
_START = r"(?:start\w*|restart\w*|boot\w*|deploy\w*|docker[- ]compose up|compose up|launch\w*|rollout|reboot)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "with_cookies",
        rf"(?P<what>\b(?:incognito|private (?:window|mode|tab|browsing)|in-?private)\b.{{0,60}}\b{_WORKS}\b"
        rf"|\b{_WORKS}\b.{{0,40}}\b(?:incognito|private (?:window|mode|tab|browsing)|in-?private)\b"
        rf"|\b(?:clear|delet|remov)(?:ing|ed|e)?\b.{{0,20}}\bcookies?\b.{{0,60}}\b{_WORKS}\b"
        rf"|\b{_WORKS}\b.{{0,40}}\b(?:clear|delet|remov)(?:ing|ed|e)?\b.{{0,20}}\bcookies?\b"
        rf"|\bwithout (?:the |any )?cookies?\b.{{0,60}}\b{_WORKS}\b"
        rf"|\b{_WORKS}\b.{{0,30}}\bwithout (?:the |any )?cookies?\b)",
        "incognito",
        "private",
        "inprivate",
        "cookie",
    ),
    says(
        "with_cookies",
        rf"(?P<what>\b{_FAILS}\b.{{0,40}}\b(?:only )?(?:after|when|once|while"
        rf"|for) (?:\w+ ){{0,2}}(?:log(?:ging|ged)?[ -]?in"
        rf"|sign(?:ing|ed)?[ -]?in|authenticat\w+|users? (?:with|in) many (?:groups|roles|claims))\b)",
        "log",
        "sign",
        "authenticat",
        "many ",
    ),
    says(
        "with_cookies",
        rf"(?P<what>\b(?:log(?:ged|ging)?[ -]?out|sign(?:ed|ing)?[ -]?out|not logged[ -]in|(?:as (?:a"
        rf" )?)?guests?"
        rf"|anonymous(?:ly)?)\b.{{0,30}}\b{_WORKS}\b.{{0,60}}\b(?:logged|signed)[ -]in\b.{{0,40}}\b{_FAILS}\b"
        rf"|\b(?:logged|signed)[ -]in\b.{{0,40}}\b{_FAILS}\b.{{0,60}}\b(?:logged|signed)[ -]out\b.{{0,30}}"
        rf"\b{_WORKS}\b)",
        "out",
        "not logged",
        "guest",
        "anonymous",
    ),
    says(
        "soon_well",
        rf"(?P<what>\b{_FAILS}\b.{{0,20}}\bfor (?:about |around |roughly |some |the first"
        rf" )?{_TIME}\b.{{0,20}}"
        rf"\b(?:when(?:ever)?|each time|every time|after|while)\b.{{0,40}}\b(?:comes? up|{_START})\b.{{0,40}}"
        rf"\bthen\b.{{0,25}}\b{_WORKS}\b)",
        "then",
    ),
    says(
        "soon_well",
        rf"^(?!.*(?:\bnot|\bnever|n't|\bno longer|\bstop\w*|\bquits?|\bceas\w+"
        rf"|\buntil)\b.{{0,30}}\b{_WORKS}\b)"
        rf"(?P<what>.*\b{_WORKS}\b (?:again )?(?:by itself )?(?:after|within) {_TIME}\b)",
        "after",
        "within",
    ),
    says(
        "soon_well",
        rf"(?P<what>(?!.*failed to bind)\b{_FAILS}\b.{{0,60}}\b(?:for|during|in"
        rf"|within) (?:the )?(?:first )?{_TIME}\b.{{0,30}}\b(?:after|of|following|on)"
        rf"\b.{{0,30}}\b{_START}"
        rf"|\b(?:each|every) {_START} (?:\w+ ){{0,2}}?(?:drops?|loses?|costs?|causes?|gives?|means|brings)"
        r"(?: us)? (?:an? |one |two |three |some |few |couple |about |around |of |~|\d{1,3} ?){1,5}"
        r"(?:seconds?|minutes?) of (?:\w+ )?(?:requests?|50\d|bad gateway|errors?|downtime|outage))",
        "start",
        "boot",
        "deploy",
        "compose up",
        "launch",
        "rollout",
    ),
    says(
        "soon_well",
        rf"(?P<what>\b(?:right|immediately|directly|shortly"
        rf"|just) after\b.{{0,30}}\b{_START}\b.{{0,80}}\b(?:then|later|eventually|after"
        rf"|but)\b.{{0,40}}\b{_WORKS}\b)",
        "after",
    ),
    says(
        "soon_well",
        rf"\b{_START}\b.{{0,160}}(?P<what>\bthere(?:'s| is| are| was)? .{{0,40}}\b(?:period|window|gap"
        rf"|interval|phase|moment)s?\b.{{0,25}}\b(?:where|when|in which|during which"
        rf"|while)\b.{{0,60}}\b{_FAILS}\b)",
        "there",
    ),
    says(
        "under_load",
        r"(?P<what>\b(?:under|with|at|during) (?:\w+ ){0,2}(?:heavy |high |more |some |peak )?(?:load"
        r"|traffic|concurrency|stress)\b"
        r"|\b(?:load|stress)[- ]test\w*|\b(?:ab|wrk|siege|k6|vegeta|hey) -\w|\b(?:jmeter|locust|gatling"
        r"|apachebench"
        r"|apache bench)\b|\b(?:many|lots of|\d{2,5}) (?:concurrent|simultaneous|parallel) (?:users"
        r"|requests|connections|clients)"
        r"|\btraffic (?:peak|spike|increas)\w*|\bpeak (?:hours|times?)\b)",
        "load",
        "traffic",
        "concurren",
        "stress",
        "ab -",
        "wrk ",
        "siege",
        "k6 ",
        "vegeta",
        "hey ",
        "jmeter",
        "locust",
        "gatling",
        "apache bench",
        "apachebench",
        "simultaneous",
        "parallel",
        "peak ",
    ),
    says(
        "after_reboot",
        # "Even after": a remedy that was tried, and it failed before.
        r"(?P<what>(?<!even )\b(?:after|since|following|upon|on) (?:\w+ ){0,3}(?:reboot\w*|server restart"
        r"|host restart|system restart"
        r"|power (?:outage|cut|failure|loss)|restarting the (?:server|machine|host|vm|instance|droplet))\b"
        r"|\b(?:when|whenever|once|each time|every time) (?:I |we |the \w+ )(?:is |was |gets )?"
        r"reboot(?:s|ed)?\b"
        r"|\b(?:rebooted|restarted) (?:the |my |our )?(?:server|machine|host|vm|instance|droplet|box)\b"
        r"|(?<!not )(?<!n't )\b(?:work(?:ed|ing)|fine|ok|well) until (?:\w+ ){0,3}reboot\w*)",
        "reboot",
        "restart",
        "power ",
    ),
    says(
        "with_uploads",
        rf"(?P<what>\b{_FAILS}\b.{{0,60}}\b(?:when |while |on |for |with )?(?:upload\w*|large (?:files?"
        rf"|bod\w+|posts?|payloads?)"
        rf"|big (?:files?|posts?|payloads?)|files? (?:larger|bigger|over|above))\b"
        rf"|\b(?:upload\w*|large files?|big files?) .{{0,60}}\b{_FAILS}\b)",
        "upload",
        "large",
        "big",
        "file",
    ),
)
READERS: tuple[Reader, ...] = ()
