"""Signed HTTP to the app's request URL, and the ways a request can be forged."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from bot.devslack.checks import Strict
from bot.devslack.clock import Clock, within
from bot.devslack.transport import Ack, Outcome, Parcel, Sort
from bot.devslack.wire import Payload


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A request as it was sent, kept so that it can be replayed byte for byte."""

    body: bytes
    headers: dict[str, str]


class HttpSender:
    """Posts payloads as Slack does."""

    def __init__(self, secret: str, clock: Clock, strict: Strict) -> None:
        self._secret = secret
        self._clock = clock
        self._strict = strict
        self.url = ""
        self.ack_within_s = 3.0
        self._session: aiohttp.ClientSession | None = None
        #: All requests, the newest last.
        self.sent: list[Signed] = []

    async def send(self, parcel: Parcel) -> Ack:
        """Sign now and post."""
        signed = self.sign(parcel)
        self.sent.append(signed)
        return await self.post(signed)

    def sign(self, parcel: Parcel, *, age_s: float = 0.0, secret: str | None = None) -> Signed:
        """A request signed `age_s` ago (negative: in the future), or with another secret."""
        body, kind = _encode(parcel)
        # the receiver compares with the real clock, whatever clock this workspace runs on
        at = str(int(time.time() - age_s))
        headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": at}
        if self._strict.on("signed"):
            headers["X-Slack-Signature"] = signature_of(secret or self._secret, at, body)
        if parcel.attempt:
            headers |= {
                "X-Slack-Retry-Num": str(parcel.attempt),
                "X-Slack-Retry-Reason": parcel.retry_reason or "http_timeout",
            }
        return Signed(body=body, headers=headers)

    async def post(self, signed: Signed) -> Ack:
        """Post a request as it is; also one that was sent before."""
        started = self._clock.now()
        future = asyncio.ensure_future(self._post(signed))
        patience = self.ack_within_s if self._strict.on("ack_in_time") else 3600.0
        is_done = await within(self._clock, future, patience)
        ms = (self._clock.now() - started) * 1000
        if not is_done:
            future.cancel()
            return Ack(outcome=Outcome.TIMEOUT, payload={}, ms=ms)
        return _ack_of(future, ms)

    async def close(self) -> None:
        """End the client's session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, signed: Signed) -> Payload:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(self.url, data=signed.body, headers=signed.headers) as answer:
            return {
                "status": answer.status,
                "no_retry": "X-Slack-No-Retry" in answer.headers,
                "body": _body_of(await answer.text(), answer.content_type),
            }


def signature_of(secret: str, at: str, body: bytes) -> str:
    """Slack's v0 signature."""
    digest = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256)
    return f"v0={digest.hexdigest()}"


def _encode(parcel: Parcel) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if parcel.sort is Sort.COMMAND:
        return urlencode(parcel.payload).encode(), form
    if parcel.sort is Sort.INTERACTIVE:
        return urlencode({"payload": json.dumps(parcel.payload)}).encode(), form
    return json.dumps(parcel.payload).encode(), "application/json"


def _body_of(text: str, kind: str) -> Payload:
    if kind == "application/json":
        body = json.loads(text)
        return body if isinstance(body, dict) else {}
    return {"text": text} if text else {}


def _ack_of(future: "asyncio.Future[Payload]", ms: float) -> Ack:
    error = future.exception()
    if error is not None:
        if not isinstance(error, aiohttp.ClientError | OSError):
            raise error
        return Ack(outcome=Outcome.NOBODY, payload={}, ms=ms)
    answer = future.result()
    outcome = Outcome.ACKED if answer["status"] == 200 else Outcome.REFUSED
    return Ack(
        outcome=outcome, payload=answer["body"], ms=ms, status=answer["status"], no_retry=answer["no_retry"]
    )
