"""What apps of any language say: they listen, start, crash, end.

Source: signal(7), bash EXIT STATUS (128 + n), glibc malloc.c, argparse; wording of common
servers and frameworks.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_LISTEN = r"(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):(?P<port>\d{2,5})\b"
#: A platform's question whether the app listens somewhere says nothing of where it does.
_NO_QUESTION = r"^(?!.*is your app listening on )(?:.*?)"
_SAYS_IT = (
    _NO_QUESTION + r"(?<!Something is already )(?<!nothing )(?<!nobody )(?<!no one )"
    r"\b(?:server|app|application|service|api|backend|http|express|example app|now|is|started"
    r"|server is|up and)\b(?:(?!\bnot\b|n't\b|\bnever\b).){0,30}?\b(?:listening|running|started|live"
    r"|available|up|ready)\b.{0,20}?"
)

PATTERNS: tuple[Pattern, ...] = (
    # anybody
    says(
        "listening",
        _SAYS_IT + r"\b(?:on|at|to|over):? +(?:https?://|\w+://)?" + _LISTEN,
        "listening",
        "running",
        "started",
        "live",
        "available",
        "ready",
        " up ",
        inside="app",
    ),
    says("listening", _SAYS_IT + r"\bport:? *#?(?P<port>\d{2,5})\b", "port", inside="app"),
    says(
        "listening",
        _NO_QUESTION
        + r"\b(?:listening|serving|listens?|binding|bound)\b(?: for)?(?: HTTPS?| requests| connections"
        r"| incoming connections)?"
        r" ?(?:on|at|to|via)\b:? *(?:port:? *|all interfaces:? *|(?:https?"
        r"|tcp)://)?(?:(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):)?(?P<port>\d{2,5})(?![\d:.])",
        "listening",
        "serving",
        "listen",
        "binding",
        "bound",
        inside="app",
    ),
    says(
        "listening",
        r"\b(?:listening|serving|listen)(?: HTTPS?)?: +(?:https?://"
        r"|tcp://)?(?:(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):)?(?P<port>\d{2,5})(?![\d:.])",
        "listening",
        "serving",
        "listen",
        inside="app",
    ),
    says(
        "listening",
        r"\b(?:listening|listen|bound)\b(?: on| at| to)? +(?:unix(?: socket)?:?(?://)? ?)(?P<path>/\S+)"
        r"(?!.{0,80};\s*$)",  # nginx's own directive
        "listen",
        "bound",
        inside="app",
    ),
    says(
        "listening",
        r"HTTP Server Listen.*address=(?P<address>\[?[\w.:]*?\]?):(?P<port>\d+)",
        "http server listen",
        inside="app",
        process="grafana",
    ),
    says(
        "starting",
        r"\b(?:warming up|still (?:starting|loading|initiali[sz]ing|booting)|(?:is"
        r"|server) (?:not ready yet|starting up)|(?:starting|booting) up\b|loading (?:model"
        r"|checkpoint|weights)|performing initial|initiali[sz]ing database|building (?:index"
        r"|cache)|(?:service|server|application|app) is starting|come back (?:soon|later)"
        r"|please wait)",
        "warming up",
        "still ",
        "not ready yet",
        "starting up",
        "booting up",
        "loading ",
        "performing initial",
        "initiali",
        "building ",
        "is starting",
        "come back",
        "please wait",
    ),
    says(
        "starting",
        r"[Ww]aiting for (?:the )?(?P<app>[\w.:-]+(?: server| database| service"
        r"| container)?)(?: to (?:be(?:come)?|come|start|accept|respond)| \.\.\.|\.\.\.|…"
        r"| on port)",
        "waiting for",
    ),
    says(
        "exited",
        r"\b(?P<who>process|command|program|app|server|script|child|worker)\b.{0,40}? "
        r"(?:exited|exiting|terminated|quit|stopped|finished|failed) with (?:an? )?(?:exit |error )?"
        r"(?:code|status):? ?(?P<code>[1-9]\d{0,2})\b",
        "code",
        "status",
    ),
    says("unit_exec", r"ConditionFileIsExecutable=!?(?P<path>/\S+) was not met", "conditionfileisexecutable"),
    says(
        "unit_exec",
        r"unable to exec (?P<path>[\w./-]+): (?P<reason>No such file or directory)",
        "unable to exec",
    ),
    # crashes of anybody
    says(
        "crashed",
        r"\b(?:Segmentation fault|SIGSEGV|signal: segmentation|exit(?:ed)? (?:with )?(?:code"
        r"|status):? ?139|signal 11\b)",
        "segmentation",
        "sigsegv",
        "139",
        "signal 11",
        signal="11",
    ),
    says(
        "crashed",
        # Not one that another process sent: strace's SI_USER, or gunicorn's to a worker that takes too long.
        r"(?<!was sent )\bSIGABRT\b(?!.{0,40}\bSI_USER\b)|exit(?:ed)? (?:with )?(?:code|status):? ?134\b"
        r"|terminate called after throwing|double free or corruption|malloc\(\): (?:corrupted"
        r"|invalid|memory corruption)|(?:free|munmap_chunk)\(\): invalid|stack smashing detected"
        r"|corrupted (?:double-linked list|size vs)",
        "sigabrt",
        "134",
        "terminate called",
        "double free",
        "malloc():",
        "free():",
        "munmap_chunk():",
        "corrupted ",
        "stack smashing",
        signal="6",
    ),
    says(
        "crashed",
        r"\b(?:SIGILL|Illegal instruction|exit(?:ed)? (?:with )?(?:code|status):? ?132)\b",
        "sigill",
        "illegal instruction",
        "132",
        signal="4",
    ),
    says(
        "crashed",
        r"\b(?:SIGBUS|Bus error|exit(?:ed)? (?:with )?(?:code|status):? ?135)\b",
        "sigbus",
        "bus error",
        "135",
        signal="7",
    ),
    says(
        "no_memory",
        r"std::bad_alloc|\bMemoryError\b|Cannot allocate memory|\bENOMEM\b|mmap: .*out of memory"
        r"|errno[: ]+12\b|memory allocation of \d+ bytes failed",
        "bad_alloc",
        "memoryerror",
        "cannot allocate memory",
        "enomem",
        "out of memory",
        "errno",
        "memory allocation of",
    ),
    says(
        "deadlock",
        r"all goroutines are asleep - deadlock|\bfatal: (?:No live threads left\. )?[Dd]eadlock",
        "deadlock",
    ),
    # their own words
    says(
        "app_error",
        r"(?P<text>A request from a reverse proxy was received from \S+, but your HTTP "
        r"integration is not set.up.*)",
        "from a reverse proxy",
        app="home assistant",
    ),
    says(
        "app_error",
        r"(?P<text>(?:This Nextcloud instance|Nextcloud) is (?:currently )?in maintenance mode.*)",
        "maintenance mode",
        app="nextcloud",
    ),
    says(
        "app_error",
        r"\b(?:HTTP(?:/[\d.]+)?\W+|status(?:Code)?[=: \"]+)(?P<error>500)\b.{0,20}(?P<text>Intern"
        r"al Server Error)",
        "500",
        app="app",
    ),
    says(
        "app_error",
        r"\[?(?:Unhandled|Uncaught) (?P<error>\w*(?:Error|Exception))\b:? ?(?P<text>.*)",
        "unhandled",
        "uncaught",
        app="app",
    ),
    says(
        "app_failed",
        # systemd's "Failed to start web.service", "systemd[1]: Failed to start Web server": no app's word.
        r"^(?!.*systemd\[).*?(?P<text>\b(?:failed|unable|could not|cannot) to (?:start|boot"
        r"|initiali[sz]e|launch) (?:the )?(?:server(?!\(s\) addr)|app|application|service|web|http|database"
        r"|plugin|module|worker|daemon)\b(?![\w@-]*\.service).*)",
        "failed to",
        "unable to",
        "could not",
        app="app",
    ),
    says(
        "app_failed",
        r"(?P<text>\b(?:server|application|app|service|worker|daemon|bootstrap|startup"
        r"|initiali[sz]ation) (?:failed to (?:start|boot|initiali[sz]e)|could not (?:be started"
        r"|start)|crashed (?:on|at|during) start\w*|start(?:up)? failed)\b.*)",
        "failed",
        "could not",
        "crashed",
        app="app",
    ),
    says("app_failed", r"(?P<text>exec format error)", "exec format error", app="app"),
    says(
        "app_failed",
        r"(?P<text>(?:\berror: |\A|: )(?:unrecognized arguments?"
        r"|the following arguments are required|unknown (?:option|flag|command|argument)"
        r"|unrecognized option|flag provided but not defined|no such (?:option|command)"
        r"|invalid choice|unexpected argument).*)",
        "unrecognized",
        "following arguments",
        "unknown ",
        "flag provided",
        "no such",
        "invalid choice",
        "unexpected argument",
        app="app",
    ),
)
READERS: tuple[Reader, ...] = ()
