"""Inodes that are all used, and space that is said to be free although writing fails.

Source: coreutils df.c (columns of -i: Inodes IUsed IFree IUse%, on BSD iused ifree %iused), ext4 namei.c
"index full", open(2) and mkdir(2) ENOSPC; quota's "file limit".
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "files_many": "so many files, or a limit on them, that inodes may be what lacks; fields: what",
    "quota_used": "quota shows that an account has used its space; fields: path",
    "space_free": "somebody writes, or df -h shows, that there is space although writing fails; fields: what",
}
_FILES = (
    r"(?:files?(?: (?:count|number))?|(?:number|count) of files|Anzahl (?:der )?Dateien|Dateien"
    r"|fichiers|archivos|arquivos|plik[iów]+|inodes?)"
)
_FREE = r"(?:free|available|avail|left|unused|empty)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "inodes_full",
        r"\bIUse(?:d|%)?%?\W{0,12}100\b|\bIFree\W{0,4}0(?!\.)\b|\bIUsed\W{0,3}100\b|%iused\W{0,4}100\b"
        r"|\b(?:100 ?%|all)(?: of)?(?: the| its| my)? inodes?\b"
        r"|\binodes?\b.{0,30}\b(?:are|is|were|was|at|usage|use)\b.{0,20}(?:100 ?%|exhausted"
        r"|used up|full|gone)"
        r"|\binode exhaustion\b|\bdf -i\b.{0,60}\b100 ?%|\b100 ?%.{0,30}\bdf -i\b",
        "iuse",
        "ifree",
        "inode",
        "df -i",
    ),
    says("inodes_full", r"Directory (?:\(ino: \d+\) )?index full", "index full"),
    says("inodes_full", r"(?:file|inode)s? (?:limit|quota) (?:reached|exceeded) on", "on"),
    says("inodes_full", r"\bInodes: Total: \d+\s+Free: 0\b", "inodes: total"),
    says(
        "inodes_full",
        rf"\b{_FILES}\b\W{{0,3}}(\d{{1,3}}(?:[.,' ]?\d{{3}}){{1,4}})"
        r" ?(?:von|of|de|sur|di|van|/|out of) ?\1(?!\d)",
        *("file", "datei", "fichier", "archivo", "arquivo", "plik", "inode"),
    ),
    says(
        "files_many",
        r"(?P<what>\b(?:find|ls)\b.{0,100}\bwc -l\b\W{0,12}(?:\d{7,}|\d{1,3}(?:[.,' ]\d{3}){2,})\b"
        r"|\bmillions? (?:of )?(?:\w+ ){0,3}(?:files|sessions|mails|inodes)\b|\bnr_inodes=\d+k?\b"
        r"|\b\d+ ?(?:million|mio\.?|M) (?:of )?(?:\w+ ){0,2}(?:files|sessions|mails)\b"
        r"|\b(?:dir\w*|folder)\b.{0,25}\b(?:makes|where|that) ls (?:hangs?|never|takes|freezes?)"
        r"|\b(?:tiny|small|empty|zero[- ]byte) (?:\w+ )?(?:files|sessions)\b)",
        *("wc -l", "million", "mio", "m files", "nr_inodes", " ls ", "files", "sessions"),
    ),
    says("quota_used", r"^\s*(?P<path>/dev/\S+|\S+:/\S*)\s+\d+[KMGT]?\*\s", "*"),
    says(
        "space_free",
        r"(?P<what>\b(?:disk|drive|partition|file ?system|df|space|usage|volume)\b"
        r"(?: -\w+)?(?: (?:is|was|at|only|says|use|used|usage)){0,3}[ :=]{1,3}[1-8]?\d ?%"
        r"(?! ?(?:free|avail|left)))",
        *("disk", "drive", "partition", "file system", "filesystem", "df", "space", "usage", "volume"),
    ),
    says(
        "space_free",
        r"(?P<what>\b(?:I |we )?(?:deleted|freed|removed|cleared) (?:\w+ ){0,2}\d+ ?[GT]i?B?\b.{0,60}"
        r"\b(?:same|still|no change|nothing changed|no difference|again)\b)",
        *("deleted", "freed", "removed", "cleared"),
    ),
    says(
        "space_free",
        r"(?P<what>\b(?:plenty|lots|enough|a lot|loads) of (?:disk |free )?(?:space|GB|room)\b"
        r"|(?<!not )(?<!n't have )\b(?:enough|sufficient|ample) (?:free |disk ){0,2}space\b"
        r"|\bdf(?: -h)?\b.{0,30}\b(?:says|shows|reports|has|only"
        r"|still)\b.{0,30}\b(?!100 ?%)\d+ ?(?:%|[GT]i?B?)"
        r"|\b(?:only|just) \d+ ?% (?:used|full)|\bdisk (?:is|was) (?:not|nowhere near|far from) full)",
        "of ",
        " space",
        "df",
        "used",
        "full",
    ),
)
_ROW = re.compile(
    r"\A\s*(?:/dev/\S+|tmpfs|overlay|none|\w[\w-]*/\S+)(?:\s+\S+){3}\s+(?P<used>\d{1,3})%\s+/\S*\s*\Z"
)


@given(_ROW)
def _one_row(piece: Piece) -> Iterator[Sign]:
    """df shows one file system alone, and it has room: then that is the one meant."""
    rows = [found for line in piece.text.split("\n") if (found := _ROW.match(line))]
    if len(rows) == 1 and int(rows[0]["used"]) < _HAS_ROOM:
        yield Sign(kind="space_free", line=rows[0][0].strip(), fields={"what": f"{rows[0]['used']}% used"})


#: Percent; above it a file system may have been full a moment ago.
_HAS_ROOM = 90
_MEMORY = r"(?:of )?(?:RAM|mem(?:ory)?|swap|heap)\b"
_AMOUNT = re.compile(
    rf"\b\d+ ?[GT]i?B? (?P<of>{_MEMORY} )?(?:is |are |of (?:disk )?space )?(?:still )?{_FREE}\b"
    rf"(?P<more> {_MEMORY})?",
    re.IGNORECASE,
)
#: What an amount is of: the nearest before it.
_OF = re.compile(
    r"\b(?P<memory>RAM|mem(?:ory)?|swap|heap)\b"
    r"|\b(?:disk|drive|space|df|volume|partition|file ?system|mount|root)\b|/\w",
    re.IGNORECASE,
)


@given(_AMOUNT)
def _amounts_free(piece: Piece) -> Iterator[Sign]:
    """Space that is said to be free; free memory is none."""
    for line in piece.text.split("\n"):
        for found in _AMOUNT.finditer(line):
            before = list(_OF.finditer(line, max(0, found.start() - 80), found.start()))
            if not (found["of"] or found["more"] or (before and before[-1]["memory"])):
                yield Sign(kind="space_free", line=line.strip(), fields={"what": found[0]})


_USED_OF = re.compile(
    r"(?P<used>\d{1,6}(?:[.,]\d{1,2})?) ?(?P<unit>[GT]i?B?)? (?:on|of|von|de|sur|di) (?:a |an |the )?"
    r"(?:\w+ )?(?P<all>\d{1,6}) ?(?P<of>[GT])i?B?\b(?! (?:RAM|memory|swap))"
)
_OF_SPACE = re.compile(
    r"\b(?:du|df|disk|space|partition|volume|drive|speicher\w*|platte|disque|disco|dysk)\b", re.IGNORECASE
)


@given(_USED_OF, _OF_SPACE)
def _used_of_all(piece: Piece) -> Iterator[Sign]:
    """So much is used of so much: less than nine tenths."""
    for line in piece.text.split("\n"):
        for found in _USED_OF.finditer(line) if _OF_SPACE.search(line) else ():
            used, total = float(found["used"].replace(",", ".")), int(found["all"])
            if (found["unit"] or found["of"])[:1] == found["of"] and used < total * _HAS_ROOM / 100:
                yield Sign(kind="space_free", line=line.strip(), fields={"what": found[0]})


READERS: tuple[Reader, ...] = (_one_row, _amounts_free, _used_of_all)
