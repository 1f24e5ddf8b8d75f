# A pattern stands on one line, to be read against its source.
# ruff: noqa: E501
"""Credentials on command lines, as `ps`, sudo's log and unit files show them.

Sources: manual pages of curl(1) `-u`, mysql(1) `-p`, sshpass(1), redis-cli, ldapsearch(1) `-w`,
openssl-passphrase-options(1), htpasswd(1) `-b`, smbclient(1) `-U`, docker login `-p`.
"""

import re

from bot.redact.rule import Rule

_VALUE = r"(?P<secret>\"[^\"\n]{1,1024}+\"|'[^'\n]{1,1024}+'|[^\s\"']{1,1024}+)"
_NAMES = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api-?_?key|access-?_?key|auth-?_?key|private-?_?key|secret-?_?key"
    r"|encryption-?_?key|credentials?|auth|bearer|requirepass|masterauth|client-?_?secret)"
)
_NO_VALUE = re.compile(
    r"-|/|\.{1,2}/|~|\$|<|\{\{|(?:true|false|yes|no|on|off|none|null|stdin|env|file|fd|auto|basic|required|scram-sha-256|md5|trust)$"
)


def _is_value(match: re.Match[str]) -> bool:
    return not _NO_VALUE.match(match["secret"].strip("\"'"))


def _is_no_id(match: re.Match[str]) -> bool:
    """`docker run -u 1000:1000` and `chown` style pairs are no credentials."""
    return not match["secret"].isdigit() and _is_value(match)


def _is_of_curl(match: re.Match[str]) -> bool:
    """A pair behind `curl`, maybe some lines before; other tools have `-u` for other things."""
    before = match.string[max(0, match.start() - _CURL_REACH) : match.start()]
    return "curl" in before and ":" in match[0] and _is_value(match)


_CURL_REACH = 2048
_PLAIN_USER = r"[A-Za-z0-9_.@\\+-]{1,64}+:"
_CURL_USER = r"(?<=\s)(?:-u|--user)(?:=|[ \t]{0,5}+)"
_QUOTED = r"(?:\"[^\"\n]{1,512}+\"|'[^'\n]{1,512}+')"

ARGV_RULES = (
    Rule(
        # `curl -u "name:a pass phrase"`: up to the quote that began it.
        kind="argument",
        words=(" -u", "\t-u", " --user", "\t--user"),
        pattern=re.compile(
            rf"{_CURL_USER}(?P<open>[\"']){_PLAIN_USER}(?P<secret>(?>(?:(?!(?P=open))[^\n]){{1,512}}))(?P=open)"
        ),
        is_secret=_is_of_curl,
    ),
    Rule(
        # `-u name:"…"`, `-u "…":"…"`, and a pair in quotes whose name is no plain one: all of it.
        kind="argument",
        words=(" -u", "\t-u", " --user", "\t--user"),
        pattern=re.compile(
            rf"{_CURL_USER}(?![\"']{_PLAIN_USER})(?:[\w$@.-]{{1,64}}+:)?(?P<secret>{_QUOTED}(?::(?:{_QUOTED}|[\w${{}}@.-]{{1,256}}+))?)"
        ),
        is_secret=_is_of_curl,
        reach=1024,
    ),
    Rule(
        kind="argument",
        words=("--",),
        pattern=re.compile(
            rf"(?<![\w-])--?(?:[A-Za-z0-9]{{1,20}}[-_.]){{0,4}}?(?i:{_NAMES})(?:\s{{1,4}}+|=){_VALUE}"
        ),
        is_secret=_is_value,
    ),
    Rule(
        kind="argument",
        words=("-pass", "-token", "-secret", "-w ", "-a "),
        pattern=re.compile(
            rf"(?<![\w-])-(?i:password|passwd|pass|token|secret|passphrase)(?:\s{{1,4}}+|=){_VALUE}"
        ),
        is_secret=_is_value,
    ),
    Rule(
        kind="argument",
        words=("-u", "--user", "--proxy-user"),
        pattern=re.compile(
            r"(?<![\w-])(?:-u|--user|--proxy-user|-U)[ =]{0,2}+[\"']?[A-Za-z0-9_.@\\+-]{1,64}+[:%](?P<secret>[^\s\"':][^\s\"']{0,255}+)"
        ),
        is_secret=_is_no_id,
    ),
    Rule(
        kind="argument",
        words=(
            "mysql",
            "mariadb",
            "mongo",
            "sshpass",
            "redis-cli",
            "ldap",
            "docker login",
            "podman login",
            "smbclient",
            "7z",
            "unzip",
            "htpasswd",
        ),
        pattern=re.compile(
            r"(?<![\w/-])(?:[\w./-]{0,64}/)?(?:(?:mysql|mariadb)(?:dump|admin|import|check|show|slap)?|mysqld_safe|sshpass)(?=\s)[^\n]{0,256}?\s-p"
            rf"{_VALUE}"
        ),
        reach=2048,
        is_secret=_is_value,
    ),
    Rule(
        kind="argument",
        words=("sshpass", "mongo", "docker login", "podman login", "redis-cli", "ldap"),
        pattern=re.compile(
            r"(?:sshpass[^\n]{0,32}?\s-p|mongo(?:sh|dump|restore|export|import)?\s[^\n]{0,256}?\s-p|(?:docker|podman) login[^\n]{0,256}?\s-p"
            rf"|redis-cli[^\n]{{0,256}}?\s-a|ldap(?:search|modify|add|whoami|delete|passwd)[^\n]{{0,256}}?\s-w)\s{{0,4}}+{_VALUE}"
        ),
        reach=2048,
        is_secret=_is_value,
    ),
    Rule(
        kind="argument",
        words=("htpasswd",),
        pattern=re.compile(
            r"htpasswd\s{1,4}+-\w{0,6}b\w{0,6}\s{1,4}+(?:-\S{1,16}\s{1,4}){0,3}?\S{1,256}+\s{1,4}+\S{1,64}+\s{1,4}+(?P<secret>\S{1,256}+)"
        ),
    ),
    Rule(
        kind="argument",
        words=("unseal",),
        pattern=re.compile(r"operator unseal\s{1,4}+(?P<secret>[A-Za-z0-9+/=]{20,128}+)"),
    ),
    Rule(
        kind="argument",
        words=("pass:",),
        pattern=re.compile(r"(?<![\w-])pass:(?P<secret>[^\s\"']{1,256}+)"),
    ),
    Rule(
        kind="argument",
        words=("| sudo -s", "|sudo -s", "| passwd", "| chpasswd", "|chpasswd", "chpasswd"),
        pattern=re.compile(
            r"echo\s{1,4}+(?:-\w{1,4}\s{1,4}+)?(?P<secret>\"[^\"\n]{1,256}+\"|'[^'\n]{1,256}+'|[^\s|]{1,256}+)\s{0,4}+\|\s{0,4}+(?:sudo\s{1,4}+-S|passwd|(?:sudo\s{1,4}+)?chpasswd)"
        ),
    ),
    Rule(
        kind="sql-password",
        words=(
            "identified by",
            "identified with",
            "password '",
            "password e'",
            "password for",
            "password = '",
        ),
        pattern=re.compile(
            r"(?i:identified\s{1,4}+(?:with\s{1,4}+\S{1,40}\s{1,4}+)?(?:by|as)|password)(?i:\s{1,4}+password)?\s{1,4}+(?P<secret>[eE]?'[^'\n]{1,256}+'|\"[^\"\n]{4,256}+\")"
        ),
    ),
)
