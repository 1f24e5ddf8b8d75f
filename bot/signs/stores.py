"""Stores, caches and queues that an app needs, as the app words their absence (SQL: sql.py).

Source: mongo drivers ServerSelectionError; redis server.c, redis-py, ioredis, phpredis; amqp, pika,
php-amqplib; kafka-clients NetworkClient; elasticsearch transports; wait-for-it.sh.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

#: Well-known port -> whose it is. A dial refused there is a dependency's, seldom a proxy's backend.
STORES = {
    "5432": "postgresql",
    "3306": "mysql",
    "27017": "mongodb",
    "6379": "redis",
    "5672": "rabbitmq",
    "9092": "kafka",
    "9200": "elasticsearch",
    "11211": "memcached",
    "1433": "sqlserver",
    "1521": "oracle",
    "9042": "cassandra",
    "2379": "etcd",
    "2181": "zookeeper",
    "26379": "redis",
}
_REFUSED = (
    r"(?:ECONNREFUSED|[Cc]onnection (?:was )?refused|Connection timed out|ETIMEDOUT"
    r"|i/o timeout|EHOSTUNREACH|[Nn]o route to host|actively refused)"
)


def _by_port(port: str, name: str) -> tuple[Pattern, ...]:
    """A refused or silent dial to a store's port, target first or reason first."""
    target = rf"(?P<target>[\w.\[\]:%/-]{{0,80}}?[:/ (]{{1,3}}{port})\b"
    return (
        says("dependency_away", rf"{target}.{{0,80}}?(?P<reason>{_REFUSED})", f"{port}", name=name),
        says(
            "dependency_away", rf"(?P<reason>{_REFUSED}):?.{{0,30}}?(?<![\d.]){target}", f"{port}", name=name
        ),
    )


PATTERNS: tuple[Pattern, ...] = (
    *(pattern for port, name in STORES.items() for pattern in _by_port(port, name)),
    # MongoDB
    says(
        "dependency_away",
        r"(?P<reason>Mongo(?:oose)?(?:ServerSelection|Network|Timeout)(?:Error|Exception"
        r"|TimeoutError)?|ServerSelectionTimeoutError|No suitable servers found"
        r"|MongoDB connection error|failed to connect to server \[[^\]]*\] on first connect"
        r"|Timed out after \d+ ms while waiting (?:for a server|to connect))",
        "mongo",
        "serverselection",
        "no suitable servers",
        "failed to connect to server",
        "timed out after",
        name="mongodb",
    ),
    # Redis
    says(
        "dependency_away",
        r"(?P<reason>Could not connect to Redis at .*|Redis::(?:CannotConnect|Timeout"
        r"|Connection)Error|RedisConnection(?:Failure)?Exception"
        r"|Error \d+ connecting to \S+:\d+\. .*|NOAUTH Authentication required"
        r"|LOADING Redis is loading|OOM command not allowed"
        r"|READONLY You can't write|redis\.exceptions\.\w*(?:Connection|Timeout)Error"
        r"|Redis server went away|Redis connection (?:to \S+ )?failed"
        r"|WRONGPASS|Unable to connect to Redis)",
        "redis",
        " connecting to ",
        "noauth",
        "oom command",
        "readonly you",
        "wrongpass",
        name="redis",
    ),
    says(  # phpredis and Predis, as a framework's log quotes the exception
        "dependency_away",
        r"(?P<reason>\b(?:RedisException|RedisClusterException|CredisException)\b[\]:'\" ]{1,4}.{0,60}?"
        r"(?:Connection (?:refused|timed out|lost|closed)|read error on connection|went away"
        r"|Couldn't map cluster|getaddrinfo)"
        r"|\bPredis\\{1,2}Connection\\{1,2}ConnectionException\b)",
        "redisexception",
        "redisclusterexception",
        "credisexception",
        "predis",
        name="redis",
    ),
    says("dependency_starting", r"LOADING Redis is loading", "redis is loading", name="redis"),
    # queues, search, others
    says(
        "dependency_away",
        r"(?P<reason>AMQPConnectionError|AMQPConnectionException|BrokerUnreachableException"
        r"|ACCESS_REFUSED - Login was refused|\[AMQP\].*ECONNREFUSED"
        r"|Bunny::TCPConnectionFailed\w*|AMQP.*(?:connection|socket) (?:closed|refused))",
        "amqp",
        "brokerunreachable",
        "access_refused",
        "bunny::",
        name="rabbitmq",
    ),
    says(
        "dependency_away",
        r"(?P<reason>NoBrokersAvailable|Broker may not be available"
        r"|Bootstrap broker \S+ .*disconnected|KafkaConnectionError"
        r"|Failed to update metadata after|Local: Broker transport failure)",
        "broker",
        "kafka",
        "failed to update metadata",
        name="kafka",
    ),
    says(
        "dependency_away",
        r"(?P<reason>NoNodesAvailable\w*|No Living connections|No alive nodes found"
        r"|elasticsearch\S*ConnectionError|NoNodeAvailableException|ClusterBlockException.*"
        r"|Unable to (?:connect to|retrieve version information from) Elasticsearch.*"
        r"|Unable to revive connection)",
        "nonode",
        "no living",
        "no alive",
        "elasticsearch",
        "clusterblock",
        "unable to revive",
        name="elasticsearch",
    ),
    says(
        "dependency_away",
        r"(?P<reason>php_network_getaddresses: getaddrinfo(?: for (?P<target>\S+))? failed.*"
        r"|getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (?P<name>[\w.-]+)"
        r"|Temporary failure in name resolution|Name or service not known|Name does not resolve"
        r"|UnknownHostException:? \S+|socket\.gaierror.*|\(SocketError\).*"
        r"|lookup \S+(?: on \S+)?: (?:no such host|server misbehaving))",
        "getaddrinfo",
        "name resolution",
        "name or service",
        "name does not",
        "unknownhost",
        "gaierror",
        "socketerror",
        "lookup ",
    ),
    says(
        "dependency_away",
        r"(?P<reason>connect (?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH)) (?P<target>\S+)",
        "connect econnrefused",
        "connect etimedout",
        "connect ehostunreach",
    ),
    says(
        "dependency_away",
        r"(?P<reason>connect ENOENT) (?P<target>/\S*(?:mysql|postgres|redis|PGSQL)\S*)",
        "connect enoent",
    ),
    says("dependency_away", r"(?P<reason>P100[0-3]): ", "p100", name="database"),
    says(
        "dependency_away",
        r"(?:HikariPool-\d+ - Exception during pool initialization"
        r"|Unable to obtain connection from database|Unable to determine Dialect"
        r"|Unable to open JDBC Connection|Cannot create PoolableConnectionFactory)",
        "hikaripool",
        "unable to",
        "cannot create poolable",
        name="database",
    ),
    says(
        "dependency_away",
        r"(?P<reason>(?:failed|unable|could not|cannot|can't|error) (?:to )?(?:connect(?:ing)?"
        r"|open|reach|ping|establish)\w* (?:a )?(?:connection )?(?:to "
        r"|with )?(?:the )?(?:remote )?(?P<name>database|db|postgres\w*|mysql|mariadb|mongo\w*"
        r"|redis|rabbitmq|kafka|elasticsearch|opensearch|ldap|queue|broker|cache|message broker"
        r"|sql server)\b)",
        "failed",
        "unable",
        "could not",
        "cannot",
        "can't",
        "error",
    ),
    says(
        "dependency_away",
        r"(?P<reason>(?P<name>database|db|postgres\w*|mysql|mongo\w*|redis|rabbitmq|kafka"
        r"|elasticsearch) (?:is |was |server |connection )*(?:unavailable|unreachable|refused"
        r"|failed|lost|not (?:available|reachable|ready|running)|down))\b",
        "unavailable",
        "unreachable",
        "refused",
        "failed",
        "lost",
        "not ",
        "down",
    ),
    says(
        "dependency_away",
        r"(?P<reason>timeout occurred after waiting \d+ seconds for) (?P<target>\S+)",
        "timeout occurred after waiting",
        name="dependency",
    ),
    says(
        "starting",
        r"wait-for-it\.sh: waiting|waiting (?:\d+ seconds )?for \S+:\d+(?: without a timeout)?$"
        r"|(?:database|postgres|mysql|redis|mongo)\w* is (?:unavailable|not ready"
        r"|starting).*?(?:sleeping|wait|retry)",
        "waiting",
        "is unavailable",
        "not ready",
        "is starting",
    ),
    says(
        "stale_file",
        r"Is another postmaster (?:\(PID \d+\) )?running in data directory",
        "another postmaster",
        who="postgres",
    ),
    says(
        "stale_file",
        r"failed to obtain (?:node locks|lock on)(?:, tried \[+)?(?P<path>/\S+?)?\]",
        "failed to obtain",
        who="elasticsearch",
    ),
    says(
        "disk_full",
        r"(?:OS error no\.?|Operating system error number|errno:?|error code:?) 28\b"
        r"|Free disk space is insufficient|disk free space alarm|free disk space below",
        " 28",
        "disk space",
        "disk free space",
    ),
)
READERS: tuple[Reader, ...] = ()
