"""Whose the port or address is that is asked: a stranger's, a placeholder's, the own router's, the host's.

Source: systemctl(1) "status" (Main PID with the process's name); packager.io's main unit, which runs
`sleep infinity` and leaves the work to units of their own; RFC 4787 section 6 (hairpinning); common English.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "placeholder": "a unit is active and its main process only sleeps: the app is not that; fields: process",
    "port_stranger": "somebody does not know which program has the port; fields: what, port",
    "own_public_dialled": "behind NAT the proxy is told the host's own public address; fields: what",
    "fpm_ended_told": "somebody writes that the service of PHP-FPM ends with an error; fields: what",
    "proxy_reaches_box": "from the proxy's container the app's container is reached; fields: what",
}
_PROXY = r"(?:nginx|npm|proxy|caddy|traefik|haproxy|swag)(?:'s)?(?: proxy)?(?: manager)?"
_PUT = r"(?:defined|set|configured|entered|used|put|specified|given|use|enter|gave)"
_OWN_PUBLIC = (
    r"(?:our|my|the|its|the server's) (?:own )?(?:public|external|wan) (?:ipv?4?|address)(?: address)?\b"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "placeholder",
        r"Main PID: \d+ \((?P<process>sleep|tail)\)",
        "main pid:",
    ),
    says(
        "port_stranger",
        r"(?P<what>\b(?:no idea|don'?t know|do not know|not sure|unsure|wonder\w*|unclear|can'?t tell) "
        r"(?:what|who|which (?:process|program|service|app))(?:'s| is| else is| else)? "
        r"(?:(?:already|running|listening|sitting|answering|us(?:es|ing)|ha[sv]\w*|occupying|bound) ){0,2}"
        r"(?:on |to )?(?:that |this |the )?port\b:? ?(?P<port>\d{2,5})?)",
        "port",
    ),
    says(
        "own_public_dialled",
        rf"(?P<what>\bbehind (?:a |an |the |our |my )?(?:\w+ )?NAT\b.{{0,80}}\b{_PUT} {_OWN_PUBLIC}"
        rf"|\b{_PUT} {_OWN_PUBLIC}.{{0,80}}\bbehind (?:a |an |the |our |my )?(?:\w+ )?NAT\b)",
        "nat",
    ),
    says(
        "fpm_ended_told",
        r"(?P<what>\b(?:php[\d.]*-fpm[\d.]*|php-?fpm)(?: service)? (?:service )?"
        r"(?:then |always |itself |also ){0,2}"
        r"(?:stop(?:s|ped)?|fail(?:s|ed)?|end(?:s|ed)?|exit(?:s|ed)?|die[sd]?|crash(?:es|ed)?|quits?)\b"
        r".{0,20}\b(?:with|by|on|due to|because of|after) (?:an? |the )?"
        r"(?:\w+ )?(?:error|time-?out|failure|status|exit code)\b)",
        "fpm",
    ),
    says(
        "proxy_reaches_box",
        rf"(?P<what>\b(?:from|in|inside|within) (?:the |my )?{_PROXY} "
        r"(?:shell|console|container|terminal|bash)\b"
        r".{0,20}\b(?:can|could|able to) (?:\w+ )?(?:ping|reach|resolve|curl|wget) "
        r"(?:the |my |that |this )?(?:\w+ )?container\b"
        r"|\bcan (?:ping|reach|curl|wget) (?:the |my |that |this )?(?:\w+ )?container\b.{0,30}"
        rf"\b(?:from|in|inside|within) (?:the |my )?{_PROXY} (?:shell|console|container|terminal|bash)\b)",
        "container",
    ),
)
READERS: tuple[Reader, ...] = ()
