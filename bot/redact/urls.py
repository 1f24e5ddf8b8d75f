"""Credentials inside URLs and data source names.

Sources: RFC 3986 section 3.2.1 (userinfo); libpq "Connection Strings"; go-sql-driver DSN format;
Azure "Service SAS" (`sig`); AWS Signature Version 4 query parameters; Google signed URLs.
"""

import re

from bot.redact.randomness import is_random
from bot.redact.rule import Rule

_STORES = (
    r"(?i:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|mssql|sqlserver|oracle|ldaps?|smtps?)"
)
_PARAMETERS = (
    r"(?i:sig|signature|access_token|id_token|refresh_token|auth_token|token|auth|jwt|password|passwd|pwd|pass"
    r"|secret|client_secret|api_?key|apikey|access_?key|session|session_?id|sid|sessid|phpsessid|jsessionid"
    r"|x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|x-goog-credential|otp|ticket"
    r"|samlresponse|code_verifier|awsaccesskeyid|googleaccessid|hmac|nonce_token|magic|invite|reset_token"
    r"|[a-z0-9_.-]{1,40}?(?:secret|token|passw(?:or)?d|signature|pass|contrasena|senha|kennwort|passwort|parola))"
)


#: `host:8080?mail=a@b` has a port, not a password.
_PORT = re.compile(r"[0-9]{1,5}[?#]")


def _is_no_placeholder(match: re.Match[str]) -> bool:
    if _PORT.match(match["secret"]):
        return False
    return match["secret"][0] not in "$<{*" or len(match["secret"].strip("*")) > 8


URL_RULES = (
    Rule(
        # Sidekiq's paid gems: user and password of eight digits each, in a URL or in Bundler's settings.
        kind="gem-server",
        words=("contribsys",),
        pattern=re.compile(r"(?P<secret>[a-f0-9]{8}:[a-f0-9]{8})(?=@[^\s/]{0,32}contribsys)", re.IGNORECASE),
    ),
    Rule(
        kind="gem-server",
        words=("contribsys",),
        pattern=re.compile(
            r"contribsys[\w \t.-]{0,32}[\"'\s]{0,4}[=:>|,?]{1,5}[\s\"'`=]{0,6}"
            r"(?P<secret>[a-f0-9]{8}:[a-f0-9]{8})",
            re.IGNORECASE,
        ),
    ),
    Rule(
        kind="url-token",
        words=("://",),
        pattern=re.compile(r"://(?P<secret>[A-Za-z0-9_.~%+-]{20,256}+)(?::(?:x-oauth-basic|x|)?)?@"),
    ),
    Rule(
        kind="url-token",
        words=("://",),
        pattern=re.compile(r"://(?P<secret>[A-Za-z0-9_.~%+=!$&*-]{16,256}+)@"),
        is_secret=lambda match: is_random(match["secret"]),
    ),
    Rule(
        kind="url-user",
        words=("://",),
        pattern=re.compile(r"://(?P<secret>[A-Za-z0-9_.~%+=-]{16,128}+)(?=:[^\s/@\"'<>]{1,256}@)"),
        is_secret=lambda match: is_random(match["secret"]),
    ),
    Rule(
        kind="url-password",
        words=("://",),
        pattern=re.compile(
            rf"{_STORES}(?:\+[a-z0-9_]{{1,16}})?://[^\s/?#@:\"'<>]{{0,128}}+:(?P<secret>[^\s\"'<>]{{1,256}})@",
            re.ASCII,
        ),
        is_secret=_is_no_placeholder,
    ),
    Rule(
        kind="url-password",
        words=("://",),
        pattern=re.compile(r"://[^\s/?#@:\"'<>]{0,128}+:(?P<secret>[^\s/\"'<>]{1,256})@"),
        is_secret=_is_no_placeholder,
    ),
    Rule(
        kind="dsn-password",
        words=("@tcp(", "@unix(", "@udp("),
        pattern=re.compile(r"(?<![\w.-])[\w.-]{1,64}+:(?P<secret>[^\s@]{1,128}+)@(?:tcp|unix|udp)\("),
    ),
    Rule(
        # Oracle's `user/password@`, in JDBC URLs and behind its own programs.
        kind="dsn-password",
        words=("oracle:", "sqlplus", "expdp", "impdp", "sqlldr", "rman"),
        pattern=re.compile(
            r"(?:jdbc:oracle:(?:thin|oci):|(?<![\w/])(?:sqlplus|expdp|impdp|sqlldr|rman)\s(?:-\S{1,16}\s){0,4})[\"']?[\w.$#-]{1,64}/(?P<secret>[^\s\"'@/]{1,128})(?=@|[\"']?(?:\s|\Z))"
        ),
    ),
    Rule(
        # ThingsBoard's devices have their token in the path.
        kind="url-token",
        words=("/telemetry", "/attributes", "/rpc"),
        pattern=re.compile(r"/api/v1/(?P<secret>[A-Za-z0-9]{20})/(?:telemetry|attributes|rpc)"),
    ),
    Rule(
        kind="parameter",
        words=("?", "&", ";"),
        pattern=re.compile(rf"[?&;]{_PARAMETERS}=(?P<secret>[^\s&#\"'<>;]{{4,4096}}+)", re.ASCII),
        reach=64,
        is_secret=_is_no_placeholder,
        counts=False,
    ),
    Rule(
        kind="parameter",
        words=("key=", "?code=", "&code=", "?state=", "&state="),
        pattern=re.compile(r"[?&](?i:[a-z0-9_.-]{0,40}?key|code|state)=(?P<secret>[^\s&#\"'<>;]{16,4096}+)"),
        counts=False,
    ),
    Rule(
        kind="webhook",
        words=("hooks", "discord", "office.com/webhook", "api.telegram.org/bot", "events.pagerduty.com/"),
        pattern=re.compile(
            # `hooks[.]slack[.]com`: addresses are written so where nobody shall follow them.
            r"(?:hooks.{1,3}slack.{1,3}com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/"
            r"|office\.com/webhook(?:b2)?/|hooks\.zapier\.com/hooks/catch/|events\.pagerduty\.com/integration/"
            r"|api\.telegram\.org/bot)(?P<secret>[^\s\"'<>]{8,512}+)"
        ),
    ),
)
