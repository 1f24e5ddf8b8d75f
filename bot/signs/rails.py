"""Rails, Bundler, and GitLab's own parts (Workhorse, gitlab-ctl).

Source: rails railties, activerecord; bundler errors.rb; gitlab-workhorse internal/{badgateway,upstream};
omnibus-gitlab.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "old_release": "a process is tied to a release that is gone or replaced; fields: app, path",
    "release_link": "where the link to the current release points; fields: path",
    "release_used": "a process or log names the release it works in; fields: path",
}

PATTERNS: tuple[Pattern, ...] = (
    # Rails and Bundler
    says(
        "app_error",
        r"(?P<text>Completed 5\d\d (?:Internal Server Error|\w[\w ]*) in \S+)",
        "completed 5",
        app="rails",
    ),
    says(
        "app_error",
        r"FATAL -- : (?:\[[^\]]*\] )?(?:\[[^\]]*\] )?(?P<error>[A-Z][\w:]*(?:Error|Exception"
        r"|NotFound|Invalid|Missing)\w*)(?: \((?P<text>.*)\))?",
        "fatal -- :",
        app="rails",
    ),
    says("app_failed", r"(?P<text>(?:rake|rails|bin/rails) aborted!)", "aborted!", app="rails"),
    says(
        "missing_module",
        r"(?:cannot load such file|no such file to load) -- (?P<name>\S+)",
        "cannot load such file",
        "no such file to load",
        app="ruby",
    ),
    says(
        "missing_module",
        r"Could not find (?:gem )?'?(?P<name>[\w.-]+)'?.*? in (?:any of the (?:gem )?sources"
        r"|locally installed gems|gems? repository|rubygems|cached gems)",
        "could not find",
        app="bundler",
    ),
    says(
        "missing_module",
        r"(?:Bundler::GemNotFound|bundler: command not found: (?P<name>\S+)"
        r"|can't find gem (?:\S+)|Gem::(?:MissingSpec|LoadError)\w*)",
        "gemnotfound",
        "command not found",
        "can't find gem",
        "gem::",
        app="bundler",
    ),
    says(
        "app_failed",
        r"(?P<text>Your Ruby version is \S+, but your Gemfile specified \S+)",
        "your ruby version is",
        app="bundler",
    ),
    says(
        "app_failed",
        r"(?P<text>uninitialized constant \S+ \(NameError\))",
        "uninitialized constant",
        app="ruby",
    ),
    says(
        "missing_setting",
        r"Missing `?(?P<name>secret_key_base)|(?:secret_key_base"
        r"|SECRET_KEY_BASE).{0,60}(?:must be|is not set|missing)",
        "secret_key_base",
        app="rails",
    ),
    says(
        "missing_setting",
        r"Missing encryption key to decrypt file|MessageEncryptor::InvalidMessage"
        r"|key must be (?:16|32) bytes",
        "encryption key to decrypt",
        "messageencryptor::invalidmessage",
        "key must be",
        app="rails",
        name="master.key",
    ),
    says(
        "old_release",
        r"(?:Bundler::GemfileNotFound|Could not locate Gemfile|GemfileNotFound).*?(?P<path>/\S*releases/\S*)",
        "gemfile",
        app="ruby",
    ),
    says(
        "old_release",
        r"(?P<path>/\S*/releases/\d{8,}\S*?)/\S* ?(?:\(LoadError\)|not found|does not exist"
        r"|\(Errno::ENOENT\)|: No such file)",
        "/releases/",
        app="ruby",
    ),
    says(
        "old_release",
        r"No such file or directory - getcwd|getcwd: cannot access parent directories"
        r"|The application root path .*does not exist|uv_cwd|ENOENT\b.{0,60}\bprocess\.cwd\b",
        "process.cwd",
        "getcwd",
        "application root path",
        "uv_cwd",
    ),
    says(
        "old_release",
        r"(?:No such file or directory|Errno::ENOENT|not "
        r"found).{0,40}?(?P<path>/\S*/releases/\d{8,}[^\s:')]*)",
        "/releases/",
        app="ruby",
    ),
    says(
        "old_release",
        r"(?P<path>\S*releases?/[\w.-]+)\W.{0,30}?\b(?:was|has been|had been|is|got) "
        r"(?:deleted|removed|cleaned|gone)",
        "release",
    ),
    says("old_release", r"(?:cwd|exe) -> .*\(deleted\)|\s/\S+/releases/\S+ \(deleted\)", "(deleted)"),
    says(
        "app_failed",
        r"(?:<top \(required\)>|config/(?:initializers|environment|application|boot|puma|unicorn)\S*\.rb)"
        r".{0,200}?(?P<text>\((?P<error>[\w:]*(?:Error|Exception|ENOENT|EACCES))\))",
        "(required)>",
        "config/",
        app="ruby",
    ),
    says(  # railties' commands/server: what it binds, before the server's own line
        "up_on_loopback",
        r"\bRails [\d.]{1,12}\w{0,10} application starting in \w{1,30} on https?://"
        r"(?:localhost|127\.0\.0\.1|\[::1\]):",
        "application starting in",
        app="rails",
    ),
    # GitLab
    says(
        "dial_missing",
        r"badgateway: failed to receive response: dial unix (?P<target>\S+?): connect: no such file",
        "badgateway",
        proxy="workhorse",
        protocol="http",
    ),
    says(
        "dial_refused",
        r"badgateway: failed to receive response: dial (?:unix"
        r"|tcp) (?P<target>\S+?): connect: connection refused",
        "badgateway",
        proxy="workhorse",
        protocol="http",
    ),
    says(
        "client_gone",
        r"badgateway: failed to receive response: context canceled",
        "badgateway",
        proxy="workhorse",
    ),
    says(
        "answer_closed",
        r"badgateway: failed (?:to receive response|after \d+s): (?:unexpected )?EOF",
        "badgateway",
        proxy="workhorse",
    ),
    says(
        "answer_timeout",
        r"badgateway: failed to receive response: .*(?:timeout|deadline exceeded)",
        "badgateway",
        proxy="workhorse",
    ),
    says(
        "app_failed",
        r"(?P<text>There was an error running gitlab-ctl reconfigure.*)",
        "error running gitlab-ctl",
        app="gitlab",
    ),
    says(
        "starting",
        r"GitLab is taking too much time to respond",
        "taking too much time to respond",
        app="gitlab",
    ),
    says("release_link", r"\bcurrent/? -> (?P<path>\S*releases/[\w.-]+)", "current"),
    says("release_used", r"^(?!.*current/? ->).*?(?P<path>/\S{0,200}?/releases/\d{8,})\b", "/releases/"),
)
READERS: tuple[Reader, ...] = ()
