"""nginx's test of its configuration: what it refuses, and that it passed.

Source: ngx_conf_file.c, ngx_hash.c, ngx_event_openssl.c, nginx.c ("test is successful"); the modules'
own words.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "config_invalid",
        r"\[emerg\](?! .{0,30}(?:bind\(\)|still could not bind"
        r"|host not found in (?!\"[^\"]*\" of the \"listen)|listen\(\)"
        r"|could not resolve host))"
        r"(?:.*?(?P<text>(?:unknown|invalid|duplicate|unexpected|cannot|no |\w+\(\"|\").{0,300}?))?"
        r"(?: in (?P<file>/?[^\s:]+:\d+))",
        "[emerg]",
    ),
    says(
        "config_invalid",
        r"\[emerg\].{0,20}?(?P<text>(?:open|SSL_\w+|PEM_\w+|BIO_\w+|mkdir|getpwnam|getgrnam|dlopen"
        r"|chown|socket(?=\(\) .{1,80}family not supp))\(.{1,120}failed.*)",
        "[emerg]",
    ),
    says(
        "config_invalid",
        r"\[emerg\].{0,20}(?P<text>(?:cannot load|no \"?(?:ssl_certificate|events|servers|port)"
        r"|unknown|invalid|unexpected|could not build|module \"|duplicate|the shared memory|SSL_"
        r"|\"\w+\" directive |directive \").*)",
        "[emerg]",
    ),
    says("config_invalid", r"nginx: configuration file (?P<file>\S+) test failed", "test failed"),
    says(
        "config_invalid",
        r"(?:configuration file \S+ test failed|nginx.{0,40}(?:config"
        r"|configuration) (?:test )?(?:is invalid|failed|error))",
        "test failed",
        "nginx",
    ),
    says(
        "config_invalid",
        r"(?P<text>(?:unknown directive \"[^\"]+\"|directive \"[^\"]+\" (?:is not terminated"
        r"|has no opening|is not allowed)"
        r"|\"\w+\" directive (?:is not allowed here|is duplicate|invalid value)"
        r"|invalid number of arguments in"
        r"|unexpected end of file, expecting)).{0,40} in (?P<file>\S+:\d+)",
        "directive",
        "arguments in",
        "end of file",
    ),
    says(
        "config_invalid",
        r"\A\W*(?:\w+: )?(?P<text>unknown directive \"[^\"]+\"|unexpected end of file, expecting \""
        r"|invalid parameter \""
        r"|directive \"\w+\" is not terminated by|unknown \"\w+\" variable|duplicate (?:upstream"
        r"|location) \"|open\(\) \"?/\S{1,200}\.pid\"? failed \(13: )",
        ".pid",
        "unknown",
        "unexpected end",
        "invalid parameter",
        "is not terminated",
        "duplicate",
    ),
    says(
        "config_invalid",
        r"(?P<text>could not build (?:the )?\w+_hash, you should increase.*"
        r"|\"\w+_buffers?(?:_size)?\" must be (?:less|equal|greater|at least).*"
        r"|SSL_CTX_use_(?:PrivateKey|certificate)\w*\(.{1,120}failed.*)",
        "could not build",
        '" must be ',
        "ssl_ctx_use_",
    ),
    # "syntax is ok" is but half of the test: its files are opened after that.
    says("config_valid", r"configuration file \S+ test is successful", "test is successful"),
    says(
        "config_invalid",
        r"(?P<text>\w+_zone \"[^\"]*\" is already bound to key .{0,80})",
        "is already bound to key",
    ),
)
READERS: tuple[Reader, ...] = ()
