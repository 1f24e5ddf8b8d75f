"""Tokens and what they may do."""

from bot.devslack.checks import Strict
from bot.devslack.errors import SlackError
from bot.devslack.ids import Ids
from bot.devslack.manifest import Rights


class Tokens:
    """One bot token, one app token, one signing secret, made at start."""

    def __init__(
        self, ids: Ids, rights: Rights, strict: Strict, *, bot: str | None = None, app: str | None = None
    ) -> None:
        self.bot = bot or f"xoxb-local-{ids.secret()}"
        self.app = app or f"xapp-local-{ids.secret()}"
        self.signing_secret = ids.secret()
        self._rights = rights
        self._strict = strict

    def check(self, token: str, *, wants_app: bool, scopes: tuple[str, ...]) -> None:
        """SlackError when the token is missing, unknown, of the wrong kind, or lacks all these scopes."""
        if token not in (self.bot, self.app) and self._strict.on("token_known"):
            raise SlackError("invalid_auth" if token else "not_authed")
        is_app = token == self.app
        if is_app != wants_app and self._strict.on("token_kind"):
            raise SlackError("not_allowed_token_type")
        missing = bool(scopes) and not self._rights.scopes.intersection(scopes)
        if missing and self._strict.on("scope"):
            provided = ",".join(sorted(self._rights.scopes))
            raise SlackError("missing_scope", needed=scopes[0], provided=provided)
