"""Every block and element the page draws."""

from tests.devslack_page.makers import ADA, BEN, BOT, CHANNEL, DAY, Json, mrkdwn, option, plain, ts

CONFIRM: Json = {
    "title": plain("Restart myapp.service?"),
    "text": mrkdwn(
        "On *web-01* runs once:\n```systemctl restart myapp.service```\n"
        "Requests in flight are lost. Undo: none needed."
    ),
    "confirm": plain("Restart"),
    "deny": plain("Not now"),
    "style": "danger",
}

BUTTONS: list[Json] = [
    {
        "type": "button",
        "action_id": "approve",
        "text": plain("Approve restart"),
        "style": "primary",
        "value": "a1",
    },
    {
        "type": "button",
        "action_id": "restart",
        "text": plain("Restart"),
        "style": "danger",
        "confirm": CONFIRM,
    },
    {"type": "button", "action_id": "again", "text": plain("Look again")},
    {
        "type": "overflow",
        "action_id": "more",
        "options": [option("export", "Export timeline"), option("note", "Add a note")],
    },
    {
        "type": "static_select",
        "action_id": "pick",
        "placeholder": plain("Remedy"),
        "options": [option("restart_unit"), option("rollback_release")],
    },
]

PREFORMATTED = (
    "2026/11/20 23:06:40 [error] 812#812: *7 connect() failed (111: Connection refused) "
    "while connecting to upstream,\n"
    '  client: 10.88.0.1, server: _, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:8080/"'
)

RICH: Json = {
    "type": "rich_text",
    "block_id": "rich",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Nothing listens on "},
                {"type": "text", "text": "127.0.0.1:8080", "style": {"code": True}},
                {"type": "text", "text": ", the address nginx dials. "},
                {"type": "text", "text": "Confirmed", "style": {"bold": True, "italic": True}},
                {"type": "text", "text": " since "},
                {"type": "date", "timestamp": DAY, "format": "{time_secs}", "fallback": "some time"},
                {"type": "text", "text": "; ask "},
                {"type": "user", "user_id": BEN},
                {"type": "text", "text": " or "},
                {"type": "usergroup", "usergroup_id": "S0SRE"},
                {"type": "text", "text": " "},
                {"type": "emoji", "name": "warning"},
                {"type": "text", "text": " "},
                {"type": "link", "url": "https://nginx.org/en/docs/", "text": "docs"},
                {"type": "text", "text": " "},
                {"type": "broadcast", "range": "here"},
                {"type": "text", "text": " old", "style": {"strike": True}},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "disk is fine"}]},
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "memory is fine"}]},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "offset": 2,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "third step"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quoted line"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": PREFORMATTED}]},
    ],
}

TABLE: Json = {
    "type": "table",
    "block_id": "table",
    "column_settings": [{}, {"align": "right"}, {"is_wrapped": True}],
    "rows": [
        [{"type": "raw_text", "text": cell} for cell in ("File system", "Used", "Says")],
        [{"type": "raw_text", "text": cell} for cell in ("/", "41 %", "fine")],
        [
            {"type": "raw_text", "text": cell}
            for cell in ("/var/log", "97 %", "nearly full; *not bold* <b>not html</b>")
        ],
    ],
}

GALLERY: list[Json] = [
    {"type": "header", "block_id": "head", "text": plain("502 · web-01")},
    {
        "type": "section",
        "block_id": "sec",
        "text": mrkdwn(
            "*The app is down.* _Confirmed_ ~maybe~ by `ss -Hltnp`.\n> quoted & safe\n"
            "<https://example.org/run|Run book> for <@U0APPROVER>, <!subteam^S0SRE>, <#C0INCIDENTS> "
            ":rotating_light:\n"
            f"Until <!date^{DAY}^{{date_short}} {{time_secs}}|a while ago>\n```\nexit 1 &lt;b&gt;\n```"
        ),
        "accessory": {"type": "button", "action_id": "full", "text": plain("Full output")},
    },
    {
        "type": "section",
        "block_id": "fields",
        "fields": [
            mrkdwn("*Host*\nweb-01"),
            mrkdwn("*Started by*\n<@U0REQUESTER>"),
            plain("State: open"),
            mrkdwn("*Next*\napprove"),
        ],
    },
    {"type": "divider", "block_id": "line"},
    RICH,
    TABLE,
    {
        "type": "image",
        "block_id": "away",
        "image_url": "https://example.org/graph.png",
        "alt_text": "requests by status",
    },
    {
        "type": "markdown",
        "block_id": "md",
        "text": "## Timeline\n- **23:06** asked\n- `23:07` approved\n\n[the page](https://example.org)",
    },
    {"type": "hologram", "block_id": "odd"},
    {"type": "actions", "block_id": "act", "elements": BUTTONS},
    {
        "type": "context",
        "block_id": "ctx",
        "elements": [mrkdwn("run `r-17` · 1.2 s · evidence 4 s old"), plain("plain *stars*")],
    },
]

FILE: Json = {
    "id": "F0000001",
    "name": "web-01-proxy.txt",
    "title": "proxy: full output",
    "mimetype": "text/plain",
    "size_bytes": 12_345,
    "user": BOT,
    "channel": CHANNEL,
    "thread_ts": ts(60),
    "ts": ts(130),
    "url": "local/files/F0000001",
}

VIEW: Json = {
    "id": "V1",
    "type": "modal",
    "callback_id": "rollback",
    "hash": "1",
    "user": ADA,
    "errors": {},
    "title": plain("Roll back myapp"),
    "submit": plain("Roll back"),
    "close": plain("Cancel"),
    "blocks": [
        {"type": "section", "block_id": "what", "text": mrkdwn("*web-01*: `r42` back to `r41`")},
        {
            "type": "input",
            "block_id": "host",
            "label": plain("Type the host's name"),
            "hint": plain("so that it is meant"),
            "element": {"type": "plain_text_input", "action_id": "name", "placeholder": plain("web-01")},
        },
        {
            "type": "input",
            "block_id": "why",
            "optional": True,
            "label": plain("Reason"),
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
        },
        {
            "type": "input",
            "block_id": "to",
            "label": plain("Release"),
            "element": {
                "type": "static_select",
                "action_id": "rel",
                "options": [option("r41"), option("r40")],
                "initial_option": option("r41"),
            },
        },
        {
            "type": "input",
            "block_id": "how",
            "label": plain("How"),
            "element": {
                "type": "radio_buttons",
                "action_id": "way",
                "options": [option("link", "Release link"), option("command", "Own command")],
            },
        },
        {
            "type": "input",
            "block_id": "tell",
            "optional": True,
            "label": plain("Tell"),
            "element": {"type": "checkboxes", "action_id": "who", "options": [option("sre"), option("dev")]},
        },
    ],
}
