"""Data of another version than the program: stores and products that refuse to start after an upgrade.

Source: postgres miscinit.c; mysqld dd/upgrade; Nextcloud lib/private/Updater.php and its container's
entrypoint; Discourse pups; Gitea models/migrations; Kong cmd/start.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}


def _fails(regex: str, *words: str, app: str) -> Pattern:
    return says("migration_failed", rf"(?P<text>{regex})", *words, app=app)


PATTERNS: tuple[Pattern, ...] = (
    # a store's own data is of another version
    _fails(
        r"database files are incompatible with server|The data directory was initialized by "
        r"PostgreSQL version \S+.*|FATAL: .*initialized by PostgreSQL.*",
        "incompatible with server",
        "initialized by postgresql",
        app="postgresql",
    ),
    _fails(
        r"Invalid MySQL server (?:up|down)grade.*|Failed to upgrade (?:server|mysql|dictionary"
        r"|data).*|Upgrade (?:is not supported after a crash|after a crash is not supported).*"
        r"|Data Dictionary initialization failed.*|Cannot upgrade server earlier than.*"
        r"|Unsupported redo log format.*",
        "grade",
        "data dictionary",
        "redo log",
        app="mysql",
    ),
    _fails(
        r"UPGRADE PROBLEM: .*|featureCompatibilityVersion.*(?:invalid|incompatible|fail).*"
        r"|IncompatibleServerVersion.*|WiredTiger .*unsupported version.*",
        "upgrade problem",
        "featurecompatibility",
        "incompatibleserver",
        "wiredtiger",
        app="mongodb",
    ),
    _fails(
        r"cannot upgrade (?:a node|directly|from version).*|cannot downgrade a node.*"
        r"|was created with version \S+ but the minimum compatible version.*"
        r"|The index \[\S+\] .* not compatible.*",
        "cannot upgrade",
        "cannot downgrade",
        "minimum compatible version",
        "not compatible",
        app="elasticsearch",
    ),
    # products
    _fails(
        r"Updates between multiple major versions.*|version of the data \(\S+\) is higher than "
        r"the docker image version.*|Can't start Nextcloud because .*"
        r"|Exception: .*downgrades? (?:are|is) (?:un|not )supported.*|Repair (?:step"
        r"|error).*fail.*",
        "multiple major versions",
        "version of the data",
        "can't start nextcloud",
        "downgrade",
        "repair ",
        app="nextcloud",
    ),
    _fails(r"Pups::ExecError: .*db:migrate.*", "pups::execerror", app="discourse"),
    _fails(
        r"(?:Failed to initialize ORM engine|ORM engine initialization failed"
        r"|InitDBEngine).*migrat.*|Your database .*is for a newer (?:Gitea|Forgejo).*"
        r"|migration\[\d+\].*",
        "orm engine",
        "initdbengine",
        "is for a newer",
        "migration[",
        app="gitea",
    ),
    _fails(
        r"(?:Database|schema) (?:version )?(?:is |needs |must )?(?:newer than|too new|too old"
        r"|not supported by|mismatch).*",
        "newer than",
        "too new",
        "too old",
        "not supported by",
        "mismatch",
        app="app",
    ),
    says(
        "migration_pending",
        r"(?:Database|schema) (?:version )?(?:is |needs (?:to )?|must )?"
        r"(?:out of date|be (?:migrated|upgraded))",
        "out of date",
        "be migrated",
        "be upgraded",
        app="app",
    ),
    says(  # Kong waits for them, and says by which command they are run
        "migration_pending",
        r"(?:Database needs bootstrapping|Database is not up-to-date|new migrations available"
        r"|pending migrations).*(?:kong|bootstrap|finish)"
        r"|schema does not match this version of Kong|database '\w+' is missing migration: ",
        "version of kong",
        "is missing migration",
        "bootstrapping",
        "not up-to-date",
        "new migrations",
        "pending migrations",
        app="kong",
    ),
)
READERS: tuple[Reader, ...] = ()
