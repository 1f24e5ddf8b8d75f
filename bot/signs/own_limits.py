"""Limits of a process's address space or data, and allocations that fail for them; limits of a function.

Source: setrlimit(2) RLIMIT_AS and RLIMIT_DATA; proc(5) limits; bash's ulimit; limits.conf(5); uWSGI
core/uwsgi.c "address space limit"; Apache core.html RLimitMEM; OpenVZ user_beancounters; Go runtime malloc.go
"cannot allocate"; Perl util.c "Out of memory during request"; Ruby gc.c "failed to allocate memory"; coreclr
"GC heap initialization failed"; glibc dl-load.c "failed to map segment"; kubelet pkg/kubelet/eviction ("The
node was low on resource"); AWS Lambda's REPORT, "Amazon ECS stopped tasks error messages"; dm-thin.c
"out-of-data-space"; InnoDB "failed with error 28".
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "space_limit": "a limit on a process's address space or data is shown; fields: what",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "space_limit",
        r"(?P<what>address space limit is \d+ bytes|^\s*RLimitMEM \d+|\bLimit(?:AS|DATA)=\d\S*"
        r"|\b(?:hard|soft|-)\s+(?:as|data)\s+\d{3,}|^\s+(?:as|data): ?\d{5,}"
        r"|\bMax (?:address space|data size)\s+\d{5,}|\bvirtual memory\s+\(kbytes, -v\) \d+"
        r"|\bprivvmpages\b.{0,90}\bfailcnt [1-9]\d*)",
        *("address space", "rlimitmem", "limitas=", "limitdata=", " as ", " data ", "as:", "data:"),
        *("data size", "virtual memory", "privvmpages"),
    ),
    says("no_memory", r"failed to map segment from shared object", "failed to map segment"),
    # PHP's "Fatal error: Out of memory (allocated …" is its own limit.
    says(
        "no_memory",
        r"runtime: (?:out of memory|cannot allocate memory)\b|\bfatal error: out of memory\b(?! \(alloc)",
        "runtime: ",
        "fatal error: out of memory",
        who="go",
    ),
    says(
        "no_memory",
        r"\bOut of memory during (?:\w+ )?request for \d+ bytes",
        "out of memory during",
        who="perl",
    ),
    says(
        "no_memory",
        r"\bNoMemoryError \(failed to allocate memory\)|failed to allocate memory \(NoMemoryError\)",
        "nomemoryerror",
        who="ruby",
    ),
    says("no_memory", r"GC heap initialization failed with error 0x8007000E", "gc heap init", who="dotnet"),
    says(
        "out_of_memory",
        r"\bThe node was low on resource: memory\b(?:.{0,120}\bContainer (?P<who>[\w.-]{1,80}) was using)?",
        "low on resource: memory",
        limit="node",
    ),
    # Amazon ECS' reason of a stopped task.
    says(
        "out_of_memory",
        r"\bOutOfMemoryError: Container killed due to memory usage",
        "killed due to memory usage",
        limit="cgroup",
    ),
    says("disk_full", r"switching pool to out-of-data-space", "out-of-data-space"),
    says("disk_full", r"\bfor file (?P<path>\S{1,200}) failed with error 28\b", "failed with error 28"),
    says("disk_full", r"\bdisk_free: 0\.0\b", "disk_free"),
    says("migration_failed", r"MigrationError: (?P<text>Could not migrate .{0,200})", "migrationerror"),
    says(
        "migration_failed",
        r"^\S{0,40}[\s|]*query: ['\"](?P<text>(?:ALTER|CREATE|DROP) (?:TABLE|INDEX|TYPE).{0,120})",
        "query: ",
    ),
    says(
        "app_failed",
        r"\bMain: (?P<text>Error while starting server)",
        "error while starting server",
        app="dotnet",
    ),
    says("app_failed", r"(?P<text>missing `server' JVM at \S+)", "missing `server' jvm", app="java"),
    says(
        "app_failed",
        r"(?P<text>Error in library\(\S+\) : there is no package called .{1,60})",
        "there is no package",
        app="r",
    ),
    says(
        "app_failed",
        r"(?P<text>Dynamic require of .{1,60} is not supported)",
        "dynamic require of",
        app="node",
    ),
    says(
        "app_failed",
        r"(?P<text>panicked\b.{0,30}Failed to load settings file.{0,120})",
        "failed to load settings",
        app="rust",
    ),
)

_LAMBDA = re.compile(r"\bMemory Size: (?P<size>\d+) MB\s+Max Memory Used: (?P<used>\d+) MB")
_KILLED = re.compile(r"Runtime exited with error: signal: killed|Runtime\.OutOfMemory")


@given(_LAMBDA, _KILLED)
def _function(piece: Piece) -> Iterator[Sign]:
    """A function that has used all of its memory and was killed."""
    used = _LAMBDA.search(piece.text)
    if used and int(used["used"]) >= int(used["size"]) and _KILLED.search(piece.text):
        line = next(one for one in piece.text.split("\n") if _LAMBDA.search(one))
        yield Sign(kind="out_of_memory", line=line.strip(), fields={"who": "function", "limit": used["size"]})


_FRAME = re.compile(r"^\s*File \"[^\"]{1,200}\", line \d+, in <module>")
_ERROR = re.compile(r"^(?P<error>\w{1,60}(?:Error|Exception)): (?P<text>.{1,300})")


@given(_FRAME, _ERROR)
def _cut_traceback(piece: Piece) -> Iterator[Sign]:
    """The end of a traceback whose first line was not pasted: an error while a module is loaded."""
    if "Traceback (most recent" in piece.text:
        return
    at_module = False
    for line in piece.text.split("\n"):
        if _FRAME.match(line):
            at_module = True
        elif at_module and (found := _ERROR.match(line)):
            fields = {"app": "python", "error": found["error"], "text": found["text"]}
            yield Sign(kind="app_failed", line=line.strip(), fields=fields)
            return


READERS: tuple[Reader, ...] = (_function, _cut_traceback)
