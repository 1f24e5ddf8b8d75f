"""Migrations of schema and data, and what their tools say when one fails or was not run.

Source: flyway-core (DbMigrate, DbValidate, FlywayException); liquibase-core exceptions,
StandardLockService; alembic util/messaging, script/revision.py; Django
db/migrations/{exceptions,loader}.py; Rails ActiveRecord::Migration; Prisma error reference P30xx; knex
migrator; golang-migrate ErrDirty; goose; Ecto; TypeORM MigrationExecutor; Nextcloud lib/private/Updater.php
and its container's entrypoint; postgres miscinit.c; mysqld dd/upgrade; Discourse pups; Kong cmd/start;
omnibus-gitlab database_migrations; Ghost knex-migrator.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "migration_pending": "migrations were not run; fields: app",
    "migration_running": "a migration is under way; fields: app",
}


def _fails(regex: str, *words: str, app: str) -> Pattern:
    return says("migration_failed", rf"(?P<text>{regex})", *words, app=app)


PATTERNS: tuple[Pattern, ...] = (
    _fails(r"Applying (?:migration )?\S+\.\.\.\s?(?:Traceback|FAILED|Error).*", "applying", app="any"),
    _fails(
        r"Migration (?:of schema )?.{0,80}? to version .{0,80}? failed|FlywayException.*"
        r"|FlywayValidateException.*|Migrations have failed validation"
        r"|Detected failed migration to version.*|Migration checksum mismatch.*"
        r"|Detected (?:applied|resolved) migration not .*|FlywayMigrateException"
        r"|Script \S*V\d\w*__\S+ failed|Found non-empty schema\(s\) .* without schema history",
        "migration",
        "flyway",
        "script ",
        "non-empty schema",
        app="flyway",
    ),
    _fails(
        r"(?:liquibase\.exception\.)?(?:MigrationFailed|ValidationFailed|Lock"
        r"|CommandExecution)Exception.*|Migration failed for changes? ?set.*"
        r"|Could not acquire change ?log lock.*|Validation Failed:.*|Liquibase (?:failed to start"
        r"|Update Failed).*",
        "exception",
        "migration failed for",
        "change log lock",
        "changelog lock",
        "validation failed",
        "liquibase",
        app="liquibase",
    ),
    _fails(
        r"Can't locate revision identified by .*|Target database is not up to date.*"
        r"|Multiple head revisions are present.*|alembic\.util\.exc\.CommandError.*"
        r"|Requested revision .* overlaps.*",
        "can't locate revision",
        "target database is not",
        "multiple head",
        "alembic.util",
        "requested revision",
        app="alembic",
    ),
    _fails(
        r"InconsistentMigrationHistory.*|NodeNotFoundError.*"
        r"|Migration \S+ dependencies reference nonexistent.*|CircularDependencyError.*"
        r"|Conflicting migrations detected.*|BadMigrationError.*|IrreversibleError.*",
        "inconsistentmigration",
        "nodenotfound",
        "nonexistent",
        "circulardependency",
        "conflicting migrations",
        "badmigration",
        "irreversibleerror",
        app="django",
    ),
    _fails(
        r"An error has occurred, (?:this and )?all later migrations canceled.*"
        r"|ActiveRecord::(?:IrreversibleMigration|ConcurrentMigrationError|DuplicateMigration\w*"
        r"|UnknownMigrationVersionError|IllegalMigration\w*).*|(?:rake|rails) (?:db:migrate"
        r"|gitlab:db:\w+)\b.*(?:fail|error|abort).*|Tasks: TOP => .*db:migrate.*",
        "all later migrations",
        "activerecord::",
        "db:migrate",
        "gitlab:db",
        app="rails",
    ),
    _fails(
        r"bash\[migrate gitlab-rails database\].*|rails_migration\[gitlab-rails\].*(?:had an "
        r"error|error).*|(?:gitlab[-_:]rails|gitlab::database)_?migrations?.*(?:fail|error).*"
        r"|Expected batched background migration .* to be marked as "
        r"'finished'.*|It seems you are upgrading from .* first\..*",
        "gitlab",
        "migration",
        "upgrading from",
        app="gitlab",
    ),
    _fails(
        r"Error: P30(?:05|06|08|09|14|18|19).*|\bP30(?:06|09|18)\b.*"
        r"|migrate found failed migrations in the target database.*|A migration failed to apply.*",
        "p30",
        "failed migrations",
        "migration failed to apply",
        app="prisma",
    ),
    _fails(
        r"migration file \S+ failed.*|The migration directory is corrupt.*|MigrationLocked.*"
        r"|Migration table is already locked.*|knex.*migrat.*(?:error|failed).*"
        r"|MigrationScriptError.*|MigrationsAreLockedError.*|DatabaseIsNotOkError.*"
        r"|MigrationHistoryError.*",
        "migration",
        "databaseisnotok",
        "migrat",
        app="knex",
    ),
    _fails(
        r"Dirty database version \d+.*|goose(?: run)?: failed.*|failed to run SQL migration.*"
        r"|migration \S+ was previously applied but has been modified.*|(?:Ecto"
        r"|Postgrex)\S*Error.*migration.*|Migration \"[^\"]+\" failed, error.*"
        r"|sql-migrate.*error.*|error: migration .*failed.*",
        "dirty database version",
        "goose",
        "sql migration",
        "previously applied",
        "migration",
        "sql-migrate",
        app="app",
    ),
    _fails(
        r"(?:failed|unable|could not|error|cannot|can't|fatal).{0,30}?\b(?:run|running|apply"
        r"|applying|execute|executing|perform|performing|complete|during|in|to) ?(?:the "
        r"|database |db |schema |pending |data |all )*(?:migrat(?:e|ion|ions|ing)|schema upgrade"
        r"|db upgrade|database upgrade)\b.*",
        "migrat",
        "upgrade",
        app="app",
    ),
    _fails(
        r"(?:database |schema |db |data )?(?:migrations?|schema upgrade|database upgrade"
        r"|database update)(?: \S+)? (?:has |have |was |did )?(?:failed|aborted|errored"
        r"|not complete|could not be (?:run|applied|completed)|crashed|exited with).*",
        "migration",
        "upgrade",
        "update",
        app="app",
    ),
    _fails(
        r"migrate: .*(?:ERROR|error|failed|duplicate|syntax).*|migration\[.*(?:fail|error).*",
        "migrat",
        app="app",
    ),
    _fails(
        r"migrations?\b(?! (?:file|script)).{0,60}?\b(?:failed|aborted|errored|could not be)\b.*"
        r"|error (?:while |during |in |when )?(?:the )?migrat(?:ing|ion).*"
        r"|(?:upgrade|update) (?:was |has been |process )?(?:aborted|failed"
        r"|completed with errors).*|aborting the (?:upgrade|migration|update).*"
        r"|unable to run the upgrade.*",
        "migrati",
        "upgrade",
        "update",
        app="app",
    ),
    # not run
    says(
        "migration_pending",
        r"Migrations are pending|PendingMigrationError|You have \d+ unapplied migration"
        r"|There (?:are|is) \d+ pending migration|database .*needs? to be migrated"
        r"|(?:Please )?run `?(?:bin/|php artisan |bundle exec )?(?:rails|rake|artisan|airflow"
        r"|alembic|manage\.py)? ?(?:db:|db )?(?:migrate|upgrade|init)\b"
        r"(?!.{0,40}\bto (?:see|show|debug)\b)|require(?:s)? upgrade"
        r"|needs? (?:to be )?upgrade[dr]?|PendingModelChanges",
        "migration",
        "migrate",
        "upgrade",
        "airflow",
        "pendingmodel",
    ),
    says(
        "migration_running",
        r"Running (?:database |db |\w+ )?migrations|Migrating (?:database|schema|data|to )"
        r"|Applying (?:migration )?\S+\.\.\.|Applying migration|== \d+ \w+: migrating"
        r"|Running upgrade \w* -> \w+|Operations to perform|Performing (?:database"
        r"|initial) (?:migration|upgrade)|database migration in progress|Upgrading (?:database"
        r"|schema|nextcloud)|Initializing nextcloud|Liquibase: Update|Running Changeset"
        r"|Waiting for changelog lock"
        r"|migration (?:could|may|can|will) take .{0,30}(?:minutes|hours|time|patient)",
        "migrat",
        "applying",
        "running upgrade",
        "operations to perform",
        "upgrading",
        "initializing nextcloud",
        "liquibase",
        "changeset",
        "changelog lock",
    ),
    says(
        "starting",
        r"Running (?:database |db )?migrations|== \d+ \w+: migrating|Upgrading nextcloud from"
        r"|Initializing nextcloud|database migration in progress",
        "migrat",
        "nextcloud",
        app="migration",
    ),
)
READERS: tuple[Reader, ...] = ()
