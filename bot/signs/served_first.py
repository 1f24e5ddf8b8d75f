"""An app that served for a while after its start and then ended, as people and logs tell; and its last words.

What fails after hours is no failed start, though its last lines look alike.

Source: common English and German of reports; Erlang's init.erl "Kernel pid terminated", heart.c; R's errors.c
"Execution halted"; nodemon "app crashed"; Vert.x ExecUtils "exiting with code"; Net::Server "Server
closing!"; asyncio "Event loop stopped"; Uvicorn "Finished server process"; Swoole "abnormal exit"; pm2
Worker.js "--max-memory-restart"; postgres.c "terminating connection due to", libpq "server closed
the connection".
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "served_first": "after its start it served for a while, as somebody writes; fields: what",
    "end_told": "an app's process ends, by its last words or somebody's; fields: what",
    "one_route": "it fails on one address or kind of request alone; fields: what",
}
_N = r"(?:~ ?|ca\.? ?|about |maybe |some )?(?:\d{1,4}|an?|one|two|three|four|several|some|a few|many)"
_T = r"(?:min(?:ute)?s?|h(?:ours?)?|d(?:ays?)?|weeks?|months?|Minuten|Stunden|Tagen?|Wochen)\b"
_RAN = r"(?:ran|runs|running|worked|works|served|serving(?: fine)?|answers|lives|läuft|lief)"
_PROCESS = r"(?:process|node|python|java|server|container|app|service|daemon|worker|prozess|\w+-prozess)"
#: Not the proxy's own end, nor that of a unit's control process, which is no main process of an app.
_NO_PROXY = "".join(
    rf"(?<!{name}{replica} )"
    for name in ("nginx", "proxy", "traefik", "caddy", "envoy")
    for replica in ("", r"[-_]\d")
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "served_first",
        rf"(?P<what>\b{_RAN} (?:fine |well |ok )?(?:for )?{_N}(?:-\d+)? ?{_T}"
        r" (?:since|after|before|until then|each)"
        rf"|\b{_RAN} (?:fine |well |ok |all )?(?:for )?(?:hours|days|weeks|months)\b"
        rf"|\bfor {_N} ?{_T} before\b|\b(?:it |which )?ran since \S"
        rf"|\bworks? (?:fine |well )?after (?:a |the |each |every )?(?:re)?start\b.{{0,50}}\bthen\b"
        r"|\b(?:good|fine|ok|well) for (?:days|weeks|months)\b"
        rf"|\bup ?time (?:varies|is|was) (?:between )?{_N} ?{_T} (?:and|to) {_N} ?{_T}"
        rf"|\brestarts? \d+ in \d+ ?{_T}.{{0,20}}\beach\b|\b(?:läuft|lief)\b.{{0,20}}\bstundenlang\b"
        rf"|\bstarted clean {_N} {_T} ago|\bevery {_N} {_T}(?: about)?,? (?:it|the app|free|node|process)"
        r"|\bterminating connection due to admin|\b[Cc]onnection terminated unexpectedly"
        r"|\bserver closed the connection unexpectedly|PROTOCOL_CONNECTION_LOST|MySQL server has gone away"
        r"|\b(?:is|was) (?:answering|serving|running) (?:well|fine|ok|normally),? (?:and )?then\b"
        r"|\bto (?:other|some|ping|health)\S* requests? (?:it )?answers\b)",
        *(
            "since",
            "after",
            "before",
            "until",
            "each",
            "for ",
            "ran ",
            "start",
            "then",
            "time ",
            "stundenlang",
        ),
        *("terminat", "closed the connection", "connection_lost", "gone away"),
        *("ago", "every ", "hours", "days", "weeks", "months"),
    ),
    says(
        "end_told",
        rf"(?P<what>\b(?:the |that |this |whole |der |our )?(?<!control )(?<!web ){_NO_PROXY}{_PROCESS}"
        r" (?:then |itself |always )?"
        r"(?:dies|died|ends|ended|exits|exited|quits|halts|is gone|stirbt|crashes|crashed|closes)"
        r"\b(?!, code=| unexpectedly: nginx)"
        r"|\bstirbt (?:der|die|das|unser) |\bWorker exiting \(pid"
        r"|\bshows no (?:python|node|java|ruby|\w+) (?:process )?any ?more\b|(?<!: )\bno such process\b"
        r"|\bExecution halted\b|\bEvent loop stopped\b|\[nodemon\] app crashed|\bexiting with code [1-9]"
        r"|\bServer closing!|\bheart: Erlang has closed"
        rf"|{_NO_PROXY}\bexit(?:s|ed)? with (?:code |status )?[1-9]\d?\b"
        rf"|{_NO_PROXY}\b(?:container|swarm) exit(?:s|ed)? [1-9]|\babnormal exit, status=[1-9]"
        rf"|{_NO_PROXY}\b(?:seems?|appears?) to have (?:crashed|died)\b|\bunhandledRejection, exiting"
        r"|\bserver - Exiting\.\.\.|\bNode\.js v\d+\.\d+\.\d+\s*$|\bFinished server process\b"
        r"|\bStopping RestApp\b"
        r"|\[CRITICAL\] exiting|\bexceeds --max-memory-restart\b|\bStack overflow in unmanaged\b"
        r"|\bCannot recover from stack overflow\b|\bKernel pid terminated\b)",
        *(
            "die",
            "end",
            "exit",
            "quit",
            "halt",
            "gone",
            "stirbt",
            "crash",
            "close",
            "closing",
            "any more",
            "anymore",
        ),
        *(
            "no such process",
            "stopped",
            "node.js v",
            "finished server",
            "stopping",
            "overflow",
            "pid terminated",
        ),
    ),
    says(
        "one_route",
        r"(?P<what>\b(?:50\d|errors?|crash\w*|restart)\b.{0,60}\b(?:only|always|just)\b.{0,12}?"
        r"(?:on |for |with |at |in )?(?:GET |POST |PUT )?/[a-z][\w./-]{1,60}"
        r"|\b(?:only|always) (?:after|on|with|for|by|at) (?:the same|one|a certain|that one) (?:GET |POST "
        r"|PUT )?(?:request|url|page|endpoint|call|query|route)\b"
        r"|\b(?:only|always) (?:on |for |with |at )?(?:GET |POST |PUT )/[a-z][\w./-]{1,60}"
        r"|\b(?:one|a single|this|that) (?:\w+ )?(?:page|route|pad|url|request|endpoint|format|upload)\b"
        r".{0,60}"
        r"\b(?:does it|makes the whole|kills|ends|crashes|takes)\b)",
        *("only", "always", "just", "does it", "makes the whole", "kills", "ends", "crashes", "takes"),
    ),
)
READERS: tuple[Reader, ...] = ()
