"""What stands in for the presenter until there is a connection to Slack."""

from collections.abc import Sequence

from bot.slack.presenter import Presenter


class PresenterRelay:
    """The Chat before there is a connection: keeps what changed for the presenter."""

    def __init__(self) -> None:
        self.presenter: Presenter | None = None

    def changed(self, incident: str) -> None:
        """See `bot.ports.Chat`."""
        if self.presenter is not None:
            self.presenter.changed(incident)

    def hear(self, incidents: Sequence[str]) -> None:
        """These went on, by whichever process."""
        if self.presenter is not None:
            self.presenter.hear(incidents)

    def trouble(self, incident: str, says: str) -> None:
        """See `bot.ports.Chat`."""
        if self.presenter is not None:
            self.presenter.trouble(incident, says)
