"""Load balancers and platforms: AWS, Google Cloud, Azure, Cloudflare, Heroku, Fly, IIS.

Source: AWS "Access logs for your Application Load Balancer" and "… Classic Load Balancer", "Target group
health checks", "Troubleshoot your Application Load Balancers"; Google Cloud "External HTTP(S) LB logging"
(statusDetails); Cloudflare "5xx errors"; Heroku "Error codes"; Azure "Application Gateway: back-end health",
"502 errors"; Microsoft "Troubleshoot ASP.NET Core on IIS", winhttp.h error numbers (12002 …); fly.io
"Troubleshoot your deployment".
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "no_port_bound": "the platform does not find the app on the port it expects; fields: port, proxy",
    "boot_timeout": "the platform gave up waiting for the app's start; fields: proxy",
    "crash_page": "the platform says that the app crashed; fields: proxy, code",
}
_CL = {"proxy": "cloud"}
#: ALB: type time elb client target times elb_status target_status.
_ALB = r"(?:https?|h2|wss?|grpcs?) \S+Z \S+ \S+:\d+ (?P<target>\S+) (?!-1 -1 )\S+ \S+ \S+ "
#: -1 for the first of the times: the request was not sent to the target, for it took no connection.
_ALB_UNSENT = r"(?:https?|h2|wss?|grpcs?) \S+Z \S+ \S+:\d+ (?P<target>\S+:\d+) -1 -1 -1 "
_ALB_BARE = r"(?:https?|h2|wss?|grpcs?) \S+Z \S+ \S+:\d+ \S+ \S+ \S+ \S+ "
#: Classic ELB: time name client backend times elb_status; -1 as above.
_ELB = r"\A\S+Z [\w-]+ \S+:\d+ (?P<target>\S+:\d+) "
#: The router's line, or the code as people name it.
_HK = r"(?:at=error code=|\berror(?: code)?:? \(?|\bheroku\b.{0,40})"
_CF = r"(?:error(?: code)?:?|status(?:=| code:?)|HTTP/[\d.]+\"?) ?\"?"
PATTERNS: tuple[Pattern, ...] = (
    says("answer_closed", _ALB + r"502 - ", "z app/", **_CL),
    says("answer_closed", r"target_status_code\W{1,8}-(?=[\s`|\"]|$)", "target_status_code", **_CL),
    says("no_live", r"(?:https?|h2) \S+Z app/\S+ \S+:\d+ - -1 -1 -1 503 - ", "z app/", **_CL),
    says("answer_timeout", _ALB + r"504 - ", "z app/", **_CL),
    says("dial_timeout", _ELB + r"-1 -1 -1 504 0 ", " 504 0 ", **_CL),
    says("dial_failed", _ELB + r"-1 -1 -1 50[23] 0 ", " 502 0 ", " 503 0 ", **_CL),
    says("answer_timeout", _ELB + r"[\d.]+ -1 -1 504 0 ", " 504 0 ", **_CL),
    says("answer_closed", _ELB + r"[\d.]+ -1 -1 502 0 ", " 502 0 ", **_CL),
    says("no_live", r"\A\S+Z [\w-]+ \S+:\d+ - -1 -1 -1 503 0 ", " 503 0 ", **_CL),
    says("dial_timeout", _ALB_UNSENT + r"504 - ", "z app/", **_CL),
    says("dial_failed", _ALB_UNSENT + r"502 - ", "z app/", **_CL),
    says("client_gone", _ALB_BARE + r"460 ", "z app/", **_CL),
    says("status", _ALB + r"(?P<status>\d{3}) (?P<upstream_status>\d{3}) ", "z app/", **_CL),
    says(
        "answers",
        r"Target\.ResponseCodeMismatch|Health checks failed with these codes: \[(?P<status>\d+)",
        "responsecodemismatch",
        "health checks failed with",
    ),
    says("answers_not", r"Target\.(?P<reason>FailedHealthChecks)\b", "target."),
    says("not_reached", r"Target\.(?P<reason>Timeout)\b", "target.timeout"),
    # The same in words; and a cloud's host asked from outside: most often its filter is what is silent.
    says(
        "not_reached",
        r"\b(?:targets?|target groups?|instances?)\b.{0,40}\bunhealthy\b.{0,60}\btime[sd]?[- ]?out"
        r"|\b(?:public|external|elastic|floating) (?:IP|address)\b.{0,60}(?<!gateway )\btime[sd]?[- ]?out",
        "timeout",
        "timed out",
        "time out",
        "times out",
        "time-out",
        reason="timed out",
    ),
    says("no_live", r"\"?(?:HealthyHostCount)\"?\W{1,4}0\b", "healthyhostcount", **_CL),
    says("dial_failed", r"failed_to_connect_to_backend", "failed_to_connect", **_CL),
    says("no_live", r"failed_to_pick_backend", "failed_to_pick", **_CL),
    says(
        "answer_closed",
        r"backend_connection_closed_before_data_sent_to_client",
        "backend_connection_closed",
        **_CL,
    ),
    says(
        "answer_cut",
        r"backend_connection_closed_after_partial_response_sent",
        "backend_connection_closed",
        **_CL,
    ),
    says("answer_timeout", r"\bbackend_timeout\b", "backend_timeout", **_CL),
    says(
        "client_gone",
        r"client_disconnected_(?:before_any|after_partial)_response",
        "client_disconnected",
        **_CL,
    ),
    says("dial_refused", _CF + r"521\b|Web server is down", "521", "web server is down", **_CL),
    says("dial_timeout", _CF + r"522\b", "522", **_CL),
    says("dial_no_route", _CF + r"523\b|Origin is unreachable", "523", "origin is unreachable", **_CL),
    says("answer_timeout", _CF + r"524\b|A timeout occurred", "524", "a timeout occurred", **_CL),
    says("tls_alert", _CF + r"525\b|Error 525: SSL handshake failed", "525", alert="handshake failed"),
    says(
        "tls_unverified",
        _CF + r"526\b|Invalid SSL certificate",
        "526",
        "invalid ssl certificate",
        reason="526",
    ),
    says(
        "answer_invalid",
        _CF + r"520\b|Web server is returning an unknown error",
        "520",
        "unknown error",
        **_CL,
    ),
    says("crash_page", _HK + r"(?P<code>H10)", "h10", **_CL),
    says("answer_timeout", _HK + r"H12\b(?:.{0,80}path=\"?(?P<path>[^\s\"]+))?", "h12", **_CL),
    says("answer_closed", _HK + r"H13", "h13", **_CL),
    says("no_live", _HK + r"H14", "h14", **_CL),
    says("answer_closed", _HK + r"H1[8]", "h18", **_CL),
    says("boot_timeout", _HK + r"(?:H20|R10)|Error R10|Boot timeout", "h20", "r10", "boot timeout", **_CL),
    says("dial_refused", _HK + r"H21", "h21", **_CL),
    says("connections_limit", _HK + r"H(?:11|22)", "code=h11", "code=h22"),
    says("client_gone", _HK + r"H27|code=H27", "code=h27", **_CL),
    says("answer_timeout", _HK + r"H(?:15|28)", "h15", "h28", **_CL),
    says("dial_timeout", _HK + r"H19", "h19", **_CL),
    says(
        "out_of_memory", r"Error R1[45] \(Memory quota (?:vastly )?exceeded\)", "memory quota", limit="dyno"
    ),
    says("exited", r"State changed from (?:up|starting) to (?P<who>crashed)", "state changed from"),
    says("exited", r"Process exited with status (?P<code>[1-9]\d*)", "process exited with status"),
    says("no_port_bound", r"Web process failed to bind to \$PORT", "failed to bind to $port", **_CL),
    says(
        "no_port_bound",
        r"(?:failed to start and listen on the port defined provided by the|defined by the) PORT="
        r"(?P<port>\d+)",
        "port=",
        **_CL,
    ),
    says(
        "listening",
        r"^\s*(?P<process>[\w./-][\w./ -]{0,60}?)\s{1,20}\|\s+"
        r"(?P<address>\[[^\]]*\]|[\d.]+):(?P<port>\d+)\s*$",
        "|",
        inside="container",
    ),
    says(
        "no_port_bound",
        r"The app is not listening on the expected address",
        "not listening on the expected",
        **_CL,
    ),
    says(
        "no_port_bound",
        r"instance refused connection. is your app listening on \S+:(?P<port>\d+)",
        "instance refused connection",
        **_CL,
    ),
    says("no_port_bound", r"No open (?:HTTP )?ports detected", "no open", **_CL),
    says(
        "no_port_bound", r"didn't respond to HTTP pings on port: (?P<port>\d+)", "http pings on port", **_CL
    ),
    says("no_live", r"could not find a good candidate within \d+ attempts", "good candidate", **_CL),
    says("no_live", r"ERRORINFO_UPSTREAM_NO_LIVE", "errorinfo_upstream", **_CL),
    says("answer_timeout", r"ERRORINFO_UPSTREAM_TIMED_OUT", "errorinfo_upstream", **_CL),
    says("answer_closed", r"ERRORINFO_UPSTREAM_CLOSED_CONNECTION", "errorinfo_upstream", **_CL),
    says("tls_unverified", r"(?P<reason>ERRORINFO_UPSTREAM_\w*CERT\w*)", "errorinfo_upstream"),
    says(
        "dial_failed",
        r"Cannot connect to backend server\. Check whether any NSG",
        "cannot connect to backend",
        **_CL,
    ),
    says("answers", r"Received invalid status code: (?P<status>\d{3}) in the backend", "invalid status code"),
    says(
        "answer_timeout",
        r"Time taken by the backend to respond to application gateway",
        "time taken by the backend",
        **_CL,
    ),
    says(
        "tls_unverified",
        r"(?P<reason>Common Name of the leaf certificate|root certificate of the server certificate "
        r"used by the backend)",
        "certificate",
    ),
    says(
        "app_failed",
        r"(?P<error>HTTP Error 50[02]\.\d+) - (?P<text>ANCM [\w -]+|.{0,40}Startup Failure)",
        "http error 50",
        app="aspnetcore",
    ),
    says(
        "app_failed",
        r"(?P<text>failed to start process with commandline .{0,200})",
        "failed to start process",
        app="aspnetcore",
    ),
    says(
        "app_failed",
        r"Application '.{0,160}' (?:failed to start|wasn't able to start)\.?(?P<text>.{0,200})",
        "application '",
        app="aspnetcore",
    ),
    says("answer_timeout", r" 502 3 12002\b|0x80072ee2", " 12002", "0x80072ee2", **_CL),
    says("dial_refused", r" 502 3 12029\b|0x80072efd", " 12029", "0x80072efd", **_CL),
    says("answer_reset", r" 502 3 120(?:30|31)\b|0x80072efe", " 1203", "0x80072efe", **_CL),
    says("name_unresolved", r" 502 3 12007\b|0x80072ee7", " 12007", "0x80072ee7"),
    says("answer_invalid", r" 502 3 12152\b|0x80072f78", " 12152", "0x80072f78", **_CL),
    says("tls_unverified", r" 502 3 12175\b|0x80072f8f", " 12175", "0x80072f8f"),
    says("no_live", r"502\.4|Error Code:? 502\.4", "502.4", **_CL),
)
READERS: tuple[Reader, ...] = ()
