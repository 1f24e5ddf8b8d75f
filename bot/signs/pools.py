"""Pools and queues that are full, and limits of time that end a worker, by each language's own library.

Source: tarn and generic-pool (knex, sequelize), node-pg, mongodb's connection pools of the Java and Python
drivers, jedis and lettuce, tomcat-jdbc ConnectionPool.java, c3p0 and IronJacamar, reactor-pool, SqlClient,
db_connection (Ecto), httpx; Odoo service/server.py, mod_wsgi_daemon.c, celery's time limits; Passenger's
Core/ApplicationPool; FreeBSD uipc_socket.c sonewconn.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

PATTERNS: tuple[Pattern, ...] = (
    says(
        "killed",
        r"Process .*?ForkPoolWorker-\d+.*exited with .signal (?P<signal>9) ",
        "forkpoolworker",
        who="celery worker",
    ),
    says(
        "connections_awaited",
        r"ConnectionAcquireTimeoutError|ResourceRequest timed out|timeout exceeded when trying to connect"
        r"|Timeout acquiring a connection",
        "connectionacquiretimeout",
        "resourcerequest",
        "timeout exceeded",
        "timeout acquiring",
        app="node",
    ),
    says(
        "connections_awaited",
        r"PoolExhaustedException|Pool empty\. Unable to fetch|IJ0006(?:53|55)|No managed connections"
        r"|(?:waiting to|while waiting to|attempting to) (?:acquire|checkout) a (?:resource|connection)"
        r"|Could not get a resource (?:from|since) the pool|MongoWaitQueueFull|WaitQueueTimeout"
        r"|Timed? ?out (?:after \S+ \w+ )?while (?:checking out a connection|waiting for a connection)"
        r"|pending acquire queue has reached|Pool#acquire\(Duration\) has been pending",
        "pool",
        "ij0006",
        "managed connections",
        "a resource",
        "a connection",
        "waitqueue",
        "pending acquire",
        app="java",
    ),
    says(
        "connections_awaited",
        r"dropped from queue after \d+|queued and checked out the connection for longer",
        "dropped from queue",
        "checked out",
        app="ecto",
    ),
    says(
        "connections_awaited",
        r"prior to obtaining a connection from the pool|connection pool has been exhausted"
        r"|max pool size was reached",
        "from the pool",
        "pool has been",
        "max pool size",
        app="dotnet",
    ),
    says("connections_awaited", r"\b(?:httpx|httpcore)\.PoolTimeout", "pooltimeout", app="python"),
    says(
        "pool_exhausted",
        r"RejectedExecutionException: Task .* rejected from|Thread pool is (?:exhausted|full)"
        r"|ThreadPool is exhausted|BulkheadFullException|QueuedThreadPool.{0,120}\brejected",
        "rejected",
        "thread pool is",
        "threadpool is",
        "bulkheadfull",
        app="java",
    ),
    says(
        "pool_exhausted",
        r"\bphp-?fpm\b.{0,80}\bmax_children\b.{0,40}\b(?:reached|hit|exceeded)"
        r"|\bmax_children (?:was |is )?(?:reached|hit|exceeded)",
        "max_children",
        app="php-fpm",
    ),
    says(
        "queue_full",
        r"sonewconn: .*Listen queue overflow: (?P<waiting>\d+) already in queue",
        "listen queue overflow",
    ),
    says("queue_full", r"Request queue (?:is )?full\b", "request queue"),
    # The server ends what takes too long.
    says(
        "worker_timeout",
        r"\bWorker\w* \((?P<pid>\d+)\) (?:timeout after (?P<after>\d+)s|(?:timeout )?(?:max )?(?:virtual )?"
        r"(?:real|CPU) time limit)|virtual real time limit \(\S+\) reached|\bCPU time limit exceeded\b",
        "timeout after",
        "time limit",
        app="odoo",
    ),
    says(
        "worker_timeout",
        r"(?:request time limit exceeded|(?:deadlock|request|startup|inactivity|eviction) timer expired)"
        r", stopping process '(?P<pid>[^']*)'",
        "stopping process",
        app="mod_wsgi",
    ),
    says(
        "worker_timeout",
        r"\bHard time limit \((?P<after>\d+)\S*\) exceeded|took longer than max_request_time"
        r"|max_request_time .{0,60}(?:killing|terminat)",
        "hard time limit",
        "max_request_time",
        app="app",
    ),
    says(
        "kill_time",
        r"\b(?P<app>gunicorn|unicorn|uwsgi|puma)\b.{0,40}\b(?:default|standard) timeout"
        r"|\b(?:dies|fails|cut off|breaks|ends|502) .{0,30}\b(?:exactly|always) (?:at|after) "
        r"(?P<after>\d+) ?s(?:ec|\b)",
        "timeout",
        "exactly",
        "always",
    ),
    # People about an app that spins.
    says(
        "deadlock",
        r"\bevent[- ]loop (?:is |was |got |gets )?(?:blocked|stuck|starved|frozen)\b",
        "event",
        app="node",
    ),
    says(
        "restart_mended",
        r"(?P<what>\b(?:overcom\w{1,3}|work(?:ing|ed)? ?around|workaround|mitigat\w{1,4}|get(?:ting)? around"
        r"|stop-?gap)\b.{0,60}\b(?:re-?)?start(?:ed|ing)? (?:the |our |my )?(?!nginx|proxy|haproxy)(?:\w+"
        r" ){0,2}"
        r"(?:container|app|application|service|process|server|pod|worker|daemon)\b(?! (?:nginx|proxy)))",
        "start",
    ),
    says(
        "restart_mended",
        r"\bonly (?:an? |the )?(?P<what>(?:\w+ )?(?:restart|reboot)(?:ing)?)(?: of \S+)? (?:help|fixe|cure)s",
        "only ",
    ),
    says(
        "restart_mended",
        r"(?P<what>\b(?:app |service |backend |server )?restart(?:ed|ing)?\b\s?(?:->|=>|→|:|=)\s?"
        r"(?:it |all |everything )?(?:is )?(?:ok|okay|works?|fine|good|gone|well)\b)",
        "restart",
    ),
)
READERS: tuple[Reader, ...] = ()
