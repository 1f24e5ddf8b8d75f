"""Supervisors that are not systemd, and shells: how a program ended or could not be run.

Source: supervisor's process.py, options.py, supervisorctl.py; runit sv(8); upstart's init/job_process.c;
monit's validate.c; start-stop-daemon(8); bash's execute_cmd.c ("command not found", "bad interpreter");
env(1).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

_NO_FILE = r"(?P<reason>No such file or directory|not found|Permission denied)"
PATTERNS: tuple[Pattern, ...] = (
    says("unit_exec", r"spawnerr: can't find command '(?P<path>[^']+)'", "can't find command"),
    says("unit_exec", r"spawnerr: command at '(?P<path>[^']+)' is not executable", "is not executable"),
    says(
        "unit_exec",
        r"(?P<unit>[\w.:-]{1,80}): ERROR \((?P<reason>no such file|file is not executable)\)",
        ": error (",
    ),
    says("unit_wrong", r"spawnerr: couldn't chdir to (?P<path>\S+): ", "couldn't chdir", what="directory"),
    says(
        "unit_wrong",
        r"spawnerr: unknown error making (?P<reason>dispatchers)",
        "making dispatchers",
        what="output",
    ),
    says(
        "unit_wrong",
        r"(?P<unit>[\w.:-]{1,80}): ERROR \((?P<reason>no such process|no such group)\)",
        ": error (",
        what="absent",
    ),
    says("start_limit", r"gave up: (?P<unit>\S+) entered FATAL state", "gave up: "),
    says("exited", r"exited: (?P<who>\S+) \(exit status (?P<code>[1-9]\d*); not expected", "exited: "),
    says(
        "stopped",
        r"(?:stopped: (?P<who>\S+) \(|exited: \S+ \(exit status 0; expected)",
        "stopped: ",
        "exited: ",
    ),
    says("killed", r"exited: (?P<who>\S+) \(terminated by (?P<signal>SIGKILL)", "terminated by sigkill"),
    says(
        "crashed",
        r"exited: (?P<who>\S+) \(terminated by (?P<signal>SIG(?:SEGV|ABRT|ILL|BUS|FPE))",
        "terminated by",
    ),
    says(
        "unit",
        r"(?P<unit>[\w.:-]{1,80}): ERROR \((?:spawn error|abnormal termination)\)",
        ": error (",
        active="failed",
    ),
    says(
        "unit",
        r"'(?P<unit>[\w.-]{1,80})' process is not running",
        "process is not running",
        active="inactive",
    ),
    says(
        "exited",
        r"init: (?P<who>\S+) main process \(\d+\) terminated with status (?P<code>\d+)",
        "main process (",
    ),
    says(
        "killed", r"init: (?P<who>\S+) main process \(\d+\) killed by (?P<signal>KILL|9)\b", "main process ("
    ),
    says(
        "crashed",
        r"init: (?P<who>\S+) main process \(\d+\) killed by (?P<signal>SEGV|ABRT|BUS)",
        "main process (",
    ),
    says("start_limit", r"init: (?P<unit>\S+) respawning too fast, stopped", "respawning too fast"),
    says(
        "unit_exec",
        r"Failed to spawn (?P<unit>\S+) main process: unable to execute: " + _NO_FILE,
        "unable to execute",
    ),
    says(
        "unit_wrong",
        r"Failed to spawn (?P<unit>\S+) main process: unable to change working",
        "unable to change w",
        what="directory",
    ),
    says(
        "unit_user",
        r"Failed to spawn \S+ main process: unable to (?:find|set)(?: \w+)? (?:setuid|setgid|user|group)",
        "failed to spawn",
    ),
    says(
        "unit_exec",
        r"start-stop-daemon: unable to (?:start|stat) (?P<path>/\S+) \(" + _NO_FILE,
        "start-stop-daemon",
    ),
    says(
        "unit_exec",
        r"(?:(?:ba|z|da|k)?sh|(?<=\s)/\S{1,120}): (?:line )?(?:\d+: )?(?:exec: )?"
        r"(?P<path>/?[\w./@+-]*(?:gunicorn|uwsgi|uvicorn|nginx|httpd|apache2|caddy|supervisord|node|npm"
        r"|yarn|pnpm|puma|unicorn|bundle|java|dotnet|php-fpm|waitress-serve|daphne|hypercorn|pm2|ruby|"
        r"python[\d.]*)): "
        r"(?:command )?" + _NO_FILE,
        "not found",
        "no such file",
        "permission denied",
    ),
    says("unit_exec", r"(?P<path>/[^\s:]+): (?:/\S+: )?(?P<reason>bad interpreter)", "bad interpreter"),
    says("unit_exec", r"env: [‘'\"]?(?P<path>[\w./-]+?)[’'\"]?: " + _NO_FILE, "env: "),
)
READERS: tuple[Reader, ...] = ()
