"""A version gone back to, by tools and by people.

Source: helm rollback, kubectl rollout undo, capistrano deploy:rollback; common English of reports.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "went_back",
        r"\b(?:roll(?:ed|ing)? ?back|revert(?:ed|ing)?|downgrad(?:ed|ing|e)|switch(?:ed|ing) back"
        r"|go(?:ing)? back|went back|(?:am|are|is) back|restor(?:ed|ing)|pinn(?:ed|ing))\b.{0,30}? "
        r"(?:to|at|on) (?:version |release "
        r"|tag |image |commit |the )?(?P<version>(?!\d+\.\d+\.\d+\.\d)"
        r"(?:previous|prior|old|older|last|(?:[A-Za-z]+ )?v?\d+\.\d+|[\w./-]+:v?\d)\S*)",
        "restor",
        "roll",
        "revert",
        "downgrad",
        "back",
        "pinn",
    ),
    says(
        "went_back",
        r"(?<!stops )(?<!stopped )(?<!not )\b(?:works?|worked|working|fine|ok|okay"
        r"|no (?:such )?(?:issue|problem|error)s?)"
        r"\b.{0,30}\b(?:with|in|on|using|until|before|under) (?:the )?"
        r"(?P<version>(?:previous|prior|old(?:er)?|last) (?:version|release|image|tag|build)\b"
        r"(?! (?:folder|dir))"
        r"|(?:version|release|image|tag) v?\d+\.\d+\S*|v\d+\.\d+\S*)",
        "work",
        "fine",
        "ok",
        "no ",
    ),
    says(
        "went_back",
        r"(?P<version>(?:previous|prior|old|older|last) (?:version|release|image|tag"
        r"|build)\S*)(?: of \S+)? (?:still )?(?:works|worked|is working|was working|runs|is fine"
        r"|was fine|does not have)",
        "previous",
        "prior",
        "old",
        "last",
    ),
    says(
        "went_back",
        r"\brevert(?:ed|ing)? (?:back )?to (?P<version>\S{1,60}\d\S{0,20}).{0,40}\bwork",
        "revert",
    ),
    says(
        "went_back",
        r"rollout undo|Rollback was a success|Rolling back to|rolled back|cap \S+ deploy:rollback",
        "roll",
    ),
)
READERS: tuple[Reader, ...] = ()
