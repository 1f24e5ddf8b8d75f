"""systemd's lines in the journal and what systemctl says; units' blocks are read by units.py.

Source: systemd.exec(5) "Process Exit Codes"; systemd's src/core/service.c, execute.c, exec-invoke.c, unit.c,
load-fragment.c ("Refusing", "bad unit file setting"), src/systemctl.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says
from bot.signs.units import READERS as _UNITS

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "unit_exec": "the supervisor cannot run the program it is told to; fields: unit, path, reason",
    "unit_user": "the unit's user or group is not there; fields: unit, name, path, reason",
    "unit_wrong": "the supervisor cannot start the unit as it is written; fields: unit, what, path, reason",
    "unit_setting": "a setting in a unit file; fields: name, value",
    "start_timeout": "the supervisor gave up waiting for the start; fields: unit",
    "left_over": "a process of an earlier start is still there; fields: who, pid",
    "cpu_used": "how much processor time a unit's run took, at its end; fields: unit, who, time",
    "unit_failed": "systemd says that a unit failed, not why; fields: unit",
    "sudo_asks": "sudo wants a password nobody can give; fields: who",
}

_UNIT = r"(?P<unit>[\w@.\\:-]{1,80}\.(?:service|socket))"
_WHO = r"(?P<who>[\w@.\\:-]{1,80})\.service: "
_MAIN = r"(?:Main|Control) process exited, code="
_STEP = r"(?:Failed at step {0} spawning (?P<path>[^\s:]+)(?:: (?P<reason>[\w ]+))?)"
_REASON = r"(?P<reason>No such file or directory|Permission denied|Not a directory|Exec format error|[\w ]+)"


def _step(kind: str, step: str, *words: str, **fields: str) -> Pattern:
    return says(kind, rf"(?:{_UNIT}: )?.{{0,40}}?{_STEP.format(step)}", *words, **fields)


def _wrong(what: str, regex: str, *words: str) -> Pattern:
    return says("unit_wrong", regex, *words, what=what)


PATTERNS: tuple[Pattern, ...] = (
    # How a process ended.
    says(
        "unit_failed",
        r"(?P<unit>[\w@.\\:-]{1,80}\.service)"
        r"(?:: Failed with result '(?:exit-code|signal|core-dump|timeout|watchdog)'"
        r"|: Unit entered failed state| entered failed state)",
        "failed with result",
        "entered failed state",
    ),
    says("exited", _WHO + _MAIN + r"exited, status=(?P<code>[1-9]\d*)", "process exited, code=exited"),
    says("stopped", _WHO + _MAIN + r"exited, status=0", "process exited, code=exited"),
    says("killed", _WHO + _MAIN + r"killed, status=(?P<signal>9)\b", "code=killed"),
    says("stopped", _WHO + _MAIN + r"killed, status=15\b", "code=killed"),
    says("crashed", _WHO + _MAIN + r"(?:dumped|killed), status=(?P<signal>4|6|7|8|11)\b", "status="),
    says(
        "out_of_memory", r"(?:" + _WHO + r")?A process of this unit has been killed by the OOM", "by the oom"
    ),
    says("out_of_memory", r"(?:" + _WHO + r")?Failed with result '?oom-kill", "oom-kill"),
    says("out_of_memory", r"Active: failed \(Result: oom-kill\)", "result: oom-kill"),
    says("out_of_memory", r"^Result=oom-kill", "result=oom-kill"),
    says("out_of_memory", r"systemd-oomd\[?.{0,30}Killed (?P<who>\S+) due to memory", "due to memory"),
    says("start_limit", rf"(?:{_UNIT}: )?(?:Start request repeated too quickly)", "repeated too quickly"),
    says("start_limit", rf"{_UNIT} start request repeated too quickly, refusing", "repeated too quickly"),
    says("start_limit", rf"(?:{_UNIT}: )?Failed with result '?start-limit(?:-hit)?", "start-limit"),
    says("start_limit", r"^(?!.*\bActive: ).*\(Result: start-limit(?:-hit)?\)", "start-limit"),
    says(
        "start_timeout", rf"(?:{_UNIT}: )?[Ss]tart(?:-pre|-post)? operation timed out", "operation timed out"
    ),
    says("start_timeout", rf"(?:{_UNIT}: )?Failed with result '?timeout", "failed with result"),
    says("start_timeout", r"Active: failed \(Result: timeout\)", "result: timeout"),
    says(
        "killed",
        _WHO + r"Killing process \d+ \([^)]*\) with signal (?P<signal>SIGKILL)",
        "with signal sigkill",
    ),
    says("killed", _WHO + r"State 'stop-sigterm' timed out\. (?P<signal>Kill)ing", "stop-sigterm"),
    says("left_over", r"Found left-over process (?P<pid>\d+) \((?P<who>[^)]{1,80})\)", "left-over process"),
    says(
        "cpu_used",
        _WHO + r"Consumed (?P<time>(?:\d+h )?(?:\d+min )?[\d.]+s) CPU time",
        "consumed ",
    ),
    says("stopped", _WHO + r"(?:Deactivated successfully|Succeeded)\.", "deactivated succ", "succeeded."),
    # 203/EXEC: the program.
    _step("unit_exec", "EXEC", "failed at step exec"),
    says("unit_exec", r"status=203(?:/EXEC)?\b", "status=203"),
    says("unit_exec", r"\(code=exited, status=203\b", "status=203"),
    says(
        "unit_exec",
        rf"(?:{_UNIT}: )?(?:Failed|Unable) to (?:locate|find) executable '?(?P<path>[^\s':]+)"
        rf"'?(?:: {_REASON})?",
        "executable",
    ),
    says(
        "unit_exec",
        rf"(?:{_UNIT}: )?Failed to execute (?:command|(?P<path>/[^\s:]+)): {_REASON}",
        "failed to execute",
    ),
    says(
        "unit_exec",
        rf"(?:{_UNIT}: )?Command (?P<path>/\S+) is not executable: {_REASON}",
        "is not executable",
    ),
    says("unit_exec", r"^ExecMainStatus=203", "execmainstatus=203"),
    # 216, 217: the user.
    _step("unit_user", "(?:USER|GROUP)", "failed at step user", "failed at step group"),
    says("unit_user", r"status=21[67]\b|\b21[67]/(?:USER|GROUP)\b", "status=21", "216/", "217/"),
    says("unit_user", rf"(?:{_UNIT}: )?Failed to determine (?:user|group) credentials", "credentials"),
    says("unit_user", rf"(?:{_UNIT}: )?Failed to determine supplementary groups", "supplementary groups"),
    says("unit_user", r"Invalid user/group name or numeric ID.{0,40}: (?P<name>\S+)", "invalid user/group"),
    says("unit_user", r"getpwnam\(\"?(?P<name>[\w-]{1,80})\"?\) failed", "getpwnam("),
    says("unit_user", r"getgrnam\(\"?(?P<name>[\w-]{1,80})\"?\) failed", "getgrnam("),
    says(
        "unit_user",
        r"cannot get (?:uid|gid) for (?:user|group) '(?P<name>[^']{1,80})'",
        "cannot get uid",
        "cannot get gid",
    ),
    says("unit_user", r"Error: Invalid user name (?P<name>\S+)", "invalid user name"),
    says(
        "unit_user",
        r"unable to find (?:user|group) (?P<name>[\w-]{1,80}): no matching entries",
        "no matching entries",
    ),
    says(
        "unit_user",
        r"(?:chown|install|su|sudo|useradd|start-stop-daemon): .{0,30}"
        r"(?:invalid|unknown|no such) (?:user|group):? '?(?P<name>[\w:-]{1,80})",
        "user",
        "group",
    ),
    says("unit_user", r"bad (?:user|group) name (?P<name>\S+)", "bad user name", "bad group name"),
    says("unit_user", r"can't find (?:user|group) name (?P<name>\S+)", "can't find"),
    # The unit as it is written.
    _wrong("directory", r"(?:code=exited,? status=200\b|status=200/CHDIR)", "status=200"),
    _wrong(
        "directory",
        r"Changing to the requested working directory failed(?:: (?P<reason>[\w ]+))?",
        "requested working directory",
    ),
    _step("unit_wrong", "CHDIR", "failed at step chdir", what="directory"),
    _wrong(
        "environment",
        rf"(?:{_UNIT}: )?(?:\w*ailed to )?load environment files(?:: (?P<reason>[\w ]+))?",
        "environment files",
    ),
    _wrong(
        "environment", r"Failed to (?:open|read) environment file '?(?P<path>[^\s']+)", "environment file"
    ),
    _wrong("sandbox", r"status=2(?:2[5689]|3[0-9]|4[0-5])/[A-Z_]+", "status=22", "status=23", "status=24"),
    _step(
        "unit_wrong",
        "(?:NAMESPACE|SECCOMP|CAPABILITIES|CGROUP|RUNTIME_DIRECTORY|STATE_DIRECTORY|LOGS_DIRECTORY"
        "|CACHE_DIRECTORY|CONFIGURATION_DIRECTORY|KEYRING|STDOUT|STDERR|STDIN|LIMITS|OOM_ADJUST|CREDENTIALS)",
        "failed at step",
        what="sandbox",
    ),
    says(
        "unit_wrong",
        r"Process: \d+ ExecStartPre=(?P<path>(?!-)"
        r"(?!\S*(?:nginx|apache\w*|httpd|haproxy|openresty))\S{1,200})"
        r".{0,400}\(code=exited, status=[1-9]\d*",
        "execstartpre=",
        what="before",
    ),
    _wrong("output", r"status=2(?:08|09|22)/STD(?:IN|OUT|ERR)", "/std"),
    _wrong(
        "syntax", rf"(?:{_UNIT}:? )?has a bad unit file setting|(?:bad unit file setting)", "bad unit file"
    ),
    _wrong(
        "ignored",
        r"\[?/\S{1,150}\.(?:service|socket|conf):\d+\]?:? "
        r"(?:Failed to parse|Missing '='|Assignment outside of section"
        r"|Invalid section header|Executable path is not absolute|Unbalanced quoting)",
        "failed to parse",
        "missing '='",
        "assignment outside",
        "invalid section",
        "path is not absolute",
        "unbalanced quoting",
    ),
    _wrong("syntax", r"Loaded: (?:bad-setting|error)\b", "loaded: bad-setting", "loaded: error"),
    _wrong("syntax", r"LoadState=(?:bad-setting|error)\b", "loadstate="),
    _wrong(
        "syntax", rf"(?:{_UNIT}:? )?(?:Service )?(?:has no|lacks both|lacks) (?:ExecStart|ExecStop)", "execst"
    ),
    _wrong("syntax", rf"{_UNIT}.{{0,80}}Refusing\.", "refusing."),
    _wrong(
        "syntax",
        r"(?:Executable|Working directory|Unit) (?:path|name)?.{0,20}is not (?:absolute|valid)",
        "not absolute",
        "is not valid",
    ),
    _wrong(
        "syntax",
        r"Neither a valid executable name nor an absolute path(?:: (?P<path>\S+))?",
        "neither a valid executable",
    ),
    _wrong(
        "syntax",
        r"(?:Unbalanced quoting|Invalid section header|Missing '=').{0,20}",
        "unbalanced quoting",
        "invalid section header",
        "missing '='",
    ),
    _wrong("masked", rf"(?:Unit )?{_UNIT}? ?is masked", "is masked"),
    _wrong(
        "absent",
        r"(?:Unit )?\b(?P<unit>(?!(?:php|nginx|apache2?|httpd|file|page|script|command|module|not)\b)"
        r"[\w@.:-]{1,80}?)(?:(?:\.service)? (?:could not be found|not loaded)|\.service not found)\b"
        r"(?=\.?\s*$)",
        "could not be found",
        "not found",
        "not loaded",
    ),
    _wrong(
        "absent",
        r"Failed to (?:start|restart|enable) (?P<unit>(?!php|nginx|apache|httpd)[\w@.:-]+?)(?:\.service)?: "
        r"Unit .{0,60}(?:not found|No such file)",
        "failed to ",
    ),
    _wrong(
        "absent",
        r"Unit file (?P<unit>(?!php|nginx|apache|httpd)[\w@.:-]+?)(?:\.service)? does not exist",
        "unit file ",
    ),
    _wrong("resources", rf"(?:{_UNIT}: )?Failed with result '?resources", "failed with result"),
    _wrong(
        "resources", rf"(?:{_UNIT}: )?Failed to run 'start' task: (?P<reason>[\w ]+)", "failed to run 'start"
    ),
    _wrong("type", rf"(?:{_UNIT}: )?Failed with result '?protocol", "failed with result"),
    # A unit file as people paste it; `user =` is of an FPM pool, and `type=AVC` of the audit log.
    says(
        "unit_setting",
        r"^\s*(?P<name>(?-i:ExecStart|WorkingDirectory|User|Group|EnvironmentFile|Environment|Type|PIDFile"
        r"|RuntimeDirectory|Requires|Sockets|Restart|UMask|ListenStream|SocketUser|SocketMode|SocketGroup"
        r"|PrivateTmp|MemoryMax|MemoryLimit|LimitNOFILE|TimeoutStartSec|RootDirectory|ProtectHome"
        r"|ProtectSystem))\s*=\s*(?P<value>\S.{0,300})",
        "=",
    ),
    says("sudo_asks", r"sudo: (?:a password is required|a terminal is required|no tty present)", "sudo: "),
    says("sudo_asks", r"(?P<who>\S+) is not in the sudoers file", "sudoers file"),
    says("sudo_asks", r"user (?P<who>\S+) is not allowed to execute '", "is not allowed to execute"),
)
READERS: tuple[Reader, ...] = _UNITS
