"""What was ordered and not taken over: units not loaded again, old code still running, nothing left to run.

Source: systemctl.c and systemctl-util.c "changed on disk", systemd's conf-parser.c and load-fragment.c;
needrestart; kubectl get deployment, heroku ps and its router's H14, docker's restart policy; MySQL
errmsg ER_RECORD_FILE_FULL, MinIO cmd/typed-errors; CloudLinux lve; gunicorn util.py.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "unit_not_reloaded": "the unit on disk is newer than the one systemd has loaded; fields: unit",
    "unit_key_unknown": "systemd ignores a key of a unit that it does not know; fields: name",
}

PATTERNS: tuple[Pattern, ...] = (
    says(
        "unit_not_reloaded",
        r"(?:drop-ins of )?(?P<unit>[\w@.-]+\.(?:service|socket))?\b.{0,20}\bchanged on disk\b"
        r".{0,20}daemon-reload",
        "changed on disk",
    ),
    says(
        "unit_key_unknown",
        r"Unknown (?:key(?: name)?|lvalue) '(?P<name>[^']+)' in section '(?:Service|Unit|Socket)'",
        "unknown key",
        "unknown lvalue",
    ),
    says(
        "unit_wrong",
        r"Unknown (?:key(?: name)?|lvalue) '(?!Exec(?:Start|Condition|Stop|Reload))Exec\w*' in section"
        r"|has more than one ExecStart= setting|Failed at step CGROUP",
        "unknown key",
        "unknown lvalue",
        "more than one execstart",
        "step cgroup",
        what="setting",
    ),
    says(
        "old_release",
        r"\b(?:old|stale|previous) (?:\w+ )?(?:workers?|process(?:es)?|masters?|instances?|code|version) "
        r"(?:\w+ )?(?:still|keeps?) (?:run|serv|answer|listen|work)\w*"
        r"|\b(?:process|service|workers?|app|master) (?:was|were|is) (?:not|never) restarted\b"
        r"|\bstill (?:running|serving|executing|using) the (?:old|previous) (?:code|release|build|binary)\b",
        "still",
        "keep",
        "restarted",
    ),
    says(
        "old_release",
        r"Services to be restarted:? \S+|(?:Service|Daemon) restarts being deferred"
        r"|processes? (?:are )?(?:still )?using (?:deleted|outdated|old) (?:files|libraries|binaries)",
        "to be restarted",
        "being deferred",
        "using deleted",
        "using outdated",
        "using old",
    ),
    says(
        "old_release",
        r"No such file or directory\W.{0,40}?(?P<path>/\S+/releases/\d+)/\S+|getcwd\S*: cannot access parent",
        "/releases/",
        "getcwd",
    ),
    # unicorn and puma re-execute with the Gemfile of the release they began in.
    says(
        "old_release",
        r"(?P<path>/\S+/releases?[\w-]*/\d[\w-]*)/Gemfile not found",
        "gemfile not found",
        app="ruby",
    ),
    # Nothing is left to run, by order.
    says("stopped_told", r"^\S+\s+0/0\s+0\s+0\s+\d+\w*\s*$", "0/0", what="scaled to none"),
    says("stopped_told", r"^\S+\s+\S+\s+replicated\s+0/0\s", "replicated", what="scaled to none"),
    says(
        "stopped_told",
        r"\bNo (?:web )?(?:dynos on|processes running)\b|No dynos on|\bweb(?:=| at )0\b"
        r"|\bscaled? (?:\S+ ){0,4}?(?:to|--replicas[= ]) ?0\b|desired (?:count|capacity)\W{1,4}0\b",
        "no dynos",
        "no web proc",
        "web=0",
        "web at 0",
        "scale",
        "desired c",
        what="scaled to none",
    ),
    says(
        "start_limit",
        r"\"?MaximumRetryCount\"?\W{1,3}(\d+)\b.*\"?RestartCount\"?\W{1,3}\1\b",
        "maximumretrycount",
    ),
    # Rooms and limits.
    says(
        "disk_full",
        r"\b[Tt]he table '(?P<path>[^']+)' is full\b|minimum free (?:drive|disk) threshold"
        r"|XMinioStorageFull|disk resource limit alarm set",
        "limit alarm",
        "is full",
        "free drive",
        "free disk",
        "xminiostoragefull",
    ),
    says(
        "no_memory",
        r"\b(?:LVE|CloudLinux)\b.{0,60}\b(?:P?MEM|VMEM)\b.{0,20}(?:limit|fault)\w*"
        r"|\b[pv]MemF\W{1,3}[1-9]\d*",
        "lve",
        "cloudlinux",
        "memf",
        who="lve",
    ),
    says(
        "unit_user",
        r"[‘'\"](?P<name>[\w.-]{1,80})[’'\"] isn't a valid (?:user|group) name",
        "isn't a valid",
    ),
    says(
        "crashed",
        r"\b(?:php-fpm[\d.]*|uwsgi|gunicorn|puma|unicorn): general protection fault",
        "general protection",
        who="worker",
        signal="11",
    ),
    # A schema that cannot be brought up.
    says(
        "migration_failed",
        r"(?P<text>(?:could not|cannot) ALTER TABLE|because it has pending trigger events)",
        "alter table",
        "pending trigger",
        app="app",
    ),
    says("status", r"\bSent (?P<status>500) in \d", "sent 500"),
    # A version put in place, in people's words.
    says(
        "released",
        r"\b(?:rebuilt|redeployed) (?:the |my |our |a )?(?:image|container|app)"
        r"|\bnew (?:version|build|release) of (?:the|my|our) (?:binary|app|image|service|code)\b",
        "rebuilt",
        "redeployed",
        "new version",
        "new build",
        "new release",
    ),
    says(
        "went_back",
        r"\b(?P<version>(?:version|release|build|image|tag|one) before)(?: it| this| that)? (?:still )?"
        r"(?:starts|works|runs|is fine|was fine|worked)\b",
        " before",
    ),
)
READERS: tuple[Reader, ...] = ()
