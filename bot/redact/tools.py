"""Passwords among the arguments of tools that take them without a telling name, as sudo's log shows them.

Sources: manual pages of sqlcmd `-P`, ipmitool(1) `-P`, snmpcmd(1) `-c -A -X`, zip(1) and unzip(1) `-P`, 7z
`-p`, openssl-enc(1) `-k`, useradd(8) `-p`, lftp(1) `-u`, redis-cli and MONITOR's AUTH, vault login, nmcli(1),
wpa_passphrase(8), docker login `--password-stdin`, PsExec, net user,
ConvertTo-SecureString, MySQL's PASSWORD().
"""

import re

from bot.redact.rule import Rule

_VALUE = r"(?P<secret>\"[^\"\n]{1,256}+\"|'[^'\n]{1,256}+'|[^\s\"']{1,256}+)"
#: The tool's words, and what stands before the password.
_BEFORE = (
    (("sqlcmd", "bcp"), r"(?:sqlcmd|bcp)\s[^\n]{0,256}?\s-P\s{0,4}+"),
    (("ipmitool",), r"ipmitool\s[^\n]{0,256}?-P\s{0,4}+"),
    (("snmp",), r"snmp[a-z]{2,12}\s[^\n]{0,256}?\s-[cAX]\s{0,4}+"),
    (("zip",), r"(?:zip|unzip|zipcloak)\s[^\n]{0,128}?-P\s{0,4}+"),
    (("7z",), r"7z[az]?\s[^\n]{0,128}?\s-p"),
    (("openssl enc", "openssl aes", "openssl des"), r"openssl\s(?:enc|aes|des)[^\n]{0,128}?\s-[kK]\s{1,4}+"),
    (("openssl passwd",), r"openssl\spasswd(?:\s-(?:[0-9a-z]{1,6}|salt\s\S{1,32})){0,4}\s{1,4}+(?!-)"),
    (("useradd", "usermod"), r"user(?:add|mod)\s[^\n]{0,128}?-p\s{1,4}+"),
    (("psexec",), r"(?i:psexec)\S{0,8}\s[^\n]{0,128}?\s-p\s{1,4}+"),
    (("lftp",), r"lftp\s[^\n]{0,64}?-u\s{0,4}+[^\s,]{1,64},"),
    (("redis-cli",), r"redis-cli\s[^\n]{0,128}?(?i:auth)\s{1,4}+(?:default\s{1,4}+)?"),
    (('"auth"',), r"\"(?i:auth)\"\s{1,4}+(?:\"default\"\s)?"),
    (("vault login",), r"vault\slogin\s{1,4}+(?!-)"),
    (("wpa_passphrase",), r"wpa_passphrase\s{1,4}+\S{1,64}\s{1,4}+"),
    (("nmcli",), r"nmcli\s[^\n]{0,128}?(?:password|(?:wifi-sec|802-11-wireless-security|wifi)\.psk)\s{1,4}+"),
    (("net user",), r"net\suser\s{1,4}+\S{1,64}\s{1,4}+(?!/)"),
    (("convertto-securestring",), r"(?i:convertto-securestring)\s{1,4}+(?i:-string\s{1,4}+)?"),
    (("password(",), r"(?i:password)\((?=')"),
)  # fmt: skip


def _is_value(match: re.Match[str]) -> bool:
    return not match["secret"].strip("\"'").startswith(("-", "$", "<", "/", "{"))


TOOL_RULES = (
    *(
        Rule(
            kind="argument",
            words=words,
            pattern=re.compile(rf"(?<![\w-]){before}{_VALUE}"),
            is_secret=_is_value,
            reach=512,
        )
        for words, before in _BEFORE
    ),
    Rule(
        kind="argument",
        words=("-stdin", "-fd 0"),
        pattern=re.compile(
            rf"(?:echo|printf)\s{{1,4}}+{_VALUE}\s{{0,4}}\|[^\n]{{0,128}}?(?:-stdin|-fd\s0)(?!\w)"
        ),
        is_secret=_is_value,
        reach=512,
    ),
)
