"""What managed balancers and the controllers of clusters say of a backend: certificates, services, tunnels.

Source: Azure "Application Gateway: troubleshoot backend health" (certificate messages); Google Cloud
"Application Load Balancer logging" (statusDetails); aws-load-balancer-controller and ingress-gce events;
Cloudflare "Error 1033"; HAProxy src/check.c (info of an invalid answer, bytes as <15>).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_SVC = r"\\?\"?(?P<service>[\w.-]+/[\w.-]+|[\w.-]+)\\?\"?"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "tls_unverified",
        r"(?P<reason>[Bb]ackend server certificate is (?:not whitelisted|invalid|expired|not signed)"
        r"|Common Name \(CN\) of the backend(?: server)? certificate|(?:intermediate|leaf|root) certificate "
        r"(?:is missing from|was not found|must be)|certificate chain .{0,40}doesn.t match"
        r"|ssl_certificate_chain_verification_failed|ssl_san_verification_failed)",
        "certificate",
        "ssl_san",
    ),
    says(
        "answer_not_protocol",
        r"\bfailed_to_negotiate_alpn\b",
        "failed_to_negotiate",
        wants="h2",
    ),
    # An alert or another record of TLS where HAProxy's check spoke plain HTTP.
    says(
        "answer_not_protocol", r"Layer7 invalid response.{0,30}\"<1[56]><03>", "layer7 invalid", wants="https"
    ),
    says(
        "service_missing",
        rf"(?:could not find|unable to find port \S{{1,40}} (?:on|of|in)) service {_SVC}",
        "could not find service",
        "unable to find port",
    ),
    says(
        "no_live", r"\bArgo Tunnel error\b|\bError(?: code:?)? 1033\b", "1033", "argo tunnel", proxy="cloud"
    ),
)
READERS: tuple[Reader, ...] = ()
