"""SELinux and AppArmor: audit lines, setsebool, getenforce, sealert, audit2why.

Source: the kernel's security/selinux/avc.c, security/apparmor/audit.c; getenforce(8), sestatus(8),
getsebool(8), httpd_selinux(8), haproxy_selinux(8); setroubleshoot's "SELinux is preventing"; audit2why(1),
audit2allow(1).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "policy_mode": "whether SELinux enforces; fields: mode (enforcing, permissive, disabled)",
    "policy_boolean": "a boolean of the policy; fields: name, state",
    "denied_in_box": "a container's access is denied, though only noted now; fields: source, target",
    "policy_label": "files or processes are shown with their SELinux label; fields: label",
    "policy_mends": "somebody says that loosening the policy mends it, or did so; fields: what",
}

#: Not where somebody writes that it changed nothing.
_HELPS = r"(?!.{0,40}(?:\bnot\b|n't\b|\bno\b) (?:help|change|work|fix|make|effect|difference|solve))"

#: In the braces stands what was to be done, not to what.
_DENIED = r"avc:\s+denied\s+\{[^}]{1,60}\}"
_WHO_TO_WHAT = (
    r".{0,120}?comm=\"?(?P<source>[\w./: ()-]+?)\"?(?:\s|$)"
    r"(?:.{0,60}?\b(?:path|name|dest|src)=\"?(?P<target>[^\s\"]{1,200}))?"
)

PATTERNS: tuple[Pattern, ...] = (
    says("denied_by_policy", rf"{_DENIED}(?!.{{0,400}}permissive=1){_WHO_TO_WHAT}", "avc:"),
    says("denied_by_policy", rf"{_DENIED}(?!.{{0,400}}(?:permissive=1|comm=))", "avc:"),
    says(
        "denied_in_box",
        rf"{_DENIED}(?=.{{0,400}}permissive=1)(?=.{{0,400}}container_(?:\w+_)?t:){_WHO_TO_WHAT}",
        "avc:",
    ),
    says(
        "denied_by_policy",
        r"SELinux is preventing (?P<source>\S+).{0,40}? from (?:using the )?(?P<target>\S+) access",
        "selinux is preventing",
    ),
    says("denied_by_policy", r"apparmor=\"?DENIED\"?.{0,200}?profile=\"(?P<source>[^\"]+)\"", "apparmor="),
    says(
        "denied_by_policy",
        r"(?:The )?boolean (?P<boolean>(?:httpd|nginx|haproxy|varnishd|domain)_\w+) was set incorrectly",
        "set incorrectly",
    ),
    says("denied_by_policy", r"Description:\s*Allow httpd to (?P<target>.{0,80})", "allow httpd to"),
    says("denied_by_policy", r"allow httpd_t (?P<target>\w+:\w+ .{0,60})", "allow httpd_t"),
    says("policy_mode", r"SELinux status:\s+(?P<mode>disabled)", "selinux status"),
    says("policy_mode", r"Current mode:\s+(?P<mode>enforcing|permissive)", "current mode"),
    says(
        "policy_mode",
        r"getenforce\s{0,5}(?::|=>|->)?\s{0,5}(?P<mode>enforcing|permissive|disabled)",
        "getenforce",
    ),
    says(
        "policy_mode",
        r"^\s*(?P<mode>Enforcing|Permissive|Disabled)\s*$",
        "enforcing",
        "permissive",
        "disabled",
    ),
    # As people write of their host; with a condition before or an outcome behind it, it was tried.
    says(
        "policy_mode",
        r"(?<!if )(?<!when )(?<!with )(?<!once )(?<!after )\bSELinux (?:is |was )?(?:turned |switched )?"
        r"(?P<mode>disabled|off|permissive)\b(?!.{0,40}\b(?:work|fix|help|solv|connect|then|still)\w*)",
        "selinux ",
    ),
    says("policy_mode", r"^\s*SELINUX=(?P<mode>enforcing|permissive|disabled)", "selinux="),
    says(
        "policy_boolean",
        r"(?P<name>(?:httpd|nginx|daemons|nis|haproxy_connect)_\w+)\s*(?:-->|=)\s*(?P<state>off|on|0|1)\b",
        "-->",
        "=",
    ),
    says(
        "policy_boolean",
        r"(?P<name>(?:httpd|daemons|nis|haproxy_connect)_\w+)\s+\((?P<state>off|on)\s*,",
        "_",
    ),
    says("policy_label", r"^(?!.*avc:).*\b(?P<label>\w+_u:(?:object|\w+)_r:\w+_t)(?::s0)?", "_u:"),
    says(
        "policy_label",
        r"(?<![:\w])(?P<label>(?:admin_home|user_home|user_tmp|unlabeled|default|home_root|srv)_t)\b(?!:)",
        "_t",
    ),
    says(
        "own_file_denied",
        r"\[emerg\].{0,20}BIO_new_file\(\"(?P<path>[^\"]+)\"\) failed .{0,80}fopen:Permission denied",
        "fopen:permission denied",
    ),
    says("policy_mends", r"(?P<what>setsebool\s+(?:-P\s+)?\w+(?:\s+|=)(?:1|on|true))" + _HELPS, "setsebool"),
    says("policy_mends", r"(?P<what>setenforce\s+(?:0|permissive))" + _HELPS, "setenforce"),
    says("policy_mends", r"(?P<what>semanage\s+(?:port|permissive|fcontext)\s+-[am])", "semanage"),
    says("policy_mends", r"(?P<what>aa-(?:complain|disable)\s+\S+)", "aa-"),
)
READERS: tuple[Reader, ...] = ()
