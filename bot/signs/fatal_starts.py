"""A start that ends with a line of the highest level, whatever the app; and what ready-made apps miss.

Source: level names of zerolog (FTL), logrus and zap (fatal), go-kit (crit), glog and klog (F0312), Gitea's
modules/log ([F]); Strapi, Keycloak, NestJS ExceptionHandler, .NET's FileConfigurationProvider, Rust std::env,
google-auth, Elasticsearch's BootstrapChecks.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
#: Nothing that only says a client or a store misbehaved.
_OWN = r"(?!.*(?:\bFATAL:  |shutting down|too many clients))"

PATTERNS: tuple[Pattern, ...] = (
    says(
        "app_failed",
        _OWN + r".*(?P<text>\blevel=[\"']?(?:fatal|panic)\b.*|\"(?:level|severity|lvl)\": ?\"(?:fatal|panic|"
        r"FATAL|EMERGENCY)\".*|\blvl=crit\b.*)",
        "fatal",
        "panic",
        "lvl=crit",
        "emergency",
        app="app",
    ),
    says("app_failed", r"(?P<text>(?:^|\d[AP]M |\d )FTL (?P<error>.*))", "ftl", app="go"),
    says(
        "app_failed",
        r"(?P<text>(?:^|\s)F\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ [\w.-]+:\d+\] (?P<error>.*))",
        ".go:",
        ".cc:",
        app="app",
    ),
    says("app_failed", r"(?P<text>\S+\(\) \[F\] (?P<error>.*))", "[f]", app="gitea"),
    says("missing_setting", r"(?P<name>App keys) are required\b", "app keys are", app="strapi"),
    says(
        "missing_setting",
        r"Missing (?P<name>[\w.]+(?:Secret|\.secret|Salt))\b.{0,20}Please(?:,)? set",
        "missing ",
        app="strapi",
    ),
    says(
        "missing_setting",
        r"Strict hostname resolution configured but no (?P<name>hostname)|hostname is not configured",
        "hostname",
        app="keycloak",
    ),
    says(
        "missing_setting",
        r"The configuration file '(?P<name>[^']+)' was not found and is not optional",
        "is not optional",
        app="dotnet",
    ),
    says(
        "missing_setting",
        r"panicked at .*(?P<name>EnvVar\(NotPresent\)|value: NotPresent\b|environment variable not found)",
        "notpresent",
        "variable not found",
        app="rust",
    ),
    says(
        "missing_setting",
        r"^\s*called `Result::unwrap\(\)` on an `Err` value: (?P<name>(?:EnvVar\()?NotPresent)",
        "notpresent",
        app="rust",
    ),
    says(
        "missing_setting",
        r"Could not load the default (?P<name>credentials)|could not find default (?:credentials)",
        "default credentials",
        app="gcloud",
    ),
    says(
        "app_failed",
        r"(?P<text>Nest can't resolve dependencies of .*|Nest could not find .* element.*)",
        "nest can",
        "nest could",
        app="nest",
    ),
    says(
        "app_failed",
        r"(?P<text>bootstrap check(?:s)? fail(?:ed|ure).*|vm\.max_map_count \[\d+\] is too low.*)",
        "bootstrap check",
        "max_map_count",
        app="elasticsearch",
    ),
    says(
        "app_failed",
        r"(?P<text>Mismatching encryption keys\b.*|FATAL Unable to initialize (?:the )?\w+.*"
        r"|failed to retrieve PostgreSQL server_version_num.*)",
        "mismatching enc",
        "unable to initialize",
        "server_version_num",
        app="app",
    ),
)
READERS: tuple[Reader, ...] = ()
