"""Which product stands in front of the app, where the text shows one and no other.

What mends a cause is a setting, and settings have other names in every product. A name in prose is weak:
people tell what they used before, and what the app's image is built on. So words count that only the product
itself writes, or that only its configuration holds; its bare name counts where nothing else is named.

Source: the products' own documentation, as mends.toml lists it; wordings of their lines as in bot/signs.
"""

import re
from collections.abc import Mapping

from bot.model.sign import Signs
from bot.rules._hinted import Hinted
from bot.rules._once import lower_text
from bot.signs.words import folded

#: Product -> how people call it.
NAMES: Mapping[str, str] = {
    "apache": "Apache",
    "aws": "the AWS load balancer",
    "azure_app": "Azure App Service",
    "azure_gateway": "Azure Application Gateway",
    "caddy": "Caddy",
    "cloud_run": "Cloud Run",
    "envoy": "Envoy",
    "gcp": "the Google Cloud load balancer",
    "haproxy": "HAProxy",
    "heroku": "Heroku",
    "istio": "Istio",
    "kong": "Kong",
    "nginx": "nginx",
    "nginx-proxy": "nginx-proxy",
    "openshift": "OpenShift",
    "traefik": "Traefik",
    "varnish": "Varnish",
}
#: Built on the other: where both show, it is the one whose settings people touch.
_BUILT_ON: Mapping[str, str] = {
    "istio": "envoy",
    "kong": "nginx",
    "nginx-proxy": "nginx",
    "openshift": "haproxy",
}
#: Lines and settings of one product alone.
_OWN: Mapping[str, Hinted] = {
    name: Hinted(re.compile(words, re.IGNORECASE | re.MULTILINE))
    for name, words in {
        "nginx": r"\[(?:emerg|alert|crit|error|warn)\] \d{1,10}#\d{1,10}:"
        r"|\bnginx: \[(?:emerg|alert|crit|warn)\]|\bSSL handshaking to upstream\b"
        r"|\bwhile (?:connecting to|reading response header from|sending request to) upstream\b"
        r"|\b(?:proxy|fastcgi|uwsgi|grpc|scgi)_pass\s+\S|^[ \t]{0,20}server:\s{0,3}(?:nginx|openresty)\b"
        r"|<center>(?:nginx|openresty)|\bopenresty/\d|\bnginx/\d\.\d{1,3}|\bno live upstreams\b",
        "traefik": r"\btraefik\.(?:https?|tcp|udp|enable|docker|frontend|backend|port|protocol|io)\b"
        r"|\btraefik\.containo\.us\b|\bkind: (?:IngressRoute|TraefikService|ServersTransport)\b"
        r"|'5\d\d [A-Z][a-z]{2,12}[A-Za-z ]{0,24}' caused by:"
        r"|--providers\.(?:docker|file|kubernetes\w{2,7})\b"
        r"|\bimage:\s{0,4}[\"']?(?:[\w./-]{1,60}/)?traefik\b|\*file\.Provider\b|\bfield not found, node: "
        r"|\bfailed to decode configuration from (?:flags|file)\b",
        "caddy": r"\bCaddyfile\b|\bhttp\.handlers\.reverse_proxy\b|\"logger\":\s?\"http\.(?:log|reverse)"
        r"|\bhttp\.log\.error\b|^[ \t]{0,20}reverse_proxy\s+\S|^[ \t]{0,20}server:\s{0,3}caddy\b"
        r"|\bimage:\s{0,4}[\"']?(?:[\w./-]{1,60}/)?caddy\b|\blucaslorentz/caddy"
        r"|\bloading (?:initial|new) config: ",
        "haproxy": r"\bhaproxy\[\d|\bhaproxy\.cfg\b|\[(?:ALERT|WARNING)\]\s{1,4}\(?\d{1,3}/\d{6}|/<NOSRV>"
        r"|\boption httpchk\b|\bFatal errors found in configuration\b|\bhas no server available!"
        r"|\bimage:\s{0,4}[\"']?(?:[\w./-]{1,60}/)?haproxy\b",
        "apache": r"\bAH0(?:0898|1102|1114|095[7-9]|10[67]\d|111\d|0940|2432|1230)\b"
        r"|\bProxyPass(?:Match|Reverse)?\b|\bBalancerMember\b|\bmod_proxy\w{0,12}\b"
        r"|\[proxy(?:_\w{1,12})?:\w{1,8}\]|\bSetHandler \"proxy:"
        r"|\bThe proxy server (?:received an invalid|could not handle the) re(?:sponse|quest)"
        r"|\bDNS lookup failure for:|\bSyntax error on line \d{1,6} of /|\bapachectl\b"
        r"|\bInvalid command '[^']{1,80}', perhaps misspelled|\bAH00526\b",
        "envoy": r"\bupstream connect error or disconnect/reset before headers\b"
        r"|^[ \t]{0,20}server:\s{0,3}envoy\b"
        r"|\bno healthy upstream\b|\bupstream_reset_before_response_started\b|/envoy/source/"
        r"|\benvoyproxy\b|\bx-envoy-\w|\[source/common/\w",
        "istio": r"\bistio-(?:proxy|ingressgateway|system)\b|\bistio\.io/|\bistioctl\b"
        r"|\bkind: (?:VirtualService|DestinationRule|ServiceEntry)\b",
        "kong": r"\bserver: kong\b|\bKONG_[A-Z]{2,}|\bkonghq\b|/usr/local/kong\b|\bkong\.conf\b"
        r"|\bvia:\s{0,3}(?:\d(?:\.\d)? )?kong/|^[ \t]{0,20}server:\s{0,3}kong/",
        "aws": r"\belb_status_code\b|\bawselb/\d|\btarget[- ]groups?\b|\bapp/[\w-]{1,64}/[0-9a-f]{16}\b"
        r"|\bElastic ?(?:Beanstalk )?Load ?Balanc|\bAWS (?:ALB|NLB|ELB)\b|\balb\.ingress\.kubernetes\.io\b"
        r"|\bTarget\.(?:FailedHealthChecks|ResponseCodeMismatch|Timeout)\b|\belasticloadbalancing\b",
        "gcp": r"\b130\.211\.0\.0/22\b|\b35\.191\.\d{1,3}\.\d{1,3}\b"
        r"|\bfailed_to_(?:pick_backend|connect_to_backend)"
        r"|\bbackend_(?:connection_closed|timeout|early_response)_?\w{0,40}"
        r"|\bcloud\.google\.com/(?:neg|backend-config)"
        r"|\b(?:GCP|GCE|Google Cloud) (?:external )?(?:HTTP\(?S?\)? )?(?:load ?balancer|LB|ingress)\b",
        "azure_app": r"\bWEBSITES?_(?:PORT|SITE_NAME|ENABLE_APP_SERVICE_STORAGE|CONTAINER_START_TIME_LIMIT)\b"
        r"|\bazurewebsites\.net\b|\bAzure (?:Web ?)?App ?Services?\b",
        "azure_gateway": r"\bMicrosoft-Azure-Application-Gateway\b|\bAzure (?:Application|App) ?Gateway\b",
        "cloud_run": r"\b(?:Google )?Cloud Run\b|\b[\w-]{1,60}\.a\.run\.app\b|\bgcloud run\b",
        "heroku": r"\bheroku\[(?:router|web)|\bcode=H\d\d\b|\bError R10\b|\bherokuapp\.com\b",
        "nginx-proxy": r"\bVIRTUAL_(?:HOST|PORT)\b|\b(?:jwilder|nginxproxy)/nginx-proxy\b",
        "openshift": r"\broute\.openshift\.io\b|\bkind: Route$|\boc (?:get|expose|describe|new-app)\b"
        r"|\bhaproxy-router\b|\bopenshift-ingress\b",
        "varnish": r"\bVarnish\b|\bX-Varnish\b|\bVCC-compiler:|\bVCL compilation failed"
        r"|\bvarnishd\b|\bvcl 4\.",
    }.items()
}
#: Its bare name, where it cannot be taken for anything else; Apache is also Tomcat's and Kafka's house.
_NAMED: Mapping[str, Hinted] = {
    name: Hinted(re.compile(words, re.IGNORECASE if words.islower() else 0))
    for name, words in {
        "nginx": r"nginx|\bopenresty\b|\btengine\b",
        "traefik": r"\btr[aæ]e?fik\b",
        "caddy": r"\bcaddy\b",
        "haproxy": r"\bhaproxy\b",
        "apache": r"\b(?:[Aa]pache2?|httpd|HTTPD)\b",
        "envoy": r"\benvoy\b",
        "istio": r"\bistio\b",
        "kong": r"(?<!\bHong )(?<!\bhong )\b[Kk]ong\b",
        "aws": r"\b(?:ALB|NLB|ELB)s?\b|\bApplication Load Balancer\b",
        "heroku": r"\bheroku\b",
        "openshift": r"\bopenshift\b",
    }.items()
}

#: What people put in front of a proxy of their own: where one is named as well, either may be meant.
_PLATFORMS = frozenset({"aws", "azure_app", "azure_gateway", "cloud_run", "gcp", "heroku"})
_PROXIES = frozenset({"caddy", "envoy", "haproxy", "kong", "nginx", "traefik"})


def in_front(signs: Signs) -> str:
    """A key of NAMES, `nginx` where its own lines stand there; empty where none shows, or two compete."""
    by_sign = {sign["proxy"] for sign in signs.all if sign.kind != "proxy_blamed"} & NAMES.keys()
    text, lowered = signs.text, lower_text(signs)
    shown = _without_base(by_sign | _shown(text, lowered))
    if len(shown) > 1:
        return ""
    named = _without_base({name for name, words in _NAMED.items() if words.search(text, lowered)})
    if shown:
        return "" if shown <= _PLATFORMS and named & _PROXIES else shown.pop()
    return named.pop() if len(named) == 1 and named != {"apache"} else ""


def of_line(line: str) -> str:
    """The product that alone writes such a line; empty where none does, or several could."""
    shown = _without_base(_shown(line, folded(line)))
    return next(iter(shown)) if len(shown) == 1 else ""


def _shown(text: str, lowered: str) -> set[str]:
    return {name for name, words in _OWN.items() if words.search(text, lowered)}


def _without_base(names: set[str]) -> set[str]:
    return names - {base for name, base in _BUILT_ON.items() if name in names}
