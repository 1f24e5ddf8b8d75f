"""The policy section as it is written: every key, its type and bounds. The JSON Schema is made of these."""

import re
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from bot.checked import FilePart
from bot.model.ruling import Lift, Limit
from bot.policy import Cron, cron

_DURATION = re.compile(r"([0-9]{1,6})(s|m|h|d)\Z")
_RATE = re.compile(r"([0-9]{1,3})/([0-9]{0,6}(?:s|m|h|d))\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION_SCHEMA = WithJsonSchema(
    {"type": "string", "pattern": "^[0-9]{1,6}[smhd]$", "examples": ["90s", "10m", "1h", "2d"]}
)


def seconds(value: object) -> object:
    """`90s`, `10m`, `1h` or `2d` in seconds."""
    found = _DURATION.match(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("must be a duration such as 90s, 10m or 1h")
    return float(found[1]) * _SECONDS[found[2]]


def _limit(value: object) -> object:
    found = _RATE.match(value) if isinstance(value, str) else None
    if not found or int(found[1]) == 0:
        raise ValueError("must be a count and a time such as 3/1h or 1/10m")
    per = seconds(found[2] if found[2][0].isdigit() else f"1{found[2]}")
    if not isinstance(per, float) or not 0 < per <= 7 * 86_400:
        raise ValueError("must be counted over at most 7d")
    return Limit(count=int(found[1]), per_s=per)


def _as_cron(value: object) -> object:
    return cron(value if isinstance(value, str) else "")


def _moment(value: object) -> object:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else int("")
    except ValueError:
        raise ValueError("must be a time such as 2026-11-27T00:00 or 2026-11-27T00:00Z") from None


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    # KeyError: not in the database; ValueError: not a zone's name; OSError: a directory of zones.
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a time zone of the IANA database, e.g. Europe/Berlin") from None
    return value


Duration = Annotated[float, BeforeValidator(seconds), Field(gt=0, le=86_400), _DURATION_SCHEMA]
LongDuration = Annotated[float, BeforeValidator(seconds), Field(gt=0, le=30 * 86_400), _DURATION_SCHEMA]
Rate = Annotated[
    Limit,
    BeforeValidator(_limit),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,3}/[0-9]{0,6}[smhd]$", "examples": ["3/1h"]}),
]
CronText = Annotated[
    Cron,
    BeforeValidator(_as_cron),
    WithJsonSchema({"type": "string", "examples": ["0 18 * * FRI"]}),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "examples": ["2026-11-27T00:00", "2026-11-27T00:00Z"]}),
]
SlackUser = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,}$")]
Usergroup = Annotated[str, Field(pattern=r"^S[A-Z0-9]{2,}$")]
Channel = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,}$")]
Zone = Annotated[str, AfterValidator(_zone)]


class PersonPart(FilePart):
    """One human."""

    slack: tuple[SlackUser, ...] = ()
    login: tuple[str, ...] = ()
    signers: tuple[Annotated[str, Field(pattern=r"^[^\s,*?!\"]{1,100}$")], ...] = ()


class GroupPart(FilePart):
    """Some people."""

    people: tuple[str, ...] = ()
    slack_usergroup: Usergroup | None = None


class OnPart(FilePart):
    """Which hosts."""

    environment: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


class ApprovePart(FilePart):
    """Whose yes it needs."""

    groups: tuple[str, ...] = Field(alias="from", min_length=1)
    count: int = Field(default=1, ge=1, le=9)
    step_up: Literal["sshsig"] | None = None


class LonePart(FilePart):
    """Who may approve their own request in the end."""

    groups: tuple[str, ...] = Field(alias="from", min_length=1)
    after: Duration


class RulePart(FilePart):
    """What may be done where with whose consent."""

    name: str = Field(min_length=1, max_length=60)
    do: tuple[str, ...] = Field(min_length=1)
    on: OnPart = OnPart()
    approve: ApprovePart
    approve_by: Duration = 600.0
    run_by: Duration = 300.0
    evidence_max_age: Duration = 600.0
    budget: Rate | None = None
    rate: Rate | None = None
    at_once: int | None = Field(default=None, ge=1, le=100)
    pause_after_failure: Duration | None = None
    lone: LonePart | None = None
    freeze: Literal["respect", "ignore"] = "respect"


class FreezePart(FilePart):
    """When nothing is done."""

    name: str = Field(min_length=1, max_length=60)
    do: tuple[str, ...] = ()
    on: OnPart = OnPart()
    begin: Moment | None = Field(default=None, alias="from")
    end: Moment | None = Field(default=None, alias="to")
    cron: CronText | None = None
    lasts: Annotated[float, BeforeValidator(seconds), Field(gt=0, le=7 * 86_400), _DURATION_SCHEMA] | None = (
        Field(default=None, alias="for")
    )
    tz: Zone = "UTC"

    @model_validator(mode="after")
    def _is_one_kind(self) -> "FreezePart":
        dates, again = (self.begin, self.end), (self.cron, self.lasts)
        is_single = None not in dates and again == (None, None)
        is_again = None not in again and dates == (None, None)
        if not (is_single or is_again):
            raise ValueError("needs either 'from' and 'to', or 'cron' and 'for'")
        if self.begin is not None and self.end is not None:
            if (self.begin.tzinfo is None) != (self.end.tzinfo is None):
                raise ValueError("'from' and 'to' must both have an offset, or both be local to 'tz'")
            if self.begin >= self.end:
                raise ValueError("'to' must be later than 'from'")
        return self


class GlassPart(FilePart):
    """Who may set parts of the rules aside in an emergency."""

    groups: tuple[str, ...] = Field(alias="from", min_length=1)
    justification: int = Field(default=20, ge=10, le=400)
    lifts: tuple[Lift, ...] = Field(default=(Lift.FREEZE, Lift.QUORUM, Lift.REQUESTER), min_length=1)
    alert: Channel | None = None
    review_within: LongDuration = 86_400.0


class PolicyPart(FilePart):
    """The whole section."""

    people: dict[str, PersonPart] = Field(default_factory=dict)
    groups: dict[str, GroupPart] = Field(default_factory=dict)
    rules: tuple[RulePart, ...] = ()
    ask: tuple[str, ...] = ()
    freezes: tuple[FreezePart, ...] = ()
    break_glass: GlassPart | None = None
    identity_max_age: Duration = 300.0
    allowed_signers: str | None = Field(default=None, min_length=1, max_length=400)
