"""The app asks for the rights its code needs, and no others."""

import re
from pathlib import Path

import pytest

import bot.slack
from bot.devslack.methods.registry import METHODS
from bot.slack.manifest import SCOPES, manifest

#: Methods of the SDK that stand for several of Slack's.
_MANY = {"files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal")}
#: Scopes that no method needs: they let commands and mentions come in, and files be fetched by address.
_INCOMING = {"commands", "app_mentions:read", "files:read"}


def methods_used() -> set[str]:
    """Web API methods that the code calls, by Slack's names."""
    text = (Path(bot.slack.__file__).parent / "api.py").read_text()
    calls = set(re.findall(r"self\._client\.(\w+)\(", text))
    named = {name for call in calls for name in _MANY.get(call, (call.replace("_", ".", 1),))}
    known = {name.lower().replace(".", ""): name for name in METHODS}
    return {known[name.lower().replace(".", "").replace("_", "")] for name in named}


def test_every_method_the_code_calls_is_covered_by_a_scope() -> None:
    used = methods_used()

    assert {"chat.postMessage", "chat.update", "users.info", "usergroups.users.list"} <= used
    for method in used:
        scopes = METHODS[method].scopes
        assert not scopes or set(scopes) & set(SCOPES), f"{method} needs one of {scopes}"


def test_no_scope_is_asked_for_in_vain() -> None:
    needed = {scope for method in methods_used() for scope in METHODS[method].scopes}

    assert set(SCOPES) - _INCOMING <= needed


def test_lengths_and_names_are_as_slack_wants_them() -> None:
    made = manifest(name="a" * 90)
    features = made["features"]
    assert isinstance(features, dict)

    assert len(made["display_information"]["name"]) <= 35  # type: ignore[index]
    assert len(made["display_information"]["description"]) <= 140  # type: ignore[index]
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/\S{1,31}", command["command"])
        assert "url" not in command
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150


def test_the_primary_command_comes_first_and_the_alias_is_there() -> None:
    commands = [one["command"] for one in manifest()["features"]["slash_commands"]]  # type: ignore[index]

    assert commands == ["/runbook", "/502"]


@pytest.mark.parametrize("is_socket", [True, False])
def test_http_mode_names_its_address_everywhere(is_socket: bool) -> None:
    url = "https://bot.example/slack/events"

    made = manifest(is_socket=is_socket, request_url=url)

    assert str(made).count(url) == (0 if is_socket else 4)
    assert made["settings"]["socket_mode_enabled"] is is_socket  # type: ignore[index]
