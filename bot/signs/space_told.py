"""A full disk as errno, stores, mail servers, clusters and quotas word it.

Source: RFC 5321 and RFC 3463 (452, X.3.1 "mail system full"); MySQL errmsg "Disk is full writing", error 1021
and 1114, errno 28; PostgreSQL SQLSTATE 53100; Elasticsearch DiskThresholdMonitor, block 12; RabbitMQ
disk_free_limit; MongoDB OutOfDiskSpace (14031); SQL Server 1105 and 9002; ORA-01653, ORA-00257; Kafka
LogDirFailureChannel; the kubelet's eviction manager and DiskPressure; errno(3) EDQUOT; Redis "MISCONF".
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "disk_suspected": "a store refuses to write, most often for want of space; fields: who",
}
#: Semaphores and shared memory of the kernel (semget(2), shmget(2)), by what wants them: Apache's mutexes.
IPC = (
    r"(?:\bmutex\b|SSLMutex|\baccept[ _]lock\b|rewrite_log_lock|\bsemaphores?\b|\bsemget\b|\bshmget\b"
    r"|\bcreate shared memory segment\b)"
)
#: Their limits and that of inotify's watches have the errno of a full disk.
OF_A_DISK = rf"^(?!.*(?:{IPC}|\binotify)).*?"
PATTERNS: tuple[Pattern, ...] = (
    # errno's own text, whoever prints it.
    says(
        "disk_full",
        r"\"(?P<path>/[^\"]+)\" (?:\w+ )?failed \(28: No space left on device",
        "no space left on device",
        "(28:",
        who="nginx",
    ),
    says(
        "disk_full",
        OF_A_DISK
        + r"(?:No space left on device|\bENOSPC\b(?!.{0,80}watch)|\[Errno 28\]|Errcode: 28\b|os error 28\b"
        r"|There is not enough space on the disk|Disk quota exceeded|disk full|disk is full)",
        "no space left",
        "enospc",
        "errno 28",
        "errcode: 28",
        "os error 28",
        "not enough space on the disk",
        "disk quota exceeded",
        "disk full",
        "disk is full",
    ),
    says(
        "inodes_full", r"(?:out of inodes|no (?:free )?inodes (?:left|available)|run out of inodes)", "inodes"
    ),
    says(
        "disk_full",
        r"\b45[12][ -]+\W?4\.3\.1\b|\bInsufficient system storage\b|\b4\.3\.1 .{0,30}mail system full"
        r"|\b507 Insufficient Storage\b",
        "4.3.1",
        "insufficient system storage",
        "507 insufficient",
    ),
    says(
        "disk_full",
        r"\bDisk is full writing\b|\bGot error 28 from storage|\bErrcode: 28\b|\berrno[:= ]{1,3}28\b"
        r"|\bSQLSTATE\W+53100\b"
        r"|\b53100\b.{0,40}disk|The table '[^']{1,80}' is full|OutOfDiskSpace|\bORA-0165[345]\b|\bORA-00257\b"
        r"|Could not allocate space for object|The transaction log for database .{1,80} is full",
        "disk is full",
        "error 28",
        "errcode: 28",
        "errno",
        "53100",
        "is full",
        "outofdiskspace",
        "ora-0",
        "allocate space",
    ),
    says(
        "disk_full",
        r"flood[- ]stage (?:disk )?watermark|read-only[-/ ]allow[-_ ]delete|FORBIDDEN/12/|disk usage exceeded"
        r"|high disk watermark \[\S{1,12}\] exceeded",
        "watermark",
        "allow",
        "forbidden/12",
        "disk usage exceeded",
    ),
    says(
        "disk_full",
        r"\b(?:NodeHas)?DiskPressure\W+True\b|\bNodeHasDiskPressure\b|node\.kubernetes\.io/disk-pressure"
        r"|low on resource: ephemeral-storage|reclaim ephemeral-storage|\bFreeDiskSpaceFailed\b",
        "diskpressure",
        "disk-pressure",
        "ephemeral-storage",
        "freediskspacefailed",
    ),
    says(
        "disk_full",
        r"\bEDQUOT\b|\berrno[:= ]{1,3}122\b|\bQuota exceeded \(122\)",
        "edquot",
        "errno",
        "quota exceeded (122)",
    ),
    says(
        "disk_full",
        r"\bdf\b.{0,60}\b100 ?%|\b(?:ran|run|running|runs) out of (?:disk |hard drive "
        r"|storage )?space\b|\bout of disk space\b"
        r"|\b(?:insufficient|not enough|no(?: more)?) (?:free )?(?:disk|storage|hard drive) space\b"
        r"|\b(?:disk|drive|partition|volume|filesystem|file system|storage|/var|/tmp|/)\b (?:is|was|got"
        r"|were|had)"
        r" (?:completely |totally |nearly |almost )?(?:100 ?%|full|filled)\b"
        r"|\b(?:filled|filling) up (?:the |my |our )?(?:disk|drive|partition|volume|/\w*)",
        "out of ",
        "df ",
        "disk space",
        "storage space",
        "drive space",
        "full",
        "100%",
        "100 %",
        "filled",
        "filling up",
    ),
    says(
        "disk_suspected",
        r"\bMISCONF Redis is configured to save RDB snapshots|\bStopping serving logs in dir\b"
        r"|\blog dirs? in \S+ (?:have|has) failed\b|\bKafkaStorageException\b"
        r"|\bPANIC:\s+could not write to file\b",
        "misconf redis",
        "serving logs",
        "log dir",
        "kafkastorage",
        "could not write to file",
    ),
)
READERS: tuple[Reader, ...] = ()
