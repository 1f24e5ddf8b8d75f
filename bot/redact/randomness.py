"""Whether a value looks as if a machine had drawn it, as most keys and tokens do."""

import re

#: A shorter one may be a version, a date or a name with a number.
MIN_LENGTH = 16
#: Random letters and digits change between small, capital and digit at every second place; words do not.
_PLACES_A_CHANGE = 8
_FEWEST_CHANGES = 3
_CHANGE = re.compile(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[a-z0-9]|(?<=[0-9])[A-Za-z]")
#: `getUserById`: a capital that begins a word is no sign of chance, unless there are digits inside, too.
#: However seldom it changes: names of so many letters and digits have a separator in them.
_LONG_RUN = re.compile(r"(?<![A-Za-z0-9])(?=[0-9]{0,31}[A-Za-z])(?=[A-Za-z]{0,31}[0-9])[A-Za-z0-9]{28}")
_FEWEST_DIGITS = 4
_FEWEST_CHANGES_SHORT = 4
_ALL_KINDS = re.compile(r"(?=[^0-9]{0,15}[0-9])(?=[^A-Z]{0,15}[A-Z])(?=[^a-z]{0,15}[a-z])[A-Za-z0-9]{10,15}")
#: No name has so many letters and digits without a sign between, no word so many letters.
_UNBROKEN = re.compile(
    r"(?=[A-Za-z]{0,256}[0-9])(?=[0-9]{0,256}[A-Za-z])[A-Za-z0-9]{20,512}"
    r"|[a-z]{24,512}|[A-Z]{24,512}|[0-9]{20,512}"
)
#: The same in blocks.
_BLOCKS = re.compile(
    r"(?=[A-Za-z-]{0,64}[0-9])(?=[0-9-]{0,64}[A-Za-z])[A-Za-z0-9]{4,12}(?:-[A-Za-z0-9]{4,12}){3,5}"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|20\d{6}T\d{6}")
_DIGIT_INSIDE = re.compile(r"[0-9][A-Za-z]")
_WORD_START = re.compile(r"[A-Z][a-z]{2,}")
#: `shop-db-7d4b9c6f5d`, `nginx-7d4b9c6f5d-x2x8k`: names that something numbered; a UUID has a run of 12.
_SEPARATOR = re.compile(r"[-.:]")
_SHORTEST_RUN = 12


def is_numbered_name(value: str) -> bool:
    """True for names in parts, as objects of a cluster have: no part is long enough for a secret."""
    return value.islower() and max(map(len, _SEPARATOR.split(value))) < _SHORTEST_RUN


def is_key_shaped(value: str) -> bool:
    """True for one long run of letters and digits or blocks of them: a key's form, whoever drew it."""
    return bool(_UNBROKEN.fullmatch(value) or _BLOCKS.fullmatch(value))


def is_short_and_random(value: str) -> bool:
    """True for ten letters and digits or more that change often and are no words: `Censys1Key` is a name."""
    if not _ALL_KINDS.fullmatch(value):
        return False
    return len(_CHANGE.findall(value)) - 2 * len(_WORD_START.findall(value)) >= _FEWEST_CHANGES_SHORT


def is_random(value: str, *, at_least: int = MIN_LENGTH) -> bool:
    """True for so many characters or more that change so often between kinds that nobody chose them."""
    if len(value) < at_least or _DATE.match(value):
        return False
    if _UUID.fullmatch(value):
        return True
    if _LONG_RUN.search(value) and sum(map(str.isdigit, value)) >= _FEWEST_DIGITS:
        return True
    changes = len(_CHANGE.findall(value))
    if not _DIGIT_INSIDE.search(value):
        changes -= 2 * len(_WORD_START.findall(value))
    return changes >= max(_FEWEST_CHANGES, len(value) // _PLACES_A_CHANGE)
