"""Node.js, npm, yarn, pm2, Next.js, Nuxt, Vite, Deno, Bun.

Source: nodejs/node lib/internal/errors.js, lib/net.js, src/node_errors.cc (OnFatalError), doc/api/errors.md;
V8 heap.cc FatalProcessOutOfMemory; pm2 lib/God.js, lib/God/ForkMode.js, lib/API/UX/pm2-ls.js; npm
lib/utils/error-message.js; vercel/next.js packages/next/src/server; http-proxy-middleware, vite proxy.ts.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_LISTEN = r"(?P<address>\[[0-9a-f:]*\]|[\w.*-]*):(?P<port>\d{2,5})\b"

PATTERNS: tuple[Pattern, ...] = (
    # People quote it otherwise, or not at all.
    says(
        "missing_module",
        r"\bcan(?:not|'t) find (?:module|package) ['\"`]?(?P<name>[\w@./-]{2,120})",
        "not find",
        "can't find",
        app="node",
    ),
    says("missing_module", r"(?:ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND)", "module_not_found", app="node"),
    says(
        "missing_module",
        r"(?<!s)sh: (?:\d+: )?(?P<name>[\w.@/-]+): (?:not found|command not found|Permission denied)",
        "sh: ",
        app="node",
    ),
    says(
        "missing_module",
        r"Could not find a production build in the '(?P<name>[^']+)' directory",
        "could not find a production build",
        app="next",
    ),
    says(
        "missing_module",
        r"ENOENT: no such file or directory, (?:open|scandir|stat"
        r"|lstat) '(?P<name>[^']*(?:package\.json|\.next|dist|build|BUILD_ID|\.output|\.js|\.env"
        r"|config)[^']*)'",
        "enoent: no such file",
        app="node",
    ),
    says(
        "missing_module",
        r"Module not found \"(?P<name>[^\"]+)\"|error: Cannot find package \"(?:[^\"]+)\"",
        "module not found",
        "cannot find package",
        app="deno",
    ),
    says(
        "heap_exhausted",
        r"JavaScript heap out of memory|Reached heap limit Allocation failed"
        r"|CALL_AND_RETRY_LAST Allocation failed|Ineffective mark-compacts near heap limit"
        r"|invalid array length Allocation failed|ERR_WORKER_OUT_OF_MEMORY",
        "heap",
        "allocation failed",
        "worker_out_of_memory",
        app="node",
    ),
    says(
        "port_taken",
        r"listen EADDRINUSE:? (?:address already in use )?(?P<address>[\w.*\[\]:]*?):(?P<port>\d{2,5})\b",
        "listen eaddrinuse",
        who="node",
    ),
    says(
        "port_taken",
        r"listen EADDRINUSE:? (?:address already in use )?(?P<path>/\S+)",
        "listen eaddrinuse",
        who="node",
    ),
    says("port_taken", r"Port (?P<port>\d{2,5}) is (?:already )?in use", "in use", who="app"),
    says(
        "app_failed",
        r"(?P<text>listen (?P<error>EACCES|EADDRNOTAVAIL)\b.*)",
        "listen eacces",
        "listen eaddrnotavail",
        app="node",
    ),
    says(
        "app_failed",
        r"(?P<text>npm (?:ERR!|error) .*[Mm]issing script: .*"
        r"|error Command \"[^\"]+\" not found\.|error Couldn't find a package\.json.*)",
        "missing script",
        "not found",
        "couldn't find a package",
        app="npm",
    ),
    says("exited", r"npm (?:ERR!|error) (?:errno|Exit status|code) (?P<code>[1-9]\d*)", "npm err", who="npm"),
    says(
        "exited",
        r"npm (?:ERR!|error) (?:code ELIFECYCLE|Lifecycle script .* failed)"
        r"|error Command failed with exit code (?P<code>\d+)",
        "elifecycle",
        "lifecycle script",
        "command failed with exit code",
        who="npm",
    ),
    says(
        "app_failed",
        r"^.{0,80}?(?P<text>(?P<error>ERR_REQUIRE_ESM|ERR_OSSL_EVP_UNSUPPORTED|ERR_DLOPEN_FAILED"
        r"|ERR_UNKNOWN_FILE_EXTENSION|ERR_INVALID_PACKAGE_TARGET)\b.*)",
        "err_",
        app="node",
    ),
    says(
        "app_failed",
        r"(?P<text>digital envelope routines::unsupported|was compiled against a different Node\.js version.*"
        r"|The engine \"node\" is incompatible.*|Unsupported engine.*|node: bad option.*"
        # Next.js, Vite, n8n, Strapi; Astro, Angular's CLI.
        r"|\b(?:Your|You are (?:using|running)|version of) Node(?:\.js)?\b.{0,80}"
        r"\b(?:not supported|require[sd]?)\b.*"
        r"|\bNode(?:\.js)? (?:version )?v?\d[\w.]* (?:is not supported by|detected\. The) .*"
        # Ghost's CLI, of the app's own end.
        r"|\bGhost was able to start, but errored during boot with: .*)",
        "digital envelope",
        "different node.js version",
        "incompatible",
        "bad option",
        *("node.js", " node ", "errored during boot"),
        app="node",
    ),
    says(
        "crashed",
        r"triggerUncaughtException\(|throw er; // Unhandled 'error' event"
        r"|Emitted 'error' event on|\bUncaught Exception\b|ERR_UNHANDLED_REJECTION|^\W*(?:\S+ +"
        r"\| +)?Node\.js v\d+\.\d+\.\d+\s*$",
        "triggeruncaught",
        "unhandled 'error'",
        "emitted 'error'",
        "uncaught exception",
        "err_unhandled_rejection",
        "node.js v",
        who="node",
    ),
    says(
        "app_error",
        r"(?P<text>UnhandledPromiseRejectionWarning.*|Unhandled (?:promise )?rejection.*"
        r"|Unhandled Rejection at.*)",
        "unhandledpromise",
        "unhandled promise",
        "unhandled rejection",
        app="node",
    ),
    says(
        "app_error",
        r"\u2a2f? ?(?P<text>(?P<error>TypeError|ReferenceError|RangeError): .*)",
        "typeerror:",
        "referenceerror:",
        "rangeerror:",
        app="node",
    ),
    says(
        "request_too_big",
        r"HPE_HEADER_OVERFLOW|Parse Error: Header overflow|431 Request Header Fields Too Large",
        "header_overflow",
        "header overflow",
        "431 request header",
        app="node",
    ),
    # proxies written in Node, in front of an app in development
    says(
        "dial_refused",
        r"(?:Error occurred while (?:trying to )?proxy\w*(?: request)? .*? to "
        r"(?:https?://)?(?P<target>[\w.\[\]:-]+?:\d+).*ECONNREFUSED)",
        "econnrefused",
        proxy="node",
    ),
    says(
        "dial_refused",
        r"Proxy error: Could not proxy request .*? to (?:https?://)?(?P<target>[\w.\[\]:-]+?)/?\."
        r"? ?\(?(?:.*ECONNREFUSED)",
        "proxy error",
        proxy="node",
    ),
    # pm2
    says("exited", r"App \[(?P<who>[^\]:]+):\d+\] exited with code \[(?P<code>\d+)\]", "exited with code ["),
    says("worker_booted", r"App \[(?P<app>[^\]:]+):\d+\] online", "] online"),
    says("starting", r"App \[(?P<app>[^\]:]+):\d+\] starting in", "] starting in"),
    says("start_limit", r"Script (?P<unit>\S+) had too many unstable restarts", "too many unstable restarts"),
    says(
        "stopped",
        r"pid=\d+ msg=process killed|App \[(?P<who>[^\]:]+):\d+\] will restart"
        r"|Stopping app:(?:\S+)",
        "msg=process killed",
        "will restart",
        "stopping app:",
    ),
    # servers
    says(
        "listening",
        r"(?:started server on|(?<!nothing is )(?<!nobody is )(?<!no one is )(?<!not )Listening(?: on)?"
        r"|(?<!- )Local:|- Local:(?! +https?://localhost)"
        r"|Network:|Loopback:|server running at"
        r"|running at:?|available on:?|ready on|Accepting connections at) +(?:https?://)" + _LISTEN,
        "started server on",
        "listening",
        "local:",
        "network:",
        "loopback:",
        "running at",
        "available on",
        "ready on",
        "accepting connections",
        inside="app",
    ),
    # Next.js and Vue CLI bind every address, and show it as localhost.
    says("listening", r"- Local: +https?://localhost:(?P<port>\d{2,5})", "- local:", inside="app"),
    says("listening", r"started server on " + _LISTEN, "started server on", inside="app", process="next"),
    says(
        "started",
        r"\u2713 Ready in|Nest application successfully started|VITE v\S+ +ready in"
        r"|compiled successfully|Compiled successfully|Nitro\S* built|webpack compiled",
        "ready in",
        "successfully started",
        "compiled",
        "nitro",
        app="node",
    ),
    says(
        "starting",
        r"> (?:[\w@/.-]+ )?(?:next|nuxt|vite|nest|node|react-scripts"
        r"|vue-cli-service)(?: \w+)? (?:build|start|dev|serve)\b"
        r"|Creating an optimized production build|Starting the development server",
        "> ",
        "optimized production build",
        "starting the development",
        app="node",
    ),
    says(
        "app_error",
        r"(?P<text>Failed to find Server Action .*|ChunkLoadError: .*)",
        "failed to find server action",
        "chunkloaderror",
        app="next",
    ),
    says(
        "old_release",
        r"Failed to find Server Action .*older or newer deployment|ChunkLoadError: Loading chunk \S+ failed",
        "older or newer deployment",
        "chunkloaderror",
        app="next",
    ),
)
READERS: tuple[Reader, ...] = ()
