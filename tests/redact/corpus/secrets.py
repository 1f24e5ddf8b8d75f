# A row of a table stands on one line.
# ruff: noqa: E501
"""Secrets of every kind in the lines they turn up in; all are put together here and open nothing."""

import base64
import html
import json
import random
import string
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass

_ALNUM = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A text and the secrets none of whose eight-character windows may survive."""

    kind: str
    text: str
    secrets: tuple[str, ...]


class Mint:
    """Makes material that looks like secrets, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def of(self, length: int, alphabet: str = _ALNUM) -> str:
        return "".join(self._random.choice(alphabet) for _ in range(length))

    def hex(self, length: int) -> str:
        return self.of(length, _HEX)

    def word(self) -> str:
        """A password a person might choose: letters, a digit, a sign."""
        return f"{self.of(6, string.ascii_lowercase)}{self.of(2, '23456789')}{self.of(1, '!#%+')}{self.of(4)}"

    def wrapped(self, lines: int) -> str:
        return "\n".join(self.of(64, _ALNUM + "+/") for _ in range(lines))

    def b64(self, length: int) -> str:
        return base64.b64encode(self._random.randbytes(length)).decode()


def _b64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _jwt(mint: Mint) -> str:
    head, body = '{"alg":"HS256","typ":"JWT"}', f'{{"sub":"{mint.of(10)}"}}'
    return f"{_b64url(head)}.{_b64url(body)}.{mint.of(43)}"


def _pem(mint: Mint, label: str, *, lines: int = 12) -> str:
    dashes = "-" * 5
    return f"{dashes}BEGIN {label}{dashes}\n{mint.wrapped(lines)}\n{dashes}END {label}{dashes}"


_JOURNAL = "Nov 20 10:00:00 web-01 myapp[412]: "
_RSA, _EC, _SSH, _ENC, _PLAIN, _PGP = (
    f"{kind}PRIVATE KEY{tail}"
    for kind, tail in (
        ("RSA ", ""),
        ("EC ", ""),
        ("OPENSSH ", ""),
        ("ENCRYPTED ", ""),
        ("", ""),
        ("PGP ", " BLOCK"),
    )
)

#: Kind -> (a secret from the mint, the lines it turns up in; `¤` stands for it).
_LINES: dict[str, tuple[Callable[[Mint], str], tuple[str, ...]]] = {
    # Hard: none may ever be seen.
    "url_userinfo": (Mint.word, ("DATABASE_URL=postgresql://myapp:¤@10.88.0.250:5432/myapp", _JOURNAL + "cannot connect to amqp://shop:¤@mq.internal:5672/", "curl: (22) https://deploy:¤@git.shop.example/app.git")),
    "url_token": (lambda m: m.of(40), ("remote: https://¤@git.shop.example/shop/app.git", "origin  https://¤:x-oauth-basic@git.shop.example/app (fetch)")),
    "redis_url": (Mint.word, ("REDIS_URL=redis://:¤@10.88.0.9:6379/0", "CELERY_BROKER=rediss://default:¤@cache:6380")),
    "authorization_basic": (lambda m: base64.b64encode(f"bob:{m.word()}".encode()).decode(), ("Authorization: Basic ¤", "> authorization: basic ¤", '    proxy_set_header Authorization "Basic ¤";', "curl -H 'Authorization: Basic ¤' http://127.0.0.1:3000/")),
    "authorization_bearer": (lambda m: m.of(36), ("Authorization: Bearer ¤", '{"headers":{"Authorization":"Bearer ¤","Accept":"*/*"}}', "headers={'Authorization': 'Bearer ¤'}", _JOURNAL + "sent bearer ¤ to billing")),
    "authorization_token": (lambda m: m.hex(40), ("Authorization: Token ¤", "Proxy-Authorization: Digest ¤", "('Authorization', 'Token ¤')")),
    "jwt": (_jwt, ("token rejected: ¤", "Cookie: auth=¤; theme=dark", _JOURNAL + "invalid JWT ¤ (expired)")),
    "github": (lambda m: "gh" + "p_" + m.of(36), ("fatal: could not read ¤", "GH=¤ make deploy")),
    "github_fine": (lambda m: "github" + "_pat_" + m.of(22) + "_" + m.of(59), ("using ¤ for checkout",)),
    "github_app": (lambda m: "gh" + "s_" + m.of(36), ("https://x-access-token:¤@git.shop.example/a.git", "got ¤")),
    "gitlab": (lambda m: "gl" + "pat-" + m.of(20), ("PRIVATE-TOKEN: ¤", "pulling with ¤")),
    "gitlab_runner": (lambda m: "gl" + "rt-" + m.of(20), ("runner registered with ¤",)),
    "aws_secret": (lambda m: m.of(40, _ALNUM + "/+"), ("AWS_SECRET_ACCESS_KEY=¤", "aws_secret_access_key = ¤", '"SecretAccessKey": "¤"')),
    "aws_key_id": (lambda m: "AK" + "IA" + m.of(16, string.ascii_uppercase + "234567"), ("signing with ¤", "aws_access_key_id=¤")),
    "aws_session": (lambda m: "IQo" + "J" + m.of(180), ("AWS_SESSION_TOKEN=¤", "x-amz-security-token: ¤")),
    "google_api_key": (lambda m: "AI" + "za" + m.of(35), ("GET https://maps.example/api/js?key=¤&v=3 failed", "key ¤ rejected")),
    "google_oauth": (lambda m: "GOC" + "SPX-" + m.of(28), ("client ¤",)),
    "google_access": (lambda m: "ya" + "29." + m.of(60), ("refreshing ¤",)),
    "azure_storage": (lambda m: m.b64(64), ("DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=¤;EndpointSuffix=core.windows.net",)),
    "azure_bus": (lambda m: m.b64(32), ("Endpoint=sb://shop.example/;SharedAccessKeyName=root;SharedAccessKey=¤",)),
    "azure_client": (lambda m: m.of(3) + "8Q" + "~" + m.of(34), ("AADSTS7000215 for ¤",)),
    "azure_sas": (lambda m: urllib.parse.quote(m.b64(32), safe=""), ("GET https://shop.blob.example/c/a?sv=2024-08-04&se=2026-12-01&sr=b&sp=r&sig=¤ 403",)),
    "slack_bot": (lambda m: "xo" + "xb-" + m.of(12, string.digits) + "-" + m.of(24), ("SLACK=¤", "auth.test failed for ¤")),
    "slack_app": (lambda m: "xa" + "pp-1-" + m.of(11) + "-" + m.hex(64), ("connecting with ¤",)),
    "slack_webhook": (lambda m: f"T{m.of(8)}/B{m.of(8)}/{m.of(24)}", ("POST https://hooks." + "slack.com/services/¤ 404",)),
    "stripe": (lambda m: "sk" + "_live_" + m.of(24), ("stripe: invalid key ¤", "STRIPE=¤")),
    "stripe_webhook": (lambda m: "wh" + "sec_" + m.of(32), ("signing with ¤",)),
    "openai": (lambda m: "sk" + "-proj-" + m.of(48), ("401 for ¤",)),
    "ai_vendor": (lambda m: "sk" + "-ant-api03-" + m.of(80), ("401 for ¤",)),
    "huggingface": (lambda m: "h" + "f_" + m.of(34), ("downloading with ¤",)),
    "npm": (lambda m: "np" + "m_" + m.of(36), ("//registry.example/:_authToken=¤", "npm ERR! 403 ¤")),
    "pypi": (lambda m: "py" + "pi-" + m.of(120), ("uploading with ¤",)),
    "vault": (lambda m: "hv" + "s." + m.of(90), ("VAULT=¤ vault read x", "permission denied for ¤")),
    "terraform": (lambda m: m.of(14) + ".atlas" + "v1." + m.of(60), ("credentials ¤",)),
    "digitalocean": (lambda m: "do" + "p_v1_" + m.hex(64), ("doctl: ¤",)),
    "sendgrid": (lambda m: "S" + "G." + m.of(22) + "." + m.of(43), ("mail: 401 ¤",)),
    "mailgun": (lambda m: "ke" + "y-" + m.hex(32), ("mail via ¤",)),
    "twilio": (lambda m: "S" + "K" + m.hex(32), ("sms with ¤",)),
    "telegram": (lambda m: m.of(9, "123456789") + ":A" + "A" + m.of(33), ("https://api.telegram" + ".org/bot¤/sendMessage", "bot ¤ stopped")),
    "shopify": (lambda m: "shp" + "at_" + m.hex(32), ("sync with ¤",)),
    "atlassian": (lambda m: "ATA" + "TT3x" + m.of(180), ("jira: ¤",)),
    "grafana": (lambda m: "gl" + "sa_" + m.of(32) + "_" + m.hex(8), ("grafana: ¤",)),
    "docker_hub": (lambda m: "dckr" + "_pat_" + m.of(27), ("login with ¤",)),
    "databricks": (lambda m: "da" + "pi" + m.hex(32), ("job with ¤",)),
    "tailscale": (lambda m: "tsk" + "ey-auth-" + m.of(12) + "-" + m.of(32), ("up with ¤",)),
    "age_key": (lambda m: "AGE-SEC" + "RET-KEY-1" + m.of(58, string.ascii_uppercase), ("decrypting with ¤",)),
    "one_line_key": (lambda m: "MI" + "IEv" + m.of(800, _ALNUM + "+/"), ("key: ¤", "TLS_KEY_DER=¤")),
    "ssh_key_body": (lambda m: "b3Blbn" + "NzaC1rZXktdjE" + m.of(200), ("deploy ¤",)),
    # Soft: at least 95 of 100.
    "env_password": (Mint.word, ("DB_PASSWORD=¤", "export MYSQL_PWD=¤", "PGPASSWORD=¤ psql -h 10.88.0.250", "Environment=APP_PASS=¤ PORT=3000", 'Environment="SMTP_PASSWORD=¤"', "REDIS_PASS='¤'", 'DB_PASS="¤"')),
    "yaml": (Mint.word, ("password: ¤", "  db_password: '¤'", '    - secret: "¤"', "spring.datasource.password: ¤", "passphrase: ¤ # rotate")),
    "json": (Mint.word, ('{"user":"bob","password":"¤","n":1}', '{"db": {"passwd": "¤"}}', '{"msg":"{\\"password\\":\\"¤\\"}"}', "{'secret': '¤', 'id': 3}")),
    "ini": (Mint.word, ("password = ¤", "dbPassword=¤", "userPwd = ¤", "spring.mail.password=¤")),
    "libpq": (Mint.word, ("host=10.88.0.250 port=5432 user=myapp password=¤ dbname=myapp", "dsn=\"host=db password='¤' sslmode=require\"")),
    "ado": (Mint.word, ("Server=db;Database=shop;User Id=sa;Password=¤;Encrypt=true", "Data Source=db;uid=app;Pwd=¤;")),
    "go_dsn": (Mint.word, ("shop:¤@tcp(10.88.0.250:3306)/shop?parseTime=true",)),
    "jdbc": (Mint.word, ("jdbc:postgresql://10.88.0.250/shop?user=shop&password=¤", "jdbc:mysql://shop:¤@10.88.0.250/shop")),
    "argv": (Mint.word, ("/usr/bin/app --db-password ¤ --port 3000", "/usr/bin/app --password=¤", "app --api-key '¤' run", "keytool -storepass x -password ¤")),
    "mysql_argv": (Mint.word, ("mysql -uroot -p¤ shop", "mysqldump --single-transaction -u backup -p¤ shop", "/usr/bin/mysqladmin -p'¤' ping")),
    "curl_user": (Mint.word, ("curl -s -u bob:¤ http://127.0.0.1:3000/admin", 'curl --user "bob:¤" http://x/', "smbclient //nas/share -U backup%¤")),
    "tool_argv": (Mint.word, ("sshpass -p ¤ ssh web-02", "redis-cli -h 10.88.0.9 -a ¤ ping", "ldapsearch -x -D cn=admin -w ¤ -b dc=shop", "docker login -u bob -p ¤ registry.example", "htpasswd -b /etc/nginx/.htpasswd bob ¤", "openssl rsa -passin pass:¤ -in k.pem", "echo ¤ | sudo -S reboot")),
    "sql": (Mint.word, ("CREATE USER 'app'@'%' IDENTIFIED BY '¤';", "ALTER ROLE myapp WITH PASSWORD '¤';")),
    "api_key_header": (lambda m: m.of(32), ("X-Api-Key: ¤", "x-auth-token: ¤", "    proxy_set_header X-Api-Key ¤;", '    fastcgi_param X-Api-Key "¤";', "apikey: ¤")),
    "api_key_setting": (lambda m: m.hex(32), ("API_KEY=¤", "api-key: ¤", "billingApiKey: '¤'", "DATADOG_API_KEY=¤", "encryption_key=¤", "SECRET_KEY_BASE=¤")),
    "client_secret": (lambda m: m.of(40), ("client_secret=¤", "OAUTH_CLIENT_SECRET: ¤", 'webhookSecret = "¤"')),
    "cookie": (lambda m: m.hex(32), ("Cookie: session=¤; theme=dark", "Set-Cookie: sid=¤; Path=/; HttpOnly", "PHPSESSID=¤", "JSESSIONID=¤", "connect.sid=¤")),
    "session_id": (lambda m: m.hex(32), ("session_id=¤", "sessionId: '¤'", "csrf_token=¤")),
    "query": (lambda m: m.of(32), ('"GET /login?token=¤ HTTP/1.1" 302 0', '"GET /cb?state=open&code=¤ HTTP/1.1" 502', '"GET /x?access_token=¤&page=2 HTTP/1.1" 200', '"GET /reset?password=¤ HTTP/1.1" 200')),
    "presigned": (lambda m: m.hex(64), ("https://shop.s3.example/a?X-Amz-Date=20261120T100000Z&X-Amz-Signature=¤", "https://storage.example/a?X-Goog-Signature=¤")),
    "netrc": (Mint.word, ("machine git.shop.example login bob password ¤", "machine git.shop.example\n  login bob\n  password ¤\n")),
    "password_hash": (lambda m: f"$6${m.of(8)}${m.of(86)}", ("bob:¤:20000:0:99999:7:::", "hash ¤ rejected")),
    "htpasswd": (lambda m: f"$apr1${m.of(8)}${m.of(22)}", ("bob:¤",)),
    "phpass": (lambda m: f"$P$B{m.of(30)}", ("bob:¤",)),
    "werkzeug": (lambda m: f"scrypt:32768:8:1${m.of(16)}${m.hex(128)}", ("{'password_hash': '¤'}", "bob|¤")),
    "windows_hashes": (lambda m: f"{m.hex(32)}:{m.hex(32)}", ("Administrator:500:¤:::",)),
    "oracle": (Mint.word, ("jdbc:oracle:thin:shop/¤@db.shop.example:1521:ORCL", "sqlplus -s shop/¤@ORCL")),
    "bundler": (lambda m: f"shop:{m.of(20)}", ("BUNDLE_GEMS__SHOP__EXAMPLE=¤", 'BUNDLE_GEMS__SHOP__EXAMPLE: "¤"')),
    "bcrypt": (lambda m: f"$2y$10${m.of(53)}", ("alice:¤", '{"hash":"¤"}')),
    "redis_conf": (Mint.word, ("requirepass ¤", "masterauth ¤")),
    "pgpass": (Mint.word, ("10.88.0.250:5432:shop:myapp:¤", "*:*:*:myapp:¤")),
    "wireguard": (lambda m: m.b64(32), ("PrivateKey = ¤", "PresharedKey=¤")),
    "wifi": (Mint.word, ('        psk="¤"',)),
    "wordpress": (Mint.word, ("define('DB_PASSWORD', '¤');", 'define( "AUTH_KEY", "¤" );')),
    "secure_link": (Mint.word, ("    secure_link_secret ¤;",)),
    "broken_by_controls": (Mint.word, ("pass\x1b[0mword=¤", "pass\u200bword=¤", "pa\u00adssword: ¤", "\x1b]0;t\x07password=¤", "password\u202e=¤", "pass\x00word=¤", "x\rpassword=¤")),
}  # fmt: skip

#: Private keys, whole and broken.
_PEM_LABELS = {
    "pem_rsa": _RSA,
    "pem_ec": _EC,
    "pem_openssh": _SSH,
    "pem_encrypted": _ENC,
    "pem_pkcs8": _PLAIN,
    "pem_pgp": _PGP,
}
#: What a known value looks like on its way: raw and encoded.
_ENCODINGS: tuple[Callable[[str], str], ...] = (
    lambda v: v,
    lambda v: base64.b64encode(v.encode()).decode(),
    lambda v: base64.b64encode(b"a:" + v.encode() + b"z").decode(),
    lambda v: base64.urlsafe_b64encode(b"ab:x" + v.encode()).decode(),
    lambda v: urllib.parse.quote(v, safe=""),
    urllib.parse.quote_plus,
    lambda v: v.encode().hex(),
    lambda v: v.encode().hex().upper(),
    lambda v: json.dumps(v)[1:-1],
    lambda v: json.dumps(json.dumps(v)[1:-1])[1:-1],
    lambda v: v.replace("/", r"\/"),
    html.escape,
)
#: How a line that is too long is broken: by a terminal, a shell script or YAML, the journal.
_BREAKS = ("\n", "\\\n    ", f"\n{_JOURNAL}")

HARD = frozenset([*_PEM_LABELS, *list(_LINES)[: list(_LINES).index("env_password")]])
KINDS = frozenset([*_PEM_LABELS, *_LINES])


def samples(rounds: int = 3) -> list[Sample]:
    """Every line of every kind, `rounds` times with other secrets."""
    found = []
    for seed in range(rounds):
        for kind, (make, lines) in _LINES.items():
            for number, line in enumerate(lines):
                secret = make(Mint(hash_of(kind, seed, number)))
                text = line.replace("¤", secret)
                found.append(Sample(kind=kind, text=text, secrets=(secret,)))
        found += [each for kind, label in _PEM_LABELS.items() for each in _pems(kind, label, seed)]
    return found


def known_forms(value: str) -> list[tuple[str, str]]:
    """A line with the value in some encoding, maybe broken in two, and the encoded value without the break."""
    whole = [(encode(value), encode(value)) for encode in _ENCODINGS]
    broken = [
        (f"{form[:half]}{each}{form[half:]}", form)
        for form, half in ((encode(value), len(encode(value)) // 2) for encode in _ENCODINGS[:3])
        for each in _BREAKS
    ]
    return [(f"{_JOURNAL}got {shown} from there", form) for shown, form in whole + broken]


def hash_of(kind: str, *numbers: int) -> int:
    """A seed that is the same in every run."""
    return sum(ord(character) * 31**place for place, character in enumerate(kind)) + sum(
        1009 ** (place + 1) * number for place, number in enumerate(numbers)
    )


def _pems(kind: str, label: str, seed: int) -> list[Sample]:
    block = _pem(Mint(hash_of(kind, seed)), label)
    lines = tuple(block.split("\n")[1:-1])
    shapes = (
        f"key follows\n{block}\nend of key",
        block.replace("\n", "\\n"),
        block.replace("\n", "\r\n"),
        "\n".join(_JOURNAL + line for line in block.split("\n")),
        "\n".join("    " + line for line in block.split("\n")),
        block.rsplit("\n", 1)[0],
        block.split("\n", 1)[1],
        "\n".join(block.split("\n")[3:-2]),
        block.replace("\n", " "),
        base64.b64encode(block.encode()).decode(),
    )
    encoded = (base64.b64encode(block.encode()).decode(),)
    return [Sample(kind=kind, text=text, secrets=encoded if text == encoded[0] else lines) for text in shapes]
