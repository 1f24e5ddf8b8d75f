"""A filter's opening that was taken away: plans of Terraform, and the commands of clouds and hosts.

Source: developer.hashicorp.com "terraform plan" (a `-` before what goes); aws ec2
revoke-security-group-ingress, az network nsg rule delete, gcloud compute firewall-rules delete; ufw(8)
`delete allow`, firewall-cmd(1) --remove-port, iptables(8) -D.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "filter_closed": "an opening of a packet filter was taken away; fields: port, who",
}
_OF_FILTERS = (
    r"(?:aws_(?:default_|vpc_)?(?:security_group|network_acl)\w*|google_compute_firewall"
    r"|azurerm_network_security_(?:rule|group)|openstack_networking_secgroup\w*|hcloud_firewall\w*"
    r"|digitalocean_firewall|kubernetes_network_policy\w*)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "filter_closed",
        rf"# \S{{0,80}}{_OF_FILTERS}\.\S+ (?:will be|must be|has been) (?:destroyed|deleted)",
        "will be",
        "must be",
        "has been",
        who="cloud",
    ),
    says(
        "filter_closed",
        r"\brevoke-security-group-ingress\b(?:.{0,160}--port (?P<port>\d+))?|\bnsg rule delete\b"
        r"|\bfirewall-rules delete\b",
        "revoke-security",
        "nsg rule delete",
        "firewall-rules delete",
        who="cloud",
    ),
    says("filter_closed", r"\bufw delete allow (?:in )?(?P<port>\d+)", "ufw delete allow", who="ufw"),
    says(
        "filter_closed",
        r"\bfirewall-cmd .{0,80}--remove-(?:port[= ](?P<port>\d+)|service|rich-rule|source)",
        "--remove-",
        who="firewalld",
    ),
    says(
        "filter_closed",
        r"\biptables (?:-t filter )?(?:-D|--delete) \w+ .{0,120}--dport (?P<port>\d+).{0,60}-j ACCEPT",
        "-j accept",
        who="iptables",
    ),
)
_RESOURCE = re.compile(rf"# \S{{0,80}}{_OF_FILTERS}\.\S+ (?:will be|must be) ")
_OTHER = re.compile(r"\A\s*# [\w.\[\]\"-]+ (?:will be|must be) ")
_PORT = re.compile(
    r"\A\s*(?P<sign>[-+]) .{0,80}?\b(?:from_port|to_port|port|destination_port_range)\s*=\s*\"?(?P<port>\d+)"
)


@given(_RESOURCE, _PORT)
def _plans(piece: Piece) -> Iterator[Sign]:
    """Ports behind a `-` in Terraform's plan for a filter, unless the plan opens them anew."""
    inside = False
    taken: dict[str, str] = {}
    given: set[str] = set()
    for line in piece.text.split("\n"):
        if _OTHER.match(line) or _RESOURCE.search(line):
            inside = _RESOURCE.search(line) is not None
        elif inside and (found := _PORT.match(line)):
            if found["sign"] == "-":
                taken.setdefault(found["port"], line.strip())
            else:
                given.add(found["port"])
    for port, line in taken.items():
        if port not in given:
            yield Sign(kind="filter_closed", line=line, fields={"port": port, "who": "cloud"})


READERS: tuple[Reader, ...] = (_plans,)
