"""PHP-FPM's master that does not come up, is gone, or was never installed: by systemd and lists.

FPM is one program among others to systemd and supervisor; behind FastCGI its end is the outage.

Source: systemd unit.c and service.c; php-src fpm_events.c "failed to reload: execvp()", fpm_conf.c "Unable to
set php_value", ZendAccelerator.c "Unable to allocate shared memory segment"; FreeBSD rtld.c "required by";
supervisor process.py; dpkg-query(1), rpm(8), apk(8); OpenBSD rcctl(8) "ls failed".
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "fpm_dies": "PHP-FPM's master does not come up or is gone, by another's words; fields: text",
}
_FPM = r"(?<![\w/.-])(?:[\w.-]{0,20}php[\w.-]{0,12}-?fpm[\w.-]{0,10}?)"

PATTERNS: tuple[Pattern, ...] = (
    says(
        "fpm_dies",
        rf"(?P<text>{_FPM}(?:\.service)?: (?:Main|Control) process exited, code=(?:exited, status=[1-9]\d*"
        r"|(?:killed|dumped), status=(?:4|6|7|8|11)/).*)",
        "process exited, code=",
    ),
    says("fpm_dies", rf"(?P<text>exited: {_FPM} \(exit status [1-9]\d*; not expected)", "exited: "),
    says(
        "fpm_dies",
        r"(?P<text>Failed to start (?:\S+ - )?The PHP[\w. ]{0,8} FastCGI Process Manager)",
        "fastcgi process manager",
    ),
    says(
        "fpm_dies",
        rf"(?P<text>Job for {_FPM}(?:\.service)? (?:failed|canceled|timed out))",
        "job for ",
    ),
    says(
        "fpm_dies",
        rf"(?P<text>{_FPM}\.service: (?:Start operation|start operation) timed out)",
        "operation timed out",
    ),
    says("fpm_dies", rf"(?P<text>not found, required by \"{_FPM}\")", "required by"),
    says("fpm_dies", r"(?P<text>failed to reload: execvp\(\) failed.*)", "failed to reload"),
    says("fpm_dies", r"(?P<text>unable to set php_(?:admin_)?(?:value|flag) '.*)", "unable to set php_"),
    says(
        "fpm_dies",
        r"(?P<text>Fatal Error Unable to allocate shared memory segment of \d+ bytes.*)",
        "allocate shared memory segment",
    ),
    says(
        "fpm_dies",
        rf"(?P<text>{_FPM}(?: master)?:? (?:always |then |now )?(?:exits?|exited|ends?|quits?|dies)"
        r" (?:at once |immediately )?with (?:code |status |exit code )?[1-9]\d{0,2}\b)",
        "fpm",
    ),
    says(
        "fpm_dies",
        r"(?P<text>\bphp-fpm: master.{0,25}\b(?:shows|gives|prints|finds|returns|lists) (?:nothing|none"
        r"|no (?:process|line|output)))",
        "php-fpm: master",
    ),
    says("fpm_dies", r"(?P<text>grep -c \S?\[p\]hp\S{0,12}fpm\S? ?(?:->|→|=|:|=>) ?0\b)", "[p]hp"),
    says("fpm_absent", r"Unit (?P<unit>php[\w.-]*fpm[\w.-]*?)(?:\.service)? is masked", "is masked"),
    says(
        "fpm_absent",
        rf"(?:^|[\s:])(?P<unit>{_FPM}): not found\s*$",
        ": not found",
    ),
    says(
        "fpm_absent",
        r"(?:dpkg|apt|rpm|apk|dnf|yum|pacman|brew|pkg)\b.{0,40}\bgrep -?\w{0,2} ?\S{0,8}fpm\S{0,3} "
        r"(?:is |gives |shows |prints |returns |->|→){0,2} ?(?:empty|nothing|no output|none|no lines?)\b",
        "fpm",
    ),
)

_LISTS = re.compile(
    r"\b(?:dpkg(?:-query)? -[lW]|apt list|rpm -qa|apk (?:info|list)|(?:dnf|yum) list)\b.{0,60}\bphp"
)
_PHP = re.compile(r"\bphp[\w.-]*")


@given(_LISTS)
def _never_installed(piece: Piece) -> Iterator[Sign]:
    """A list of all packages of PHP has none of FPM."""
    asked = ""
    names: list[str] = []
    for line in (*piece.text.split("\n"), "$ end"):
        if asked and line.lstrip().startswith(("$", "#")):
            if names and not any("fpm" in name for name in names):
                yield Sign(kind="fpm_absent", line=asked, fields={"unit": "php-fpm"})
            asked, names = "", []
        if _LISTS.search(line) and "fpm" not in line:
            asked = line.strip()
        elif asked:
            names += _PHP.findall(line)


_STATE = re.compile(r"\b(?P<what>Stopped|Started|Starting) (?:\S+ - )?The PHP[\w. ]{0,8} FastCGI Process")


@given(_STATE, "Stopped")
def _last_stopped(piece: Piece) -> Iterator[Sign]:
    """What systemd says last of FPM is that it was stopped."""
    last = None
    for line in piece.text.split("\n"):
        if found := _STATE.search(line):
            last = found["what"], line.strip()
    if last is not None and last[0] == "Stopped":
        yield Sign(kind="fpm_ended_told", line=last[1], fields={"what": "stopped"})


@given("rcctl ls failed")
def _rc_failed(piece: Piece) -> Iterator[Sign]:
    """`rcctl ls failed` lists what is enabled and does not run."""
    listed = False
    for line in piece.text.split("\n"):
        if "rcctl ls failed" in line:
            listed = True
        elif listed and re.fullmatch(r"\s*php\w*fpm\s*", line):
            yield Sign(kind="fpm_dies", line=line.strip(), fields={"text": line.strip()})
        elif line.lstrip().startswith(("#", "$")):
            listed = False


READERS: tuple[Reader, ...] = (_never_installed, _last_stopped, _rc_failed)
