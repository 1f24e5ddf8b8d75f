"""The environment becomes one frozen Settings; only `app` and `cli` read it.

Every variable begins with RUNBOOK_BOT_; Slack's usual names (SLACK_BOT_TOKEN, …) work as well.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.checked import in_words
from bot.errors import SettingsError


def _either(name: str) -> AliasChoices:
    return AliasChoices(f"RUNBOOK_BOT_{name}", name)


class Settings(BaseSettings):
    """All settings with their defaults."""

    model_config = SettingsConfigDict(
        env_prefix="RUNBOOK_BOT_", frozen=True, extra="ignore", populate_by_name=True
    )

    fleet: Path = Field(Path("fleet.yaml"), description="The fleet file.")
    runbooks: Path | None = Field(None, description="Folder of runbooks; by default the ones shipped.")
    ledger: str | None = Field(
        None,
        description="SQLite file or sqlite: URL of the ledger (its folder must exist), or a postgresql: URL. "
        "By default runbook-bot/ledger.db in the user's state folder.",
    )
    ledger_room_mib: int = Field(
        16,
        ge=1,
        description="MiB that must be free beside a SQLite ledger before an action is started, so that its "
        "outcome finds room.",
    )
    slack_bot_token: SecretStr | None = Field(
        None, validation_alias=_either("SLACK_BOT_TOKEN"), description="The app's bot token, xoxb-…"
    )
    slack_app_token: SecretStr | None = Field(
        None,
        validation_alias=_either("SLACK_APP_TOKEN"),
        description="App-level token, xapp-…",
    )
    slack_signing_secret: SecretStr | None = Field(
        None, validation_alias=_either("SLACK_SIGNING_SECRET"), description="Signing secret for HTTP mode."
    )
    slack_api_url: str = Field(
        "https://slack.com/api/",
        validation_alias=_either("SLACK_API_URL"),
        description="Base address of Slack's Web API; point it at an emulator to try things out.",
    )
    slack_mode: Literal["socket", "http"] = Field(
        "socket", description="How Slack reaches the bot: `socket` (Socket Mode, no open port) or `http`."
    )
    slack_connections: int = Field(2, ge=1, le=10, description="Socket Mode connections kept open.")
    http_host: str = Field("127.0.0.1", description="Address the HTTP mode listens on.")
    http_port: int = Field(3000, ge=0, le=65535, description="Port the HTTP mode listens on.")
    commands: Annotated[tuple[str, ...], NoDecode] = Field(
        ("/502", "/runbook"), description="Slash commands to answer, with commas between them."
    )
    ssh_connections: int = Field(20, ge=1, le=500, description="SSH connections open at once.")
    ssh_fast_kex: bool = Field(
        True,
        description="Offer curve25519 first, which is cheaper; set to false when SSH crosses the internet, "
        "to offer the post-quantum hybrid first.",
    )
    asks_per_person: int = Field(6, ge=1, le=1000, description="Requests a minute that a person may make.")
    asks_per_channel: int = Field(20, ge=1, le=10_000, description="Requests a minute from a channel.")
    asks_waiting: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Requests served at once; more are told that the bot is busy. Votes are not counted.",
    )
    incidents_waiting: int = Field(
        2000,
        ge=1,
        le=100_000,
        description="Incidents worked on or waiting for it; at more nothing is started, and the asker told.",
    )
    share_look_s: float = Field(
        30.0,
        ge=0,
        le=600,
        description="Seconds a verdict serves others who ask for the same host in the same channel.",
    )
    probe_private: bool = Field(True, description="Whether public_url may resolve to a private address.")
    secrets_file: Path | None = Field(
        None, description="File with one secret a line that must never be shown, in any encoding."
    )
    health_host: str = Field(
        "127.0.0.1", description="Address that /healthz, /readyz and /metrics are served on."
    )
    health_port: int = Field(
        0, ge=0, le=65535, description="Port that /healthz, /readyz and /metrics are served on; 0: none."
    )
    checkpoint_key: Path | None = Field(
        None,
        description="PEM file of the Ed25519 key that checkpoints of the ledger are signed with; made, for "
        "its owner alone, when there is none. Without it they are not signed.",
    )
    anchors: str | None = Field(
        None,
        description="Where each checkpoint is also told: a file that is appended to, syslog: for this "
        "machine's, or syslog:HOST:PORT (UDP). Without it a ledger that was rolled back shows only to a "
        "bot that is running.",
    )
    traces_url: str | None = Field(
        None,
        validation_alias=AliasChoices("RUNBOOK_BOT_TRACES_URL", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"),
        description="Where traces are sent by OTLP over HTTP, e.g. http://collector:4318/v1/traces. "
        "Without it there are none.",
    )
    traces_headers: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("RUNBOOK_BOT_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"),
        description="Headers for the traces' collector: name=value, with commas between them, values "
        "percent-encoded.",
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="How the log is written: `console` or `json`."
    )

    @field_validator("commands", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        names = tuple(name.strip() for name in value.split(",") if name.strip())
        if not names or any(not name.startswith("/") or " " in name or len(name) > 32 for name in names):
            raise ValueError("each command begins with '/', has no space and at most 32 characters")
        return names

    @field_validator("traces_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is not None and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("give the whole address, such as http://collector:4318/v1/traces")
        return value

    @field_validator("traces_headers")
    @classmethod
    def _are_headers(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and any("=" not in one for one in _pairs(value.get_secret_value())):
            raise ValueError("write each header as name=value, with commas between them")
        return value

    @property
    def trace_headers(self) -> dict[str, str]:
        """Headers for the traces' collector by name."""
        written = self.traces_headers.get_secret_value() if self.traces_headers else ""
        split = (one.partition("=") for one in _pairs(written))
        return {name.strip(): unquote(value.strip()) for name, _, value in split}

    @property
    def ledger_path(self) -> tuple[str, bool]:
        """Where the ledger is, and whether its folder may be made (only the default one)."""
        if self.ledger:
            return self.ledger, False
        state = os.environ.get("XDG_STATE_HOME") or str(Path("~/.local/state").expanduser())
        return str(Path(state) / "runbook-bot" / "ledger.db"), True

    @property
    def runbooks_path(self) -> Path:
        """The folder of runbooks in force."""
        return self.runbooks or shipped_runbooks()

    def secrets(self) -> tuple[str, ...]:
        """The bot's own secrets and the declared ones, to be masked everywhere. Raises SettingsError."""
        own = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        known = [secret.get_secret_value() for secret in own if secret]
        known += self.trace_headers.values()
        return (*known, *_passwords(self.ledger or ""), *self._declared())

    def _declared(self) -> tuple[str, ...]:
        if self.secrets_file is None:
            return ()
        try:
            lines = self.secrets_file.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise SettingsError(
                f"RUNBOOK_BOT_SECRETS_FILE: {str(self.secrets_file)!r} cannot be read: {error.strerror}"
            ) from error
        return tuple(line.strip() for line in lines if line.strip())


def _pairs(written: str) -> list[str]:
    return [one for one in written.split(",") if one.strip()]


def _passwords(url: str) -> list[str]:
    """The password in a URL, where it has one: as written and as it is."""
    parts = urlsplit(url)
    written = parts.netloc.rpartition("@")[0].partition(":")[2]
    named = parse_qs(parts.query).get("password", [])
    return [word for word in {written, unquote(written), *named} if word]


def load(**given: object) -> Settings:
    """Settings from the environment; what is given (and not None) wins. Raises SettingsError."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # names checked by pydantic
    except ValidationError as error:
        lines = [
            f"{_variable(problem['loc'])}: {_says(problem)}" for problem in error.errors(include_url=False)
        ]
        raise SettingsError("\n".join(lines)) from error


def _says(problem: Any) -> str:  # Any: pydantic's ErrorDetails is a TypedDict of Any
    """With the value as given, but for those that nobody should see."""
    is_secret = any(
        word in str(problem["loc"]).lower() for word in ("token", "secret", "headers", "url", "ledger")
    )
    return in_words(problem).rpartition(" (got ")[0] if is_secret else in_words(problem)


def _variable(loc: tuple[int | str, ...]) -> str:
    """The environment variable a mistake is about."""
    name = ".".join(str(part) for part in loc).upper()
    return name if name.startswith("RUNBOOK_BOT_") else f"RUNBOOK_BOT_{name}"


def shipped_runbooks() -> Path:
    """The runbooks that came with this installation: beside the package, or in the environment's share."""
    beside = Path(__file__).resolve().parent.parent / "runbooks"
    shared = Path(sys.prefix) / "share" / "runbook-bot" / "runbooks"
    return beside if beside.is_dir() else shared
