"""Spans as an OTLP/HTTP request body in its JSON form. Pure.

Source: opentelemetry-proto, opentelemetry/proto/trace/v1/trace.proto; OTLP specification, "JSON Protobuf
Encoding": ids in hex, 64-bit numbers as decimal strings, enums as numbers.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.traces.spans import Span, Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: SPAN_KIND_INTERNAL and STATUS_CODE_ERROR.
_INTERNAL, _ERROR = 1, 2
#: Before each attribute of ours.
_OURS = "runbook_bot."


def body_of(spans: Sequence[Span], *, resource: Mapping[str, str]) -> bytes:
    """One ExportTraceServiceRequest; `resource` says which service and process tells it."""
    told = {
        "resourceSpans": [
            {
                "resource": {"attributes": _attributes(resource)},
                "scopeSpans": [{"scope": {"name": "runbook-bot"}, "spans": [_span(span) for span in spans]}],
            }
        ]
    }
    return json.dumps(told, separators=(",", ":")).encode()


def _span(span: Span) -> dict[str, object]:
    told: dict[str, object] = {
        "traceId": span.trace,
        "spanId": span.id,
        "name": span.name,
        "kind": _INTERNAL,
        "startTimeUnixNano": _nanoseconds(span.begun_at),
        "endTimeUnixNano": _nanoseconds(span.ended_at),
        "attributes": _attributes({f"{_OURS}{name}": value for name, value in span.attributes.items()}),
    }
    if span.parent is not None:
        told["parentSpanId"] = span.parent
    if span.error is not None:
        told["status"] = {"code": _ERROR, "message": span.error}
    return told


def _attributes(values: Mapping[str, Value]) -> list[dict[str, object]]:
    return [{"key": name, "value": _value(value)} for name, value in values.items()]


def _value(value: Value) -> dict[str, object]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}


def _nanoseconds(at: datetime) -> str:
    # Whole microseconds: a float of seconds would lose the last digits.
    return str((at - _EPOCH) // timedelta(microseconds=1) * 1000)
