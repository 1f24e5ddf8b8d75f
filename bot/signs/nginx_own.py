"""nginx about itself: limits, start and reload.

Source: ngx_connection.c, ngx_event_accept.c, ngx_cycle.c, ngx_conf_file.c, ngx_inet.c, ngx_process_cycle.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "nginx_not_running": "a reload or stop found no nginx to signal; fields: what",
    "nginx_start_failed": "nginx did not start; fields: what",
    "reload_failed": "a reload was refused, nginx goes on with the old configuration; fields: what",
    "nginx_worker_stays": "an old worker of nginx has not ended after a reload; fields: what",
    "reload_told": "how nginx is told to read its files anew; fields: what",
    "nginx_workers": "a table of processes shows nginx's workers; fields: none",
    "nginx_runs": "a table of processes shows nginx's master; fields: command",
    "pid_file_there": "where nginx's pid file is, or its unit has it; fields: path",
    "own_file_denied": "nginx may not open one of its own files; fields: path",
    "limit_refused": "nginx may not raise its own limit of open files; fields: value",
}
_NX = {"proxy": "nginx", "who": "nginx"}
_WHO = {"who": "nginx"}
_NGINX = (
    r"(?:\[(?:crit|alert|error|emerg|warn)\]|accept4?\(\)|socket\(\)|open\(\)|eventfd\(\)|epoll_create\(\))"
)
_FILES = r"(?:Too many open files|No file descriptors available)"
_NUMBER = r"(?:24|23|10024): "


PATTERNS: tuple[Pattern, ...] = (
    # Limits.
    says(
        "connections_limit",
        r"(?:(?P<limit>\d+) )?\W?worker_connections\W? are (?:not enough|more than)",
        "worker_connections",
    ),
    says(
        "connections_limit",
        r"(?P<limit>\d+) worker_connections exceed open file",
        "worker_connections exceed",
    ),
    says(
        "fd_limit",
        rf"{_NGINX}.*\b{_NUMBER}{_FILES}|failed \((?:{_NUMBER})?{_FILES}",
        "too many open files",
        "no file descriptors",
        **_WHO,
    ),
    # nginx puts the number before the words, Apache too; others name the call alone.
    says(
        "fd_limit",
        rf"{_NGINX}(?!.*(?:\b{_NUMBER}|\(2[34]\)|failed \({_FILES})).*{_FILES}",
        "too many open files",
        "no file descriptors",
    ),
    says(
        "fd_limit",
        r"maximum number of descriptors supported by select\(\) is \d+",
        "supported by select()",
        **_WHO,
    ),
    says(
        "no_memory",
        r"(?:malloc|fork|mmap|posix_memalign)\(\S*\) .{0,30}failed \(12: ",
        "failed (12: ",
        **_WHO,
    ),
    # Start, reload, end.
    says(
        "port_taken",
        r"bind\(\) to (?P<address>\S*?):(?P<port>\d+) failed \((?:98|48|10048|125"
        r"|10013)?:?.{0,40}(?:in use|only one usage|forbidden)",
        "bind()",
        **_WHO,
    ),
    says("port_taken", r"bind\(\) to (?P<path>unix:\S+) failed \((?:98|48):", "bind()", **_WHO),
    # ngx_process_cycle.c: a worker raises its limit before it gives up root.
    says(
        "limit_refused",
        r"setrlimit\(RLIMIT_NOFILE, (?P<value>\d+)\) failed \((?:1|13): ",
        "setrlimit(rlimit_nofile",
    ),
    # NGINX Unit: nxt_listen_socket.c, nxt_main_process.c.
    says("port_taken", r"bind\(\\?\"(?P<path>unix:[^\"\\]+)\\?\"\) failed \((?:98|48):", "bind(", who="unit"),
    says("nginx_start_failed", r"(?P<what>bind\(\) to \S+ failed \([^)]*\))", "bind()"),
    says("nginx_start_failed", r"(?P<what>still could not bind\(\))", "still could not bind"),
    says(
        "nginx_start_failed",
        r"(?:(?:Failed to start|start of) (?:nginx|The nginx|A high performance web server)"
        r"|nginx\.service: (?:Failed(?! to (?:parse|read) PID from)"
        r"|Control process exited|Main process exited)"
        r"|nginx(?:\.service)? failed to start|Job for nginx\.service failed)",
        "nginx",
        "a high performance",
    ),
    says(
        "nginx_start_failed",
        r"^(?!.*\b(?:if|unless|otherwise|would|might|may|could|until)\b).*?(?P<what>\bnginx"
        r"(?: (?:web ?server|httpd|service|container|daemon))? (?:(?:always|then|now|still) )?"
        r"(?:fails? to|failed to|refuse[sd] to|won'?t|will not|does(?:n'?t| not)|can(?:'?t|not| not))"
        r" start\b)",
        "nginx",
    ),
    # ngx_process.c: a worker that cannot begin is not started again; the master alone answers nobody.
    says(
        "nginx_start_failed",
        r"(?P<what>worker process \d+ exited with fatal code 2 and cannot be respawned)",
        "cannot be respawned",
    ),
    says(
        "nginx_not_running",
        r"(?P<what>OpenEvent\(\"Global\\\\?ngx_\w+\"\) failed|CreateFile\(\) \"\S*nginx\.pid\" failed)",
        "openevent",
        "createfile",
    ),
    says(
        "reload_failed",
        r"(?P<what>Unexpected failure reconfiguring NGINX.*|Dynamic reconfiguration failed.*)",
        "reconfigur",
    ),
    # An [emerg] is of a start, which makes the file and lacks its folder.
    says("nginx_not_running", r"^(?!.*\[emerg\]).*open\(\) \"\S*nginx\S*\.pid\" failed \(2: ", ".pid"),
    says(
        "pid_file_there",
        r"(?:\bPIDFile=|\bthere(?: is|'s)\b.{0,40}?|\bls\b.{0,30}?|^-rw.{10,80}?)[`'\"]?"
        r"(?P<path>/\S*nginx\S*\.pid)\b(?!.{0,20}(?:missing|not found|does not exist|No such))",
        ".pid",
    ),
    says("nginx_not_running", r"(?P<what>invalid PID number \"[^\"]*\" in \"[^\"]+\")", "invalid pid number"),
    says("nginx_not_running", r"kill\(\d+, \d+\) failed \(3: No such process", "no such process"),
    says(
        "nginx_not_running",
        r"nginx(?:\.service)? is not (?:active|running)\b(?! (?:as|in|inside|on|under|behind|with)\b)"
        r"(?!.{0,30}\b(?:(?:not|isn't) (?:true|correct|right)|untrue|wrong|false)\b)",
        "is not active",
        "is not running",
    ),
    says(
        "nginx_not_running",
        r"\b(?:found|finds?|sees?|saw|noticed) (?:that )?(?:my |the |our )?nginx"
        r" (?:is |was |to be )?(?P<what>down|dead|stopped|not running)\b",
        "nginx",
    ),
    says(
        "nginx_worker_stays",
        r"worker process is shutting down|nginx: worker process is shutting",
        "is shutting down",
    ),
    says(
        "reload_failed",
        r"(?P<what>(?:Reload failed for|nginx reload failed|Failed to reload nginx"
        r"|Error reloading NGINX|Unexpected failure reloading the backend|error reloading nginx).*)",
        "reload",
    ),
    says(
        "own_file_denied",
        r"\[(?:emerg|alert)\].{0,20}(?:open|mkdir"
        r"|could not open error log file: open)\(\) \"(?P<path>[^\"]+)\" failed \(13: ",
        "(13: permission denied",
    ),
    says(
        "nginx_not_running",
        r"(?P<what>Error sending signal to container.*is not running)",
        "error sending signal",
    ),
    says(
        "reload_failed",
        r"(?P<what>Error sending signal to container(?!.*is not running).*"
        r"|Unable to (?:signal|reload|restart) .{0,30}nginx.*"
        r"|Error (?:running|executing) notify command.*|nginx reload .{0,20}failed.*)",
        "error sending signal",
        "unable to",
        "notify command",
        "reload",
    ),
    says(
        "reload_told",
        r"(?P<what>-notify(?:-sighup|-container)?\s+\S+|kill -s (?:HUP|SIGHUP)|nginx -s reload"
        r"|systemctl reload nginx|service nginx reload)",
        "-notify",
        "kill -s",
        "reload",
    ),
    says(
        "noise", r"could not build optimal \w+_hash", "could not build optimal", what="a hash could be larger"
    ),
    says("noise", r"\"ssl_stapling\" ignored", "ssl_stapling", what="OCSP stapling is left out"),
    says(
        "noise",
        r"could not open error log file: open\(\)",
        "could not open error log",
        what="a default log was not opened",
    ),
    # The last column of a table; in a sentence more words follow.
    says(
        "nginx_workers",
        r"\bnginx: worker process(?: is shutting down)?[\s|]*$",
        "nginx: worker process",
    ),
    says("nginx_runs", r"^.*\d.*\bnginx: master process (?P<command>\S+)", "nginx: master process"),
    says("nginx_not_running", r"^\s*(?P<what>reload: Not running)\s*$", "reload: not running"),
    says(
        "noise",
        r"server name \"[^\"]*\" has suspicious symbols|OCSP responder (?:sent|timed out|prematurely)"
        r"|while requesting certificate status",
        "suspicious symbols",
        "ocsp responder",
        "requesting certificate status",
        what="a name or OCSP, not the upstream",
    ),
)
READERS: tuple[Reader, ...] = ()
