"""systemctl status and show, systemd's lines in the journal, unit files' excerpts, other supervisors."""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()
READERS: tuple[Reader, ...] = ()
