"""PHP-FPM and PHP itself, in FPM's own log and as nginx quotes it ("FastCGI sent in stderr").

Source: php-src sapi/fpm/fpm (fpm_children.c, fpm_process_ctl.c, fpm_request.c, fpm_sockets.c, fpm_conf.c,
fpm_unix.c, fpm.c), sapi/fpm/fpm/fpm_main.c "Primary script unknown", main/main.c, Zend/zend_alloc.c.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "php_changed": "somebody writes that another version of PHP was put in place; fields: version",
    "script_unknown": "FPM does not find the script it is asked for; fields: path",
    "fpm_absent": "there is no PHP-FPM unit or program of that name; fields: unit",
    "fpm_complains": "PHP-FPM does not come up, by its own words; fields: text",
    "slow_request": "an app server notes a request that takes long; fields: app, path, after",
    "pool_busy": "an app server runs short of free workers; fields: app, limit",
}

_CHILD = r"child \d+,? (?:\(.*?\) )?exited on signal "

PATTERNS: tuple[Pattern, ...] = (
    says(
        "php_changed",
        r"(?<!not )(?<!n't )\b(?:chang|switch|upgrad|updat|mov|migrat|downgrad)\w*\b[^.]{0,40}(?<![.\w])php"
        r"(?:(?:[- ]?fpm)? version\b|(?:[- ]?fpm)?(?: from \S{1,8})?(?: to)? ?(?P<version>[5-9](?:\.\d)?)\b)",
        "php",
    ),
    says(
        "php_changed",
        r"\bphp(?:[- ]?fpm)? version (?:chang|switch|updat|upgrad)\w*"
        r"|\b(?:chang|switch)\w* (?:the )?version to (?P<version>[5-9]\.\d)\b",
        "version",
    ),
    says(
        "pool_exhausted",
        r"reached (?:pm\.)?max_children setting(?: \((?P<limit>\d+)\))?",
        "max_children setting",
        app="php-fpm",
    ),
    says("pool_busy", r"seems busy \(you may need to increase pm\.", "seems busy", app="php-fpm"),
    says(
        "worker_timeout",
        r"(?:child (?P<pid>\d+), script .*?)?execution timed out \((?P<after>[\d.]+) sec\), terminating",
        "execution timed out",
        app="php-fpm",
    ),
    says(
        "slow_request", r"executing too slow \((?P<after>[\d.]+) sec\)", "executing too slow", app="php-fpm"
    ),
    says("crashed", _CHILD + r"(?P<signal>4|6|7|8|11)\b", "exited on signal", who="php-fpm child"),
    says(
        "crashed", r"child exited on signal (?P<signal>4|6|7|8|11)\b", "child exited on", who="php-fpm child"
    ),
    says("killed", _CHILD + r"(?P<signal>9|15|31)\b", "exited on signal", who="php-fpm child"),
    says(
        "exited",
        r"\[pool [^\]]+\] child \d+ exited with code (?P<code>[1-9]\d*)",
        "exited with code",
        who="php-fpm child",
    ),
    says(
        "crashed",
        r"failed processes threshold \(\d+ in \d+ sec\) is reached, initiating reload",
        "failed processes threshold",
        who="php-fpm child",
    ),
    says(
        "started",
        r"fpm is running, pid|NOTICE: ready to handle connections",
        "fpm is running",
        "ready to handle",
        app="php-fpm",
    ),
    says(
        "stopped",
        r"NOTICE: (?:exiting, bye-bye!|Terminating \.\.\.)",
        "bye-bye",
        "terminating ...",
        who="php-fpm",
    ),
    says("fpm_complains", r"(?P<text>FPM initialization failed)", "fpm initialization failed"),
    says(
        "fpm_complains",
        r"(?P<text>unable to bind listening socket for address .*|failed to load configuration file.*"
        r"|Unable to (?:create|write to) the PID file.*"
        r"|Another FPM instance seems to already listen on .*|An another FPM instance seems to .*"
        r"|No pool defined\. at least one pool section.*|failed to post process the configuration"
        r"|\[pool [^\]]+\] (?:cannot get [ug]id for .*|user has not been defined|please specify user.*"
        r"|the chroot path .*|the slowlog .*|failed to (?:open|read) .*))",
        "unable to bind listening",
        "failed to load configuration",
        "the pid file",
        "fpm instance seems",
        "no pool defined",
        "failed to post process",
        "[pool",
    ),
    says(
        "port_taken",
        r"unable to bind listening socket for address "
        r"'(?:(?P<path>/[^']+)|(?P<address>[^':]*):?(?P<port>\d+)?)': "
        r"Address (?:already )?in use",
        "unable to bind listening",
        who="php-fpm",
    ),
    says(
        "port_taken",
        r"Couldn't create FastCGI listen socket on port (?P<address>[^\s:]*):?(?P<port>\d+)",
        "fastcgi listen socket",
        who="php-cgi",
    ),
    says(
        "fpm_absent",
        r"(?:Unit |Failed to \w+ )(?P<unit>php[\w.-]*?fpm[\w.-]*?)(?:\.service)?:? (?:could not "
        r"be found|not found|not loaded|Unit php\S+ not (?:found|loaded))",
        "not found",
        "not be found",
        "not loaded",
    ),
    says(
        "fpm_absent",
        r"(?P<unit>php[\w.-]*fpm[\w.-]*): (?:command not found|unrecognized service)",
        "command not found",
        "unrecognized service",
    ),
    # The script.
    says("script_unknown", r"Primary script unknown", "primary script unknown"),
    # FPM's own page, and nothing else on the line.
    says("script_unknown", r"^\s*File not found\.\s*$", "file not found."),
    says(
        "script_unknown",
        r"Unable to open primary script: (?P<path>\S+) \(No such file or directory\)",
        "unable to open primary script",
    ),
    says("script_unknown", r"No input file specified", "no input file specified"),
    says(
        "script_unknown",
        r"Cannot get script name, are DOCUMENT_ROOT and SCRIPT_NAME",
        "cannot get script name",
    ),
    says(
        "script_unknown",
        r"AH01071: Got error '(?:Primary script unknown|PHP message: .*Primary script)",
        "ah01071",
    ),
    says(
        "app_error",
        r"(?P<text>Unable to open primary script: \S+ \((?!No such)[^)]*\)"
        r"|Access to the script '[^']*' has been denied.*)",
        "unable to open primary",
        "access to the script",
        app="php",
    ),
    # PHP itself.
    says(
        "no_memory",
        r"Allowed memory size of \d+ bytes exhausted|Out of memory \(allocated \d+\)",
        "allowed memory size",
        "out of memory (allocated",
        who="php",
    ),
    says(
        "app_error",
        r"PHP (?:message: PHP )?(?P<error>Fatal error|Parse error|Core error|Compile error): +(?P<text>.*)",
        "fatal error",
        "parse error",
        "core error",
        "compile error",
        app="php",
    ),
    says(
        "app_error",
        r"(?:^|[\s\"])(?P<text>(?:Catchable )?Fatal error: (?:Uncaught |Maximum |Call to |Class "
        r"|Cannot |require).*)",
        "fatal error:",
        app="php",
    ),
    says(
        "missing_module",
        r"(?:require|include)(?:_once)?\(?(?:\(\))?:? ?[^:]*?(?P<name>\S*vendor/autoload\.php)",
        "vendor/autoload.php",
        app="php",
    ),
    says(
        "missing_module",
        r"Fatal error: .*?Class [\"']?(?P<name>[\w\\]+)[\"']? not found",
        "not found",
        app="php",
    ),
    says(
        "missing_module",
        r"^[^:]{0,40}?\bClass [\"'](?P<name>\w[\w\\]+)[\"'] not found",
        "not found",
        app="php",
    ),
    says(
        "missing_module",
        r"Call to undefined function (?P<name>(?:mb_|curl_|mysqli?_|pg_|gd_|image|json_|simplexml"
        r"|ctype|iconv|intl|opcache|apcu_)\w*)",
        "undefined function",
        app="php",
    ),
    says(
        "app_failed",
        r"(?P<text>Composer detected issues in your platform"
        r"|Your Composer dependencies require a PHP version.*)",
        "composer",
        app="php",
    ),
    says(
        "missing_setting",
        r"No application encryption key has been specified|(?P<name>APP_KEY)\b.*(?:missing|not set)",
        "encryption key",
        "app_key",
        app="laravel",
    ),
    says(
        "app_error",
        r"(?P<text>(?:production|local|staging)\.(?:ERROR|CRITICAL|EMERGENCY): .*)",
        "production.",
        "local.",
        "staging.",
        app="laravel",
    ),
    says(
        "app_error",
        r"(?P<text>request\.CRITICAL: Uncaught PHP Exception .*|Uncaught PHP Exception \S+.*)",
        "uncaught php exception",
        app="symfony",
    ),
    says(
        "app_error",
        r"The stream or file \"(?P<text>[^\"]+)\" could not be opened",
        "the stream or file",
        app="laravel",
    ),
    says(
        "noise",
        r"PHP (?:message: PHP )?(?:Notice|Deprecated|Strict Standards|Warning):",
        "php notice",
        "php deprecated",
        "php warning",
        "php strict",
        what="a PHP notice or warning",
    ),
)
READERS: tuple[Reader, ...] = ()
