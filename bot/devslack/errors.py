"""How the local Slack says no: to the app by Slack's error names, to a person by a sentence."""

from bot.devslack.wire import Payload


class SlackError(Exception):
    """Becomes `ok: false` with `error` and, where given, `response_metadata.messages`."""

    def __init__(self, error: str, *messages: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages
        self.more = more

    def answer(self) -> Payload:
        """The body of the Web API's answer."""
        body: Payload = {"ok": False, "error": self.error} | self.more
        if self.messages:
            body["response_metadata"] = {"messages": list(self.messages)}
        return body


class PageError(Exception):
    """A person cannot do that; `says` is shown to them."""

    def __init__(self, error: str, says: str, *, status: int = 400, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.says = says
        self.status = status
        self.more = more

    def answer(self) -> Payload:
        """The body of the page API's answer."""
        return {"ok": False, "error": self.error, "says": self.says} | self.more
