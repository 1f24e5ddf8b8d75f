"""Somebody deletes what is large and old, and it works again for a while: the disk was full.

Source: common sentences of reports, in the languages that they come in; docker system prune, journalctl
--vacuum-size.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "space_mends": "somebody deletes what is large and old, and it works again; fields: what",
}
#: What fills disks; not a cache, a lock or a session, whose loss mends in other ways.
_LARGE = (
    r"(?:backups|tars?|tarballs|archives|dumps|snapshots|core ?dumps|(?:old |docker )images|logs|log ?files"
    r"|recordings|space|sicherungen|protokolle|platz|speicherplatz|copias(?: de seguridad)?|respaldos"
    r"|registros|espacio|sauvegardes|journaux|espace|salvataggi|archivi|spazio|cópias|espaço|back-?ups|ruimte)\b"
    r"(?! (?:lines?|servers?|settings?|directives?|from|in the (?:config|upstream)))"
)
_DELETES = (
    r"\b(?:delet(?:e|es|ed|ing)|remov(?:e|es|ed|ing)|purg(?:e|ed|ing)|prun(?:e|ed|ing)|free(?:d|ing)?(?: up)?"
    r"|clean(?:ed|ing)?(?: up)?|truncat(?:e|ed|ing)|lösch\w*|gelöscht|entfern\w*|aufräum\w*"
    r"|borr\w+|elimin\w+|limpi\w+|liber\w+|supprim\w+|effac\w+|cancell\w+|apag\w+|verwijder\w*)\b"
)
_WORKS = (
    r"(?:works?|worked|working|runs?|ran|fine|fix(?:es|ed)|solv(?:es|ed)|comes? back|came back|is back"
    r"|läuft|lief|funktioniert|geht|funcion\w+|vuelve|arranca|marche|remarche|fonctionne|repart|funziona"
    r"|riparte|volta|werkt|draait)\b"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "space_mends",
        rf"^(?!.*\b(?:not|n't|nicht|never|still|no funciona|ne (?:marche|fonctionne))\b)"
        rf"(?P<what>.*?{_DELETES}.{{0,30}}\b{_LARGE}.{{0,80}}\b{_WORKS})",
        "delet",
        "remov",
        "purg",
        "prun",
        "free",
        "clean",
        "truncat",
        "lösch",
        "aufräum",
        "borr",
        "elimin",
        "limpi",
        "liber",
        "supprim",
        "effac",
        "cancell",
        "apag",
        "verwijder",
        "entfern",
    ),
    # German puts the verb behind.
    says(
        "space_mends",
        rf"^(?!.*\b(?:nicht|kein\w*|niet)\b)(?P<what>.*?\b{_LARGE}.{{0,30}}(?:lösch\w*|gelöscht|entfern\w*"
        rf"|aufräum\w*|verwijder\w*)\b.{{0,60}}\b{_WORKS})",
        "lösch",
        "entfern",
        "aufräum",
        "verwijder",
    ),
    says(
        "space_mends",
        rf"^(?!.*\b(?:not|still)\b)(?P<what>.*?\b(?:docker (?:system|image|builder) prune"
        rf"|journalctl --vacuum-\w+|apt(?:-get)? clean)\b.{{0,80}}\b{_WORKS})",
        "prune",
        "--vacuum-",
        " clean",
    ),
)
READERS: tuple[Reader, ...] = ()
