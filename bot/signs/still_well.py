"""What shows that nothing fails although a log warns, and what fails only while a platform wakes an app.

Source: the words of monitors ("100% uptime"), counts of statuses as people cut them from an access log;
Heroku "Dyno sleeping", Render "spins down", Cloud Run and Knative "scale to zero", Azure Container Apps
(system log "The TargetPort N does not match the listening port M").
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "on_waking": "it fails while a sleeping app is being woken, or at its cold start; fields: what",
    "none_failed": "a monitor or a count of statuses shows that no request failed; fields: what",
}
_FAILS = r"(?:50[234]s?|bad gateway|errors?|fails?|failing|unavailable)"
_WAKES = (
    r"(?:(?:wak(?:es?|ing|en\w*)|woken|spin(?:s|ning)? up|spun up|com(?:es|ing) back"
    r"|start(?:s|ing)?) ?(?:up )?"
    r"(?:again )?(?:from|after) (?:an? |its |being )?"
    r"(?:\w+ )?(?:idle|sleep\w*|inactivity|zero|hibernation|suspend\w*)"
    r"|cold[- ]start(?:s|ed|ing)?|scal(?:es?|ed|ing) (?:up )?from (?:zero|0)|wake-?up)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "on_waking",
        rf"(?P<what>\b{_FAILS}\b.{{0,60}}\b(?:when|while|on|during|after|at|upon|whenever|until)\b.{{0,40}}"
        rf"\b{_WAKES})",
        *("wak", "woken", "spin", "spun", "cold", "from zero", "from 0", "idle", "sleep"),
    ),
    says(
        "on_waking",
        rf"(?P<what>\b(?:when|while|on|during|after|at|upon|each|every|whenever)\b.{{0,40}}\b{_WAKES}\b"
        rf".{{0,80}}\b{_FAILS}\b)",
        *("wak", "woken", "spin", "spun", "cold", "from zero", "from 0", "idle", "sleep"),
    ),
    says(
        "none_failed",
        r"(?P<what>\b(?:uptime|monitor\w*|pingdom|statuscake|check)\b"
        r"(?:(?!cpu|load|ram|mem|disk).){0,40}\b100 ?%"
        r"(?!.{0,30}(?:cpu|load|down))|\b100(?:\.0+)? ?% (?:uptime|availab\w+|success\w*)"
        r"|\b\d{1,9} ?x 200\b(?!.{0,80}\b50\d\b)"
        r"|\ball (?:requests? )?(?:are |were |got |have )?(?:status )?200s?\b"
        r"|\b(?:no|zero|0|not a single|not one) (?:5xx|50[0234]s?)\b(?! page).{0,40}"
        r"\b(?:log|access|hour|minute|day|night|week|month|at all|since|anywhere)\b)",
        *("uptime", "monitor", "pingdom", "statuscake", "check", "availab", "success", "x 200", "x200"),
        *("all ", "no 5", "zero 5", "0 5", "not a single 5", "not one 5"),
    ),
    says(
        "no_port_bound",
        r"The TargetPort (?P<port>\d{2,5}) does not match (?:the listening port|any of the listening ports)",
        "the targetport",
        proxy="cloud",
    ),
)
READERS: tuple[Reader, ...] = ()
