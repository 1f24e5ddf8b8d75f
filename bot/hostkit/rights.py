"""What a host's sudoers must let the bot's account run as root: exact lines, and their linter. Pure.

sudo compares the arguments of a rule as one text with wildcards, so a rule is only as narrow as its
arguments are exact; see sudoers(5), "Wildcards".
"""

import re
from collections.abc import Iterator, Sequence

from bot.command import SCRIPT, commands_of, missing, values_of
from bot.errors import FileError
from bot.hostkit.questions import orders_of, without_sudo
from bot.model.host import Host
from bot.model.runbook import Catalog
from bot.remedy import commands_for

#: Where distributions keep what the shipped runbooks run as root; of two places Debian's is the first, then
#: Red Hat's. Source: their packages iproute2 and iproute.
_USUAL = {
    "nginx": ("/usr/sbin/nginx",),
    "systemctl": ("/usr/bin/systemctl",),
    "ss": ("/usr/bin/ss", "/usr/sbin/ss"),
    "ausearch": ("/usr/sbin/ausearch",),
}
#: A script's own call of sudo; the words must be plain, so that a rule for them can be exact.
_IN_SCRIPT = re.compile(r"(?<![\w-])sudo[ \t]+(?P<words>[^\n;|&<>()]*?)[ \t]*(?:[0-9]*[<>]|[;|&()\n]|\Z)")
_PLAIN_WORDS = re.compile(r"-n(?P<argv>(?: [\w./=:@%+-]+)+)\Z")
_SPECIAL = frozenset("*?[]!,:=\\#")
#: Where quoting differs between versions of sudo, or begins a regular expression.
_UNSURE = re.compile(r"[\s\"'^]")
#: A rule as this module writes them: user, then one command with arguments or `""` for none.
_RULE = re.compile(r"(?P<user>[a-z_][a-z0-9_.-]*) ALL=\(root\) NOPASSWD: (?P<spec>\S.*)\Z")
_DEFAULTS = re.compile(r"Defaults:[a-z_][a-z0-9_.-]* \S.*\Z")


def rights_of(host: Host, catalog: Catalog) -> tuple[tuple[str, ...], ...]:
    """Every argv that something here runs by `sudo -n` on the host, sorted, each once.

    Raises FileError for one that no sudoers line could allow exactly.
    """
    found = {without_sudo(argv) for argv in _asked(host, catalog)}
    return tuple(sorted(argv for argv in found if argv[:1] != ("-l",)))


def sudoers_lines(user: str, argv: Sequence[str]) -> tuple[str, ...]:
    """The exact rules for one argv, one for each place that its program may be at.

    Raises FileError when sudo could not tell it from another one.
    """
    for word in argv:
        if not word or not word.isprintable() or _UNSURE.search(word):
            raise FileError(
                f"{argv[0]}: argument {word!r} cannot stand in sudoers exactly; rename what it names"
            )
    places = (argv[0],) if argv[0].startswith("/") else _USUAL.get(argv[0], (f"/usr/bin/{argv[0]}",))
    words = [_escaped(word) for word in argv[1:]] or ['""']
    return tuple(f"{user} ALL=(root) NOPASSWD: {' '.join([_escaped(place), *words])}" for place in places)


def flaws(sudoers: str) -> tuple[str, ...]:
    """Lines that are no exact rule, each with what is wrong; empty when every rule is exact."""
    found = []
    for number, line in enumerate(sudoers.splitlines(), 1):
        if not line.strip() or line.startswith("#") or _DEFAULTS.match(line):
            continue
        rule = _RULE.match(line)
        flaw = flaw_of(rule["spec"]) if rule else "is no rule of the form `USER ALL=(root) NOPASSWD: COMMAND`"
        if flaw:
            found.append(f"line {number}: {flaw}")
    return tuple(found)


def flaw_of(spec: str) -> str | None:
    """Why a rule's command, as in sudoers or `sudo -l`, allows more than one; None when it does not."""
    program, _, arguments = spec.strip().partition(" ")
    bare = re.sub(r"\\.", "", spec)
    if program == "ALL":
        return "allows every command"
    if not program.startswith("/"):
        return f"{program!r} is no absolute path; whose program it is depends on the search path"
    if program.endswith("/"):
        return f"{program!r} allows every program of a directory"
    if not arguments.strip():
        return f"{program!r} without arguments allows all arguments"
    if wild := re.search(r"[*?\[]", bare):
        return f"the wildcard {wild[0]!r} allows more than one command"
    if arguments.lstrip().startswith("^"):
        return "a regular expression allows more than one command"
    return None


def _asked(host: Host, catalog: Catalog) -> Iterator[tuple[str, ...]]:
    values = values_of(host)
    for book in catalog.runbooks.values():
        for step in book.steps:
            if step.probe is not None or missing(step.needs, values):
                continue
            for argv in commands_of(step, values).alternatives:
                yield from _as_root(argv)
    for remedy in orders_of(host, catalog).values():
        for argv in commands_for(remedy, host):
            yield from _as_root(argv)


def _as_root(argv: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if argv[: len(SCRIPT)] == SCRIPT:
        yield from _in_script(argv[2], name=argv[3] if len(argv) > 3 else "script")
    elif argv[:1] == ("sudo",):
        yield argv


def _in_script(text: str, *, name: str) -> Iterator[tuple[str, ...]]:
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for call in _IN_SCRIPT.finditer(code):
        words = call["words"]
        plain = _PLAIN_WORDS.match(words)
        if plain is None:
            raise FileError(
                f"{name}: `sudo {words}`: no sudoers line can be exact for it; write `sudo -n PROGRAM WORD…`"
            )
        yield ("sudo", "-n", *plain["argv"].split())


def _escaped(word: str) -> str:
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in word)
