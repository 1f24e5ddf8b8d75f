"""puma, unicorn, thin, WEBrick, Passenger (Rails, Bundler, GitLab: rails.py).

Source: puma lib/puma/{launcher,cluster,binder,events,runner}.rb; unicorn lib/unicorn/http_server.rb,
socket_helper.rb; passenger src/agent/Core (SpawningKit, ApplicationPool),
src/cxx_supportlib/WatchdogLauncher.h (nginx goes on without Passenger then).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_LISTEN = r"(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):(?P<port>\d{2,5})\b"

PATTERNS: tuple[Pattern, ...] = (
    # puma
    says(
        "listening",
        r"\* Listening on (?:https?|tcp|ssl)://" + _LISTEN,
        "listening on",
        inside="app",
        process="puma",
    ),
    says(
        "listening",
        r"\* Listening on unix://(?P<path>[^\s?]+)",
        "listening on unix",
        inside="app",
        process="puma",
    ),
    says("starting", r"Puma starting in (?:single|cluster) mode", "puma starting in", app="puma"),
    says("starting", r"\* Preloading application", "preloading application", app="puma"),
    says("started", r"- Worker \d+ \(PID: \d+\) booted", "booted", app="puma"),
    says(
        "worker_timeout",
        r"Terminating timed out worker(?: \(.*?\))?:? (?P<pid>\d+)?",
        "terminating timed out worker",
        app="puma",
    ),
    says(
        "app_failed",
        r"\.rb:\d{1,5}:in [`'][^']{1,120}': (?P<text>[^()]{1,300}) \((?P<error>[\w:]{3,60})\)\s{0,9}$",
        ".rb:",
        app="ruby",
    ),
    says(
        "app_failed",
        r"! (?P<text>Unable to (?:load application|start worker).*)",
        "unable to load application",
        "unable to start worker",
        app="puma",
    ),
    says(
        "answer_not_protocol",
        r"Are you trying to open an SSL connection to a non-SSL Puma",
        "ssl connection to a non-ssl",
        protocol="https",
        wants="http",
    ),
    says(
        "app_error",
        r"(?P<text>Puma caught this error: .*|Rack app error.*)",
        "puma caught this error",
        "rack app error",
        app="puma",
    ),
    says(
        "stale_file",
        r"There is already a server bound to:? (?P<path>\S+)",
        "already a server bound",
        who="puma",
    ),
    says(
        "stale_file",
        # The sentence's own full stop is no part of the path.
        r"A server is already running"
        r"(?:(?: \(pid: \d+, file:|\. Check) (?P<path>[^\s)]{1,200}?)\W{0,3}(?:\s|$))?",
        "a server is already running",
        who="rails",
    ),
    says(
        "stopped",
        r"Gracefully stopping, waiting for requests to finish|=== puma shutdown",
        "gracefully stopping",
        "puma shutdown",
        who="puma",
    ),
    says("started", r"Use Ctrl-C to stop", "use ctrl-c to stop", app="puma"),
    # unicorn
    says(
        "worker_timeout",
        r"worker=\d+ PID:(?P<pid>\d+) timeout \((?P<after>\d+)s > \d+s\), killing",
        "killing",
        app="unicorn",
    ),
    says(
        "killed",
        r"reaped #<Process::Status: pid \d+,? ?SIG(?:KILL|TERM) \(signal (?P<signal>\d+)\)>",
        "reaped #<process::status",
        who="unicorn worker",
    ),
    says(
        "crashed",
        r"reaped #<Process::Status: pid \d+,? ?SIG(?:SEGV|ABRT|BUS|ILL) \(signal (?P<signal>\d+)\)",
        "reaped #<process::status",
        who="unicorn worker",
    ),
    says(
        "exited",
        r"reaped #<Process::Status: pid \d+,? ?exit (?P<code>[1-9]\d*)>",
        "reaped #<process::status",
        who="unicorn worker",
    ),
    says(
        "started", r"master process ready|worker=\d+ ready", "master process ready", " ready", app="unicorn"
    ),
    says("starting", r"\brefreshing Gem list", "refreshing gem list", app="unicorn"),
    says(
        "listening",
        r"listening on addr=(?:http://)?(?P<address>[\w.\[\]:*-]*?):(?P<port>\d{2,5}) fd=",
        "listening on addr=",
        inside="app",
        process="unicorn",
    ),
    says(
        "listening",
        r"listening on addr=(?P<path>/\S+)",
        "listening on addr=/",
        inside="app",
        process="unicorn",
    ),
    says(
        "stale_file",
        r"(?:already running on PID|Already running on PID):\d+(?: \(or pid=(?P<path>\S+) is stale\))?",
        "already running on pid",
        who="unicorn",
    ),
    says(
        "port_taken",
        r"adding listener failed addr=(?:(?P<address>[\w.\[\]*-]+):(?P<port>\d+)|(?P<path>/\S+)) \(in use\)",
        "adding listener failed",
        who="unicorn",
    ),
    says(
        "port_taken",
        r"Address already in use - bind\(2\) for \"?(?P<address>[\w.:\[\]*-]*)\"? port (?P<port>\d+)",
        "address already in use - bind",
        who="ruby",
    ),
    says(
        "port_taken",
        r"Address already in use - (?:connect\(2\) for )?(?P<path>/\S+\.sock(?:et)?)\b",
        "address already in use - ",
        who="ruby",
    ),
    # thin, WEBrick, Falcon
    says(
        "listening",
        r">> Listening on (?:" + _LISTEN + r"|(?P<path>/\S+))(?:, CTRL\+C to stop)?",
        ">> listening on",
        inside="app",
        process="thin",
    ),
    says(
        "listening",
        r"WEBrick::HTTPServer#start: pid=\d+ port=(?P<port>\d+)",
        "webrick::httpserver#start",
        inside="app",
        process="webrick",
    ),
    says(
        "app_error",
        r"(?P<text>!! Unexpected error while processing request.*)",
        "unexpected error while processing",
        app="thin",
    ),
    # Passenger
    says(
        "app_failed",
        r"(?P<text>Web application could not be started"
        r"|Could not spawn process for (?:application|group) .*"
        r"|The application encountered the following error:.*"
        r"|An error occurr?ed while starting (?:up the )?(?:preloader|web application|the web application).*"
        r"|A timeout occurred while (?:starting|spawning) .*"
        r"|Unable to start the Phusion Passenger(?:\(R\))? watchdog .*"
        r"|did not write a startup response in time)",
        "could not be started",
        "could not spawn process",
        "following error:",
        "passenger",
        "while starting",
        "while spawning",
        "startup response",
        app="passenger",
    ),
    says(
        "pool_exhausted",
        r"Request queue full\. Returning an error|(?:request )?queue is full\. Returning",
        "returning",
        app="passenger",
    ),
    says("app_failed", r"(?P<text>Could not find server \"[^\"]*\")", "could not find server", app="rails"),
)
READERS: tuple[Reader, ...] = ()
