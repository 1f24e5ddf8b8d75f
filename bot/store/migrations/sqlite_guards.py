"""Triggers that make a SQLite ledger append-only, for everybody who opens the file.

Somebody with the file can still drop them: verification compares them with what stands here.
"""

from types import MappingProxyType

#: Name -> the statement that makes it, as `sqlite_schema` keeps it.
GUARDS = MappingProxyType(
    {
        "entry_never_changes": """CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'ledger: an entry is never changed'); END""",
        "entry_never_goes": """CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'ledger: an entry is never deleted'); END""",
        # REPLACE deletes without firing delete triggers unless recursive_triggers is on; so an
        # insert must not collide with anything in the first place.
        "entry_in_order": """CREATE TRIGGER entry_in_order BEFORE INSERT ON entry BEGIN
SELECT RAISE(ABORT, 'ledger: seq is not the next one') WHERE NEW.seq IS NOT
  (SELECT coalesce(max(seq), 0) + 1 FROM entry WHERE chain = NEW.chain);
SELECT RAISE(ABORT, 'ledger: prev is not the head') WHERE NEW.seq > 1 AND NEW.prev IS NOT
  (SELECT hash FROM entry WHERE chain = NEW.chain AND seq = NEW.seq - 1);
SELECT RAISE(ABORT, 'ledger: the entry is there already') WHERE EXISTS
  (SELECT 1 FROM entry WHERE hash = NEW.hash OR "row" = NEW."row"); END""",
        "evidence_never_changes": """CREATE TRIGGER evidence_never_changes BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'ledger: evidence is never changed, only erased'); END""",
        "evidence_never_replaced": """CREATE TRIGGER evidence_never_replaced BEFORE INSERT ON evidence
BEGIN SELECT RAISE(ABORT, 'ledger: the evidence is there already') WHERE EXISTS
  (SELECT 1 FROM evidence WHERE digest = NEW.digest); END""",
    }
)
