"""A version put in place by an updater, or one before it that works, in other words than releases.py reads.

Source: containrrr/watchtower's log ("Found new … image", "Stopping /app", "Creating /app"); Diun, Renovate,
unattended updates in NAS panels; common German, French and Spanish of reports.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_THING = r"(?:version|release|image|tag|build|stand|imagen|[ée]tiquette|versi[óo]n)"
_OLD = (
    r"(?:alten?|vorig(?:en|e)|vorherig(?:en|e)|letzten?|fr[üu]heren?|ancienne?|pr[ée]c[ée]dente?|anterior"
    r"|vieja|previa)"
)
_WHEN = (
    r"(?:v(?:on|om|or) (?:letzte\w*|vorige\w*|gestern|vor|\d)"
    r"|d(?:e|') ?(?:la sem\w+|hier|ayer|avant|antes|\d))"
)
_WELL = r"(?:l[äa]uft|geht|funktioniert|klappt|marche|fonctionne|tourne|funciona|va bien)"
_NOT = r"(?!.{0,40}\b(?:nicht|kein\w*|pas|no|auch)\b)"
_MADE_ANEW = (
    r"(?:recriad\w*|recriar|recread\w*|recrear|recr[ée]{2}\w*|recr[ée]er|ricreat\w*|neu (?:erstellt"
    r"|gebaut|erzeugt)"
    r"|пересозда\w+|пересобра\w+|odtworzon\w*|(?:re|neu)deployt)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "container_renewed",
        rf"(?P<what>\b(?:containers?|conteneurs?|contenedor\w*|cont[êe]iner\w*|контейнер\w*"
        rf"|kontener\w*)\b.{{0,40}}"
        rf"\b{_MADE_ANEW}\b|\b{_MADE_ANEW}\b.{{0,25}}\b(?:containers?|conteneurs?|contenedor\w*"
        rf"|cont[êe]iner\w*"
        rf"|контейнер\w*|kontener\w*)\b|容器(?:被)?(?:重建|重新创建|重新部署)|重建(?:了)?容器"
        r"|コンテナ(?:を|が)(?:再作成|作り直)|\bcontainer\b.{0,30}\b(?:is|was|gets|got|has been|being)"
        r" (?:re-?created|redeployed|rebuilt|replaced))",
        "container",
        "conteneur",
        "contenedor",
        "conteiner",
        "contêiner",
        "контейнер",
        "kontener",
        "容器",
        "コンテナ",
    ),
    says(
        "released",
        r"\b(?:watchtower|diun|ouroboros|renovate|auto-?update\w*)\b.{0,80}\b(?:pulled|updated|upgraded|fetched"
        r"|installed|geholt|gezogen|aktualisiert|mis [àa] jour|r[ée]cup[ée]r[ée]\w*|actualiz\w+|baj[óo])",
        "watchtower",
        "diun",
        "ouroboros",
        "renovate",
        "auto",
    ),
    says("released", r"Found new (?P<name>[\w./:-]+) image \(", "found new"),
    says(
        "went_back",
        rf"\b(?:mit|unter|auf|avec|con|sous)\b.{{0,20}}"
        rf"(?P<version>\b{_OLD} {_THING}|\b{_THING} (?:{_WHEN}|{_OLD})).{{0,40}}?\b{_WELL}\b{_NOT}",
        "mit ",
        "unter ",
        "auf ",
        "avec ",
        "con ",
        "sous ",
    ),
    says(
        "went_back",
        rf"\b(?P<version>{_OLD} {_THING}) (?:\w+ ){{0,3}}?{_WELL}\b{_NOT}",
        *(
            "läuft",
            "lauft",
            "geht",
            "funktioniert",
            "klappt",
            "marche",
            "fonctionne",
            "tourne",
            "funciona",
            "va bien",
        ),
    ),
)
READERS: tuple[Reader, ...] = ()
