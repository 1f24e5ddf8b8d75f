"""Values that stand beside a telling name without `=`; and keys that are no secret."""

import pytest

from bot.redact import clean
from bot.redact.randomness import is_random
from tests.redact.corpus.measure import survivors
from tests.redact.corpus.secrets import Mint

SECRET = Mint(23).of(32)
HEX = Mint(24).hex(32)


@pytest.mark.parametrize(
    "line",
    [
        'set $billing_token "¤";',
        "fastcgi_param SHOP_API_KEY ¤;",
        "    SetEnv BILLING_SECRET ¤",
        "proxy_set_header X-Billing-Key ¤;",
        "        - name: BILLING_KEY\n          value: ¤",
        '{"name": "BILLING_TOKEN", "value": "¤"}',
        '{\\"name\\":\\"BILLING_TOKEN\\",\\"value\\":\\"¤\\"}',
        '<add key="BillingKey" value="¤" />',
        "<billingToken>¤</billingToken>",
        "<password>¤</password>",
        "billing: invalid api key '¤'",
        "billing client: access token ¤ was rejected (401)",
        "using billing secret key: ¤",
        "BILLINGKEY=¤",
        "billingKey: '¤'",
        "X-Billing-Key: ¤",
        "env[BILLING_KEY] = ¤",
        "/usr/bin/app --billing-key ¤ --port 3000",
        "BILLING_KEY_2=¤",
        "GET /v2/?limit=1&billing_key=¤ HTTP/1.1",
        "billing ACCESS ¤",
        "billing-secret-¤",
        "billing PRIVATE key ¤",
        '<add key="Billing2Token" value="¤" />',
    ],
)
@pytest.mark.parametrize("secret", [SECRET, HEX], ids=["letters", "hex"])
def test_a_drawn_value_beside_a_telling_name_goes(line: str, secret: str) -> None:
    shown = clean(line.replace("¤", secret).encode()).text

    assert survivors(secret, shown) == []
    assert shown.split("[")[0].strip() != ""


@pytest.mark.parametrize(
    "line",
    [
        "cache_key: views/products/¤",
        "partition key ¤ moved to shard 3",
        "gpg: using RSA key ¤",
        "public_key=¤",
        "PRIMARY KEY (¤)",
        "key: value pairs read: 42",
        "monkey=¤",
        "keyring-¤",
        "kms_key_id=¤",
        'secret "nginx-7d4b9c6f5d-x2x8k" not found',
        "<Key>uploads/2026/11/file-0001.jpg</Key>",
        "- name: API_TOKEN_FILE\n  value: /run/secrets/token",
        "set $upstream_key billing-v2;",
        "/tmp/systemd-private-¤-nginx.service-Xy1",
        "public key ¤",
        "net.ipv4.tcp_fastopen_key = 00000000-00000000-00000000-00000000",
        "key: Censys1Key",
    ],
)
def test_a_key_that_opens_nothing_stays(line: str) -> None:
    text = line.replace("¤", HEX)

    assert clean(text.encode()).text == text


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("billing: access key ¤ was rejected", "abcdefghijkmnpqrstuvwxyzab"),
        ("billing SECRET ¤", "1234567890123456789012345678"),
        ("billing TOKEN ¤", "ABC1234-GHI5678-JKL9012-MNO3456"),
        ("billing: invalid token '¤'", "MVdohD3JO348t"),
        ("billing_key: ¤", "drb5N4q17R0"),
        ('if password == "¤":', "open-sesame"),
        ("The password for 'postgres' is '¤'", "blooberry"),
        ('new NetworkCredential("svc@shop.example", "¤")', "vzihlaquknri"),
        ('new DirectoryEntry("LDAP://10.0.0.1", "shop\\svc", "¤")', "Rrhh1234"),
        ("kennwort=¤", "Geheim-12"),
        ("https://hooks[.]slack[.]com/services/¤", "T0AB12CD3/B0EF45GH6/k3JdLq8sPz"),
        ("api_secret" + " " * 60 + "=>" + " " * 30 + '"¤"', "correct-horse-7"),
        ("https://shop.example/login?contrasena=¤&next=1", "olmosyalamos"),
        ("token:  =\t¤", "k7Qd2Lx9Pw4Zr8Tb"),
        ("api_key = ` ¤`", "k7Qd2Lx9Pw4Zr8Tb"),
        ('administrator_login_password prod > "¤"', "winter-moon7"),
        ("BUNDLE_GEMS__CONTRIBSYS__COM: ¤", "0a1b2c3d:4e5f6a7b"),
        ("source 'https://¤@gems.contribsys.com/'", "0a1b2c3d:4e5f6a7b"),
        ("got ¤ from the cookie", "eyA1b2C3d4E5f6G7h8i9J0.eyK9l0M1n2O3p4Q5r6S7t8."),
        ("echo ¤ | base64 -d", "ZXlKaGJHY2lPaUpJVXpJMU5pSjkuZXlKemRXSWlPaUl4SW4wLg=="),
        ("deploy: uploading with ¤ to the store", "ops_eyJ" + "a1B+" * 40 + "=="),
        ("got ¤ from the environment", "xoxe.xoxb-1-Mi0yAB7CDkEF2q"),
        ("telegraf: ¤", "13942444391401:Az5ultu5jqvuzx3bhmbnsg7h83fpcnwx9dx"),
        ("wss://things.example/api/v1/¤/telemetry", "354u1g321kcqc1oad3w7"),
    ],
)
def test_a_value_that_nobody_drew_goes_where_the_form_leaves_no_doubt(line: str, secret: str) -> None:
    assert survivors(secret, clean(line.replace("¤", secret).encode()).text) == []


def test_a_password_in_an_attribute_goes_up_to_its_end() -> None:
    text = '<add key="Password" value="blue moon &quot;rising" /><add key="Port" value="5432" />'

    assert clean(text.encode()).text == (
        '<add key="Password" value="[REDACTED:pair]" /><add key="Port" value="5432" />'
    )


def test_the_name_of_a_pair_stays() -> None:
    text = f'<add key="Billing2Token" value="{SECRET}" />'

    assert clean(text.encode()).text == '<add key="Billing2Token" value="[REDACTED:pair]" />'


@pytest.mark.parametrize(
    "value",
    [
        "getHttpServerRequestHandler",
        "postgres16.2-bookworm1",
        "x86_64-linux-gnu-gcc-12",
        "kubernetes.io/service-account-token",
        "2026-11-20T10:00:00.123Z",
        "shop-db-credentials-v2",
        "a1b2c3",
    ],
)
def test_what_people_name_is_not_random(value: str) -> None:
    assert not is_random(value)


def test_what_machines_draw_is_nearly_always_random() -> None:
    mint = Mint(5)
    drawn = [draw(size) for size in (20, 32, 64) for draw in (mint.of, mint.hex) for _ in range(100)]

    assert sum(map(is_random, drawn)) >= 0.97 * len(drawn)


@pytest.mark.parametrize(
    "line",
    ["postmark: ¤", '"sendbird": "¤",', "stripe_backup=¤", "export DATADOG='¤'", "mailjet ¤", "wandb-¤"],
)
@pytest.mark.parametrize("secret", [SECRET, HEX], ids=["letters", "hex"])
def test_a_drawn_value_named_after_a_service_goes(line: str, secret: str) -> None:
    assert survivors(secret, clean(line.replace("¤", secret).encode()).text) == []


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("appXRAY2 ::= '¤", Mint(31).hex(64)),
        ("shopLinear id' || \"¤", HEX),
        ("myJira ?= `¤", "8da6eefuy8wrd4a46vdd2066"),
        ("SHOPSUMO_l 8E= =` '¤", "suWHy7jkBQtwfy"),
        ('private-ai": ¤', SECRET),
        ("asana shop ' =¤", "5102193569305711"),
        ("discordb ?== ¤", "337000703120244036"),
        ('credsShop 2 =>> "¤"', "OPqlrmgJpYp.5Do7oWI2ujGWrjI6xo93QgA0C67BPtYxg"),
        ("access from shop || ¤;", "n48sBNKOc17Xwks_2vkkWSu3ux4ZsuP7i6Wx7QKN9r_q_"),
        ("'secret_key' => '¤',", "sk_A5N?A|<`,UfIo'CJ<tDJ6JhK+sqpS"),
        ('<add key="Password"' + "\t" * 100 + 'value="¤"' + " " * 100 + "/>", "K_{7 1Ss!C68(,f(T~,N$8"),
        ("kind: Secret type: Opaque data: password: ¤", "c2VjcmV0MTIzNDU2Nzg5MA=="),
        ("data: password: ¤ kind: 'Secret'", "c2VjcmV0MTIzNDU2Nzg5MA=="),
        ('{"kind": "Secret", "stringData": {"a": "¤"}}', "some words: and more"),
    ],
)
def test_a_secret_goes_however_it_is_assigned(line: str, secret: str) -> None:
    assert survivors(secret, clean(line.replace("¤", secret).encode()).text) == []


@pytest.mark.parametrize(
    "line",
    [
        "curvilinear: ¤1",
        "sumoylation = suspicious-word",
        "asana task 5102193569305711 moved",
        "asana_task_id=5102193569305711",
        "discord shard: 33700070312",
        "kind: Deployment data: shop",
        "kind: Secret name: shop metadata: labels",
        "access_log /var/log/nginx/access-2026-11-20-shop.example.com.log;",
        "api => getUserByTheirEmailAddressAndName",
    ],
)
def test_what_only_resembles_such_an_assignment_stays(line: str) -> None:
    text = line.replace("¤", HEX)

    assert clean(text.encode()).text == text


@pytest.mark.parametrize(
    "value",
    ["hc6rmsy5hl1zk7k", "qhdntjobuq13sj", "7724588533742344", "whgczy-tcdwe--p_ycqgjxaxadjwrfye_pooy-zuh"],
)
def test_a_short_key_goes_only_where_a_sign_assigns_it(value: str) -> None:
    assert value not in clean(f"dropbox key one: {value}".encode()).text
    assert value in clean(f"dropbox {value}".encode()).text


@pytest.mark.parametrize(
    "line",
    [
        "datadog trace_id=¤",
        "access log of shop, hash: ¤",
        "token bucket, request ¤",
        "jira: SHOP-1234 deployed",
        "xray: trace-id ok",
        "linear: version20261129",
        "dropbox: knightsbridge-backup-of-tuesday",
        "sentry: event id: ¤",
        "heroku release=¤",
        "stripe: ok",
        "bitbucket commit ¤ built",
    ],
)
def test_what_a_log_says_of_a_service_stays(line: str) -> None:
    text = line.replace("¤", HEX)

    assert clean(text.encode()).text == text


@pytest.mark.parametrize(
    "line",
    [
        '10.0.0.8 - - [20/Nov/2026:10:00:00 +0000] "GET /api?order=¤ HTTP/1.1" 502 157',
        "api-1  | ¤ GET /orders 502",
        "sentry-1  | 1732096800123456 INFO",
        "sentry-1  | /app/.next/server/chunks/1a2b3c4d5e6f7a8b.js:12",
        "jira-1 | 20261120T101530Z start",
        "level=error service=api reqid=¤ status=502",
        "class=SendgridSync jid=¤ INFO: start",
        'Pulling image "registry.example.com/shop/api:¤"',
        'Pulling image "registry.example.com/shop/sentry:¤"',
        "manifest for acme/jira-sync:20261120b4f5e6d7 not found",
        "datadog ts=1732096800123410",
        "datadog bytes: 12345678901234567",
        "discord guild: 123456789012345678",
        "stripe container=¤ restarted",
        "sentry revision: ¤",
        "app=stripe path=/orders/¤/lines",
        "linear: 20261120T100000Z",
        "curvilinear: abcdefgh1a2b3c4d",
        "if (!token || !user.isActive) return",
        "check-auth || systemctl restart nginx",
        "SELECT 'token' || id::text FROM x",
        'INSERT INTO "users" ("email", "encrypted_password", "oauth2provider", "created_at")',
        'password changed > "2026-11-20"',
        "at app.js:12345:AssertionErrorInTheVeryLongNamedModuleOfShopX",
    ],
)
def test_a_line_of_operations_stays_though_it_names_a_service_or_a_key(line: str) -> None:
    text = line.replace("¤", HEX)

    assert clean(text.encode()).text == text
    many = "\n".join(line.replace("¤", Mint(n).hex(32)) for n in range(25))
    assert clean(many.encode()).text == many
