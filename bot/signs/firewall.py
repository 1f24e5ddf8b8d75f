"""iptables, nftables, ufw, firewalld, security groups: rules that drop, and packets that were.

Source: iptables(8), iptables-extensions(8) REJECT, LOG; nft(8); ufw(8) "status"; firewalld's firewall-cmd(1);
Windows Defender's `netsh advfirewall`; the kernel's net/netfilter/nf_log_syslog.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "filter_active": "a packet filter is in use; fields: who",
    "filter_allows": "a packet filter lets a port in; fields: port",
    "closed_by_default": "a packet filter drops what no rule lets in; fields: who",
    "filter_mends": "opening or stopping the packet filter was tried or advised; fields: what",
}

PATTERNS: tuple[Pattern, ...] = (
    says(
        "blocked", r"\[UFW BLOCK\].{0,300}?(?:DST=(?P<target>\S+).{0,200}?)?DPT=(?P<port>\d+)", "[ufw block]"
    ),
    says(
        "blocked",
        r"(?:IPTables|iptables|FINAL_REJECT|filter_IN_\w+_(?:REJECT|DROP)|DROP|REJECT|DENIED)\w*:? ?.{0,20}"
        r"IN=\S*.{0,200}?DST=(?P<target>\S+).{0,200}?DPT=(?P<port>\d+)",
        "dpt=",
    ),
    says(
        "blocked",
        r"^\s*(?:\d+\s+)?(?:\S+\s+\S+\s+)?(?:REJECT|DROP)\s+(?:tcp|6)\s.{0,120}?dpts?:(?P<port>\d+)",
        "reject",
        "drop",
    ),
    says(
        "blocked", r"^\s*(?:\d+\s+)?(?:\S+\s+\S+\s+)?(?:REJECT|DROP)\s+(?:all|0)\s.{0,120}", "reject", "drop"
    ),
    says(
        "blocked",
        r"-A (?:INPUT|FORWARD|OUTPUT|DOCKER-USER)\b.{0,120}--dport (?P<port>\d+).{0,60}-j (?:REJECT|DROP)",
        "-j reject",
        "-j drop",
    ),
    says(
        "blocked",
        r"-A (?:INPUT|FORWARD|OUTPUT|DOCKER-USER)\b(?!.{0,120}--dport).{0,120}-j (?:REJECT|DROP)",
        "-j reject",
        "-j drop",
    ),
    says(
        "blocked",
        r"(?:Chain (?:INPUT|FORWARD) \(policy|^:(?:INPUT|FORWARD)|-P (?:INPUT|FORWARD)) ?DROP",
        "drop",
    ),
    says("blocked", r"policy drop;", "policy drop"),
    says(
        "blocked",
        r"\breject with icmpx? (?:type )?(?:admin-prohibited|host-prohibited|port-unreachable)",
        "reject with icmp",
    ),
    says("blocked", r"^\s*(?P<port>\d+)(?:/tcp)?\s+(?:\(v6\)\s+)?(?:DENY|REJECT)\b", "deny", "reject"),
    says("blocked", r"(?P<port>\d+)/tcp\s+filtered\b", "filtered"),
    says(
        "blocked",
        r"icmp-host-prohibited|icmp_seq=\d+ (?:Destination Host Prohibited|Packet filtered)"
        r"|Destination Host Prohibited|communication administratively prohibited|admin prohibited",
        "prohibited",
        "packet filtered",
    ),
    says("blocked", r"Default: deny \(incoming\)", "default: deny"),
    says(
        "closed_by_default",
        r"\bufw (?:--force )?default (?:deny|reject|drop)(?: (?:incoming|routed|in))?\b"
        r"|Default: (?:deny|reject)"
        r" \((?:incoming|routed)\)|DEFAULT_(?:INPUT|FORWARD)_POLICY=\"?(?:DROP|REJECT)",
        "default deny",
        "default reject",
        "default drop",
        "default: deny",
        "default: reject",
        "_policy=",
        who="ufw",
    ),
    says(
        "closed_by_default",
        r"--set-default-zone[= ](?:drop|block)\b|--set-target[= ](?:DROP|REJECT)\b|^\s*target: (?:DROP"
        r"|REJECT)\b",
        "--set-default-zone",
        "--set-target",
        "target: ",
        who="firewalld",
    ),
    says(
        "closed_by_default",
        r"(?:-P|--policy|:|Chain) ?(?:INPUT|FORWARD) (?:\(policy )?DROP|\bhook (?:input"
        r"|forward) .{0,60}policy drop",
        "drop",
        who="iptables",
    ),
    says(
        "filter_active",
        r"^\s*kind:\s*\w*NetworkPolicy\b|\bNetworkPolic(?:y|ies)\b",
        "networkpolic",
        who="kubernetes",
    ),
    says("filter_active", r"^\s*Status: active\b", "status: active", who="ufw"),
    says(
        "filter_active",
        r"^\s*(?:public|drop|block|internal|external|dmz|home|work|trusted) \((?:default, )?active\)",
        "active)",
        who="firewalld",
    ),
    says(
        "filter_active",
        r"(?:Active: active.{0,200}|^\s*running\s*$.{0,5})firewalld|firewalld\.service - ",
        "firewalld",
        who="firewalld",
    ),
    says("filter_allows", r"^\s*(?P<port>\d+)(?:/tcp)?\s+(?:\(v6\)\s+)?ALLOW\b", "allow"),
    says("filter_allows", r"ACCEPT\s+(?:tcp|6)\s.{0,120}?dpts?:(?P<port>\d+)", "accept"),
    says("filter_allows", r"--dport (?P<port>\d+).{0,60}-j ACCEPT", "-j accept"),
    says(
        "filter_mends",
        r"^(?!.*selinux)(?=.*firewall).*?"
        r"(?P<what>\bwork(?:s|ed|ing)?\b.{0,50}\bfirewall (?:is |was |turned |switched )?"
        r"(?:off|disabled|down|stopped)\b"
        r"|\b(?:with|when|if|after|once)\b.{0,30}\bfirewall (?:is |was |turned )?(?:off|disabled|down)\b"
        r".{0,30}\bwork\w*"
        r"|\b(?:turn|switch|disabl|stopp|shut)\w*(?: off| down)? (?:the |my )?firewall\b"
        r".{0,30}\b(?:work|fix|solv|help)\w*"
        r"|\bfirewall (?:is )?(?:on|enabled|up)\b.{0,40}\b(?:50[234]|timeout|time-out|fails?|refused)\b)",
        "firewall",
    ),
    says(
        "filter_mends",
        r"(?P<what>systemctl (?:stop|disable)(?: --now)? (?:firewalld|iptables|ufw|nftables))",
        "systemctl",
    ),
    says(
        "filter_mends",
        r"(?P<what>service (?:iptables|firewalld) stop|ufw disable|iptables -F\b|"
        r"netsh advfirewall set \w+ state off)",
        "service ",
        "ufw disable",
        "iptables -f",
        "netsh",
    ),
    says(
        "filter_mends",
        r"(?P<what>firewall-cmd .{0,40}--add-\S+|ufw allow .{0,40}|iptables -[IA] .{0,100}-j ACCEPT)",
        "firewall-cmd",
        "ufw allow",
        "iptables -",
    ),
    says(
        "blocked",
        r"(?P<port>\d+) ?(?:is )?(?:not open|blocked|closed) (?:in|by|on) the (?:firewall|security group)",
        "firewall",
        "security group",
    ),
    says(
        "blocked",
        r"(?:firewalld?|iptables|ufw|security group|nftables).{0,40}\b(?:blocks|blocking|blocked|rejects|"
        r"rejected|drops|dropped)\b",
        "firewall",
        "iptables",
        "ufw",
        "security group",
        "nftables",
    ),
    says(
        "blocked",
        r"(?:security (?:group|list)s?|\bNSG|network ACLs?|\bNACL|firewalld?|\bufw|inbound rules?"
        r"|ingress rules?)\b"
        r".{0,80}\b(?:only (?:allow|permit|open|ha[sv]e?|accept)\w*|(?:allow|permit|open|accept)s? only"
        r"|(?:does|do|did)(?:n't| not) (?:allow|permit|have|include|open)|no (?:inbound |ingress )?rule"
        r"|missing"
        r"|forgot\w*)",
        "security group",
        "security list",
        "nsg",
        "acl",
        "firewall",
        "ufw",
        "inbound rule",
        "ingress rule",
    ),
)
READERS: tuple[Reader, ...] = ()
