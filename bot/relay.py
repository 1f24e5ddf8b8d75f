"""Telling whoever shows incidents that one went on."""

from bot.ports import Chat


class Relay:
    """A Chat that hands on to whoever listens: nobody for a command, Slack for the server."""

    def __init__(self) -> None:
        self.listeners: list[Chat] = []

    def changed(self, incident: str) -> None:
        """See `bot.ports.Chat`."""
        for listener in self.listeners:
            listener.changed(incident)

    def trouble(self, incident: str, says: str) -> None:
        """See `bot.ports.Chat`."""
        for listener in self.listeners:
            listener.trouble(incident, says)
