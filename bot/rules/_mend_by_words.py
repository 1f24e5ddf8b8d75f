"""What mends a failure by the app's own last words, on this very host."""

import re

from bot.parsers.unit_state import UnitState

_DENIED = re.compile(
    r"ermission denied:? '?(?P<path>/[^\s':]{1,200})|'?(?P<before>/[^\s':]{1,200})'?: .{0,20}ermission denied"
)
_READ_ONLY = re.compile(
    r"Read-only file system(?::? '?(?P<path>/[^\s':]{1,200}))?"
    r"|(?P<before>/[^\s':]{1,200})'?: .{0,20}Read-only file system|EROFS"
)
_SCHEMA = re.compile(
    r"no such (?:table|column): [\w.]{1,80}|"
    r"(?:relation|column|table) [\"'`]?[\w.]{1,80}[\"'`]? (?:of relation \S{1,80} )?does"
    r"(?: not|n't) exist|Unknown column '[\w.]{1,80}'|Base table or view not found"
    r"|Target database is not up to date|(?:pending|unapplied) migrations?\b"
)
_UNSET = re.compile(
    r"\b(?P<name>[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){1,8})\b.{0,30}(?:not set|missing|required|undefined)"
    r"|KeyError: '(?P<key>[A-Z][A-Z0-9_]{2,60})'"
)
#: Source: OpenJDK, launcher.properties; class file version N is Java N - 44 (JVMS, table 4.1-A).
_JAR = re.compile(r"(?P<what>Unable to access|Invalid or corrupt) jarfile (?P<path>\S{1,200})")
_NEWER = re.compile(
    r"class file version (?P<of>\d{2,3})(?:\.\d{1,5})?\), .{0,80}versions? up to (?P<upto>\d{2,3})"
)


def mend_by_words(unit: UnitState | None, words: str) -> str | None:
    """What the app's last words ask for; None where the rule's own account says as much."""
    if found := _READ_ONLY.search(words):
        where = (found["path"] or found["before"] or "").rpartition("/")[0] or "what it names"
        return (
            f"the file system of {where} writable again: findmnt -T {where} says whether it is mounted"
            " read-only, the kernel's log whether errors of the disk made it so, and ReadOnlyPaths= and"
            " ProtectSystem= of the unit whether the unit did"
        )
    if found := _SCHEMA.search(words):
        return (
            f"the data brought up to what the code asks for ({found[0].strip()}): the migration that makes"
            " it, or a connection to the database that has it"
        )
    if (java := _by_java(words)) is not None:
        return java
    if unit is None:
        return None
    if denied := _DENIED.search(words):
        path = denied["path"] or denied["before"]
        who = unit.user or "root"
        return f"owner and mode of {path}, which the unit's user {who} may not open: ls -l {path}"
    if unset := _UNSET.search(words):
        name = unset["name"] or unset["key"]
        if unit.container:
            return (
                f"{name} given to the container (`environment:` of compose, -e of `docker run`), which is"
                " made anew for it"
            )
        return (
            f"{name} set in the environment of {unit.name}, e.g. in its EnvironmentFile= (systemctl cat"
            f" {unit.name}); then a start"
        )
    return None


def _by_java(words: str) -> str | None:
    """What Java's launcher and its class loader ask for."""
    if jar := _JAR.search(words):
        path = jar["path"]
        if jar["what"].startswith("Unable"):
            return f"{path} put there, where the unit's user can read it (namei -l {path}); then a start"
        return f"{path} put there anew and whole: it is not a zip file (unzip -t {path}); then a start"
    if newer := _NEWER.search(words):
        of, upto = int(newer["of"]) - 44, int(newer["upto"]) - 44
        return (
            f"a runtime of Java {of} or later for the unit (its java is of {upto}), or the release built for"
            f" Java {upto}; then a start"
        )
    return None
