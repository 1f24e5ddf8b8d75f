"""Users, programs, settings and room that a start lacks, as programs other than systemd say it.

Source: supervisor's options.py "Can't find user", datatypes.py, options.py "can't find command"; gunicorn
util.py set_owner_process and config.py validate_user; uWSGI core/uwsgi.c; util-linux su-common.c; gosu and
su-exec; node's child_process (spawn ENOENT); kubelet's eviction manager; musl ldso/dynlink.c; grafana's
packaging/docker/run.sh.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

_NAME = r"[‘'\"`]?(?P<name>[\w.-]{1,80})[’'\"`]?"
PATTERNS: tuple[Pattern, ...] = (
    says("unit_user", rf"Can't find (?:user|group) in (?:passwd|group) file: {_NAME}", "can't find"),
    says("unit_user", rf"\bInvalid (?:user|group)(?: name)?:? {_NAME}", "invalid user", "invalid group"),
    says("unit_user", rf"{_NAME} is not a valid (?:user|group)(?: ?name)?\b", "is not a valid"),
    says("unit_user", rf"\bNo such (?:user|group):? {_NAME}", "no such user", "no such group"),
    says(
        "unit_user",
        rf"\b(?:user|group) {_NAME} (?:does not exist|not found)\b(?!.{{0,30}}\bin the)",
        "user ",
        "group ",
    ),
    says(
        "unit_user",
        r"\b(?:unable to find|unknown) (?:user|group) " + _NAME + r"(?=\W*$|:? (?:no|in) )",
        "unable to find",
        "unknown user",
        "unknown group",
    ),
    says(
        "unit_user",
        r"runAsNonRoot and image (?:will run as root|has non-numeric user \((?P<name>[^)]{1,80})\))",
        "runasnonroot",
    ),
    says("unit_exec", r"can't find command '(?P<path>[^']+)'", "can't find command"),
    says("unit_exec", r"spawn (?P<path>\S{1,200}) (?P<reason>ENOENT|EACCES)\b", "enoent", "eacces"),
    says(
        "disk_full",
        r"DiskPressure\]|low on resource: ephemeral-storage"
        r"|ephemeral[- ](?:local )?storage (?:usage )?exceeds|\bDiskPressure\s+True\b",
        "diskpressure",
        "ephemeral",
    ),
    says("inodes_full", r"low on resource: inodes|^Free inodes:\s+0\s*$", "inodes"),
    says(
        "inodes_full",
        r"\b(?:used|eat\w*|consum\w*|fill\w*) (?:up )?all (?:the )?(?:free )?inodes\b"
        r"|\binodes? (?:is |are |show |shows |usage |at |used ){1,3}:?(?:at )?100 ?%",
        "inode",
    ),
    says(
        "missing_setting",
        r"[Cc]onfig validation error: \W{0,2}(?P<name>\w+)\W{0,3} is (?:required|not allowed)",
        "validation error",
    ),
    says(
        "missing_setting",
        r"You did not provide the \W?(?P<name>FLASK_APP)\W? environment|Could not locate a Flask application",
        "flask",
        app="flask",
    ),
    says(
        "missing_setting",
        r"MongoParseError: (?P<name>Invalid scheme|URI malformed|URI must include)",
        "mongoparseerror",
    ),
    says(
        "missing_module",
        r"Error loading shared library (?P<name>[\w.+-]+): No such file(?!.{0,80}/(?:nginx|haproxy|httpd)\))",
        "error loading shared library",
        app="musl",
    ),
    says(
        "missing_module",
        r"\bpython[\d.]*: can't open file '?(?P<name>[^':]+)'?:",
        "can't open file",
        app="python",
    ),
    says(
        "missing_setting",
        r"\b(?:panic|fatal|error|failed)\b.{0,60}\bopen (?P<name>\S+\.(?:ya?ml|json|toml|env|conf|ini))"
        r": no such file",
        "no such file",
    ),
    # A file of an earlier life.
    says(
        "port_taken", r"Connection in use: \('?(?P<path>unix:/[^',)]+)", "connection in use", who="gunicorn"
    ),
    says(
        "stale_file",
        r"(?P<path>/\S+/mongod\.lock)(?: file)? is not empty|This instance is already running",
        "mongod.lock",
        "this instance is",
    ),
    # What it writes at its start, it may not.
    says(
        "app_failed",
        r"(?P<text>\w=?'?/\S+ is not writable\b.*|\bYou may have issues with file permissions.*)",
        "is not writable",
        "issues with file permissions",
        app="app",
    ),
    says(
        "app_failed",
        r"(?P<text>\b(?:mkdir|chown|touch|cp|ln|install): .{0,80}(?:create directory|changing ownership of"
        r"|touch|create regular file).{0,200}(?:Permission denied|Operation not permitted))",
        "permission denied",
        "not permitted",
        app="entrypoint",
    ),
    says(
        "app_failed",
        r"(?P<text>\bEACCES\b.{0,40}permission denied.{0,20}'?"
        r"(?P<error>/\S+\.(?:pid|lock|log|db|sqlite\d?|env)|/\S*\b(?:config|settings)(?:\.\w{2,4})?)\b.*)",
        "eacces",
        app="node",
    ),
    says(  # pip at a start that installs what it needs
        "app_failed",
        r"(?P<text>^\W{0,4}ERROR: (?:Can not perform a '--user' install|Could not install packages due to"
        r"|Could not find a version that satisfies|No matching distribution found for|Failed building wheel)"
        r".{0,120}|\berror: externally-managed-environment)",
        "error: c",
        "error: no matching",
        "error: failed building",
        "error: externally",
        app="pip",
    ),
    # bash quotes what Windows puts at a line's end; no command of such a script runs as it is written.
    says(
        "app_failed",
        r"(?P<text>: line \d{1,6}: \$'\\r': command not found)",
        "command not found",
        app="entrypoint",
    ),
    says(  # bash: a file that its script is to write
        "app_failed",
        r"(?P<text>/[\w./-]{1,120}: line \d{1,6}: /\S{1,200}: (?:Permission denied|Read-only file system))",
        ": line ",
        app="entrypoint",
    ),
    says(
        "unit_wrong",
        r"(?:Failed to set up (?:mount namespacing|namespace)|Failed at step NAMESPACE)(?P<reason>.{0,120})",
        "mount namespacing",
        "step namespace",
        what="namespace",
    ),
    says(
        "image_missing",
        r"manifest for (?P<name>\S+) not found|manifest unknown|pull access denied for \S+",
        "manifest",
        "pull access denied",
    ),
    says(
        "port_taken",
        r"Ports are not available: exposing port \w+ \S+?:(?P<port>\d+)"
        r"|(?:Something|Another process) is already running on port \d+",
        "ports are not available",
        "already running on port",
    ),
)
READERS: tuple[Reader, ...] = ()
