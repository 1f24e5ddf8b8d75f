"""Every strictness check by name, so that a test can take one away and see its line fail."""

from collections.abc import Mapping

from bot.devslack.kit.limits import LIMITS

#: Name -> what is refused. Limits of Block Kit have their own names in `kit.limits`.
CHECKS: Mapping[str, str] = {
    "ack_in_time": "an acknowledgement after 3 s is ignored and the person sees operation_timeout",
    "connection_needed": "with no open connection the person sees dispatch_failed",
    "response_url_uses": "a response URL works 5 times",
    "response_url_age": "a response URL works for 30 minutes",
    "trigger_age": "a trigger id works for 3 s",
    "trigger_once": "a trigger id works once",
    "token_known": "an unknown token is invalid_auth, none is not_authed",
    "token_kind": "an app token opens connections only; a bot token does the rest",
    "scope": "a method needs its scope in the manifest",
    "in_channel": "the bot posts only where it is a member",
    "channel_known": "a channel must exist and be visible to the bot",
    "thread_parent": "a reply needs its parent in the channel",
    "command_in_thread": "commands do not exist in the thread composer",
    "command_known": "a command must be in the manifest",
    "no_text": "a message needs text, blocks, attachments or files",
    "text_cut": "text is cut at 40,000 characters, with a warning",
    "blocks_valid": "blocks must pass the validator",
    "blocks_total": "blocks above about 13,200 serialised characters are msg_blocks_too_long",
    "own_message": "only the bot's own messages are updated and deleted",
    "message_rate": "1 message a second a channel, short bursts tolerated",
    "method_rate": "a method has its tier's calls a minute",
    "ticket_once": "a Socket Mode ticket opens one connection",
    "ticket_known": "a Socket Mode ticket must have been issued",
    "ten_connections": "an app has at most 10 connections",
    "one_connection": "one connection gets each envelope, not all",
    "event_subscribed": "only events of the manifest are sent",
    "event_retry": "an event that is not acknowledged is sent again",
    "signed": "requests to the app are signed",
    "upload_complete": "a file must be uploaded, at its announced length, before it is completed",
    "view_valid": "views must pass the validator",
    "view_stack": "at most 3 modals lie on each other",
    "view_hash": "views.update with an old hash is refused",
    "input_required": "a modal with an empty required input is not sent to the app",
    "confirm_needed": "a button with a confirm dialog is not sent without a yes",
    "element_present": "a click on an element that is gone is not sent",
    "user_in_channel": "an ephemeral goes to a member of the channel only",
    "user_active": "deactivated people and bots do not act",
    "channel_seen": "people see and act in their own channels only",
}


class Strict:
    """Which checks are on: all, but those a test took away."""

    def __init__(self, without: frozenset[str]) -> None:
        unknown = without - CHECKS.keys() - LIMITS.keys()
        if unknown:
            raise ValueError(f"no check {sorted(unknown)[0]!r}; see CHECKS and LIMITS")
        self.without = without

    def on(self, name: str) -> bool:
        """True when the check applies. KeyError for a name that is not in the table: a bug."""
        CHECKS[name]
        return name not in self.without
