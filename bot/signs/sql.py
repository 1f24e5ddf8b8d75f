"""PostgreSQL, MySQL and MariaDB as an app words their absence, and tables that are not there.

Source: libpq fe-connect.c, postgres postmaster.c, utils/init/postinit.c; MySQL errmsg.h (2002-2013),
share/messages_to_clients.txt; php_pdo SQLSTATE.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "schema_missing": "a table or column that the code expects is not there; fields: name",
    "dependency_starting": "a store is starting, recovering or loading; fields: name",
    "dependency_up": "a store is ready again; fields: name",
}

PATTERNS: tuple[Pattern, ...] = (
    # PostgreSQL
    says(
        "dependency_away",
        r"(?P<reason>could not connect to server: .*|connection to server (?:at"
        r"|on socket) .*? failed: .*|could not translate host name \"(?P<target>[^\"]+)\".*"
        r"|the database system is (?:starting up|shutting down|in recovery mode"
        r"|not accepting connections)|password authentication failed for user \"[^\"]*\""
        r"|no pg_hba\.conf entry for .*|terminating connection due to administrator command"
        r"|server closed the connection unexpectedly"
        r"|database \"[^\"]+\" does not exist|role \"[^\"]+\" does not exist)",
        "could not connect to server",
        "connection to server",
        "could not translate host",
        "database system is",
        "password authentication",
        "pg_hba",
        "terminating connection",
        "server closed the connection",
        "does not exist",
        name="postgresql",
    ),
    says(
        "dependency_starting",
        r"the database system is (?:starting up|in recovery mode)"
        r"|database system was (?:interrupted|not properly shut down)|redo starts at",
        "database system",
        "redo starts",
        name="postgresql",
    ),
    says(
        "dependency_up",
        r"database system is ready to accept connections",
        "ready to accept connections",
        name="postgresql",
    ),
    says(
        "dependency_away",
        r"ActiveRecord::(?:ConnectionNotEstablished|NoDatabaseError|DatabaseConnectionError)"
        r"|PG::ConnectionBad|DBConnection\.ConnectionError",
        "activerecord::",
        "pg::connectionbad",
        "dbconnection",
        name="database",
    ),
    # MySQL, MariaDB
    says(
        "dependency_away",
        r"(?P<reason>Can't connect to (?:local )?(?:MySQL|MariaDB|server).*"
        r"|Communications link failure|MySQL server has gone away|Lost connection to (?:MySQL"
        r"|server).*"
        r"|Access denied for user '[^']*'@'[^']*'.*|Unknown (?:MySQL server host|database) '.*"
        r"|Host '[^']*' is (?:blocked|not allowed).*|ERROR 20(?:02|03|05|06|13)\b.*"
        r"|ER_ACCESS_DENIED_ERROR|PROTOCOL_CONNECTION_LOST|Error establishing a database connection)",
        "can't connect to",
        "communications link failure",
        "has gone away",
        "lost connection to",
        "access denied for user",
        "unknown ",
        "host '",
        "error 20",
        "er_access_denied",
        "protocol_connection_lost",
        "establishing a database connection",
        name="mysql",
    ),
    says(
        "dependency_away",
        r"SQLSTATE\[(?:HY000|08\w+|28000|HYT00|3D000)\] \[\d+\] ?(?P<reason>.*)",
        "sqlstate[",
        name="database",
    ),
    says(
        "dependency_up",
        r"mysqld: ready for connections|mariadbd: ready for connections|ready for connections\. Version",
        "ready for connections",
        name="mysql",
    ),
    says(
        "dependency_starting",
        r"InnoDB: (?:Starting crash recovery|Upgrading|Initializing buffer pool)"
        r"|Data Dictionary upgrade .*in progress|Initializing database files",
        "innodb:",
        "data dictionary upgrade",
        "initializing database files",
        name="mysql",
    ),
    says(
        "dependency_away",
        r"InnoDB: (?:Unable to lock|Operating system error|Cannot open|Database page corruption"
        r"|Tablespace .* missing).*|\[ERROR\] \[?.*\bAborting\b",
        "innodb:",
        "aborting",
        name="mysql",
    ),
    # tables; one that is there already is a migration's complaint, for only those make tables
    says(
        "migration_failed",
        r"(?P<text>(?:relation|table|column|index|type|schema|constraint) [\"'`]?[\w.-]+[\"'`]? "
        r"(?:of relation \S+ )?"
        r"already exists.*|Duplicate(?:Table|Column|Object)\b.*|Duplicate column name '[^']+'.*)",
        "already exists",
        "duplicatetable",
        "duplicatecolumn",
        "duplicateobject",
        "duplicate column",
        app="database",
    ),
    says(
        "migration_failed",
        r"(?P<text>\bCan't DROP (?:(?:FOREIGN KEY|INDEX|COLUMN|CONSTRAINT) )?[`'\"].{1,120}; check that "
        r"|\bER_(?:CANT_DROP_FIELD_OR_KEY|DUP_FIELDNAME|DUP_KEYNAME|TABLE_EXISTS_ERROR|MULTIPLE_PRI_KEY"
        r"|CANNOT_ADD_FOREIGN|FK_\w+|TOO_LONG_KEY|WRONG_FIELD_SPEC|DROP_INDEX_FK)\b"
        r"|\bDuplicate key name '|\bMultiple primary key defined|\bSpecified key was too long; max key"
        r"|\b(?:Cannot|Failed to) add (?:the )?foreign key constraint"
        r"|\bcannot drop (?:table|column|type|view|constraint|function) .{1,120} because other objects depend"
        r"|\bcolumn \S{1,80} (?:of relation \S{1,80} )?contains null values"
        r"|Column names in each table must be unique|There is already an object named '"
        r"|The ALTER TABLE statement conflicted|Could not drop constraint\. See previous"
        r"|\bCannot add a (?:NOT NULL|UNIQUE) column|\bORA-0(?:0955|1430|2275|1442)\b)",
        "can't drop",
        "er_",
        "duplicate key name",
        "multiple primary key",
        "specified key was too long",
        "foreign key constraint",
        "because other objects",
        "contains null values",
        "cannot add a",
        "column names in each",
        "already an object named",
        "alter table statement",
        "could not drop constraint",
        "ora-0",
        app="database",
    ),
    says(
        "schema_missing",
        r"relation \"(?P<name>[^\"]+)\" does not exist|(?:no such table"
        r"|no such column): (?:\S+)|Table '(?:[^']+)' doesn't exist"
        r"|Unknown column '(?:[^']+)'|column \S+ (?:of relation \S+ )?does not exist"
        r"|Invalid object name|Base table or view not found",
        "does not exist",
        "no such",
        "doesn't exist",
        "unknown column",
        "invalid object name",
        "base table",
    ),
)
READERS: tuple[Reader, ...] = ()
