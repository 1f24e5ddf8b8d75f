"""Which operating system a host has, where a text lets it be seen: it tells what may deny a root process.

SELinux enforces on Red Hat's family as it comes, AppArmor on Debian's and SUSE's. What a root-started nginx
may not open there is denied by the policy or by a mount, for modes do not bind root.

Source: os-release(5); rpm's release tags (el7, el8, el9, fc39); RHEL "Using SELinux" (enforcing by default);
capabilities(7) CAP_DAC_OVERRIDE.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "system": "the operating system of a host; fields: family (redhat, debian, suse, alpine)",
}
#: A browser names its own system, a compiler the one where a program was built.
_HERE = r"^(?!.*(?:\bMozilla/|\bbuilt by gcc\b)).*?"
#: Within an address or a file's name, and before an image's tag, it is a word and no host.
_WORD = r"(?:(?<![\w/:.@])(?<![a-z]-)|(?<=home/))"
_END = r"\b(?!:\w)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "system",
        rf"{_HERE}(?:{_WORD}(?:cent ?os|fedora|rocky(?: linux)?|alma ?linux|red ?hat|rhel|oracle linux"
        rf"|scientific linux){_END}"
        r"|\.(?:el[6-9]|el1\d|fc[34]\d)\b|\b(?:yum|dnf) (?:install|update|upgrade)\b|/etc/sysconfig/"
        r"|/var/log/audit/"
        r"|\bsetroubleshoot\b)",
        "centos",
        "cent os",
        "fedora",
        "rocky",
        "alma",
        "red hat",
        "redhat",
        "rhel",
        "oracle linux",
        "scientific linux",
        ".el",
        ".fc",
        "yum ",
        "dnf ",
        "/etc/sysconfig/",
        "/var/log/audit/",
        "setroubleshoot",
        family="redhat",
    ),
    says(
        "system",
        rf"{_HERE}(?:{_WORD}(?:ubuntu|debian|linux mint|raspbian|raspberry pi os){_END}"
        r"|\bapt(?:-get)? (?:install|update|upgrade)\b)",
        "ubuntu",
        "debian",
        "linux mint",
        "raspbian",
        "raspberry pi os",
        "apt ",
        "apt-get ",
        family="debian",
    ),
)
READERS: tuple[Reader, ...] = ()
