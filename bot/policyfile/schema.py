"""The policy section's JSON Schema, for editors and for checks before the bot sees the file."""

from pydantic.json_schema import GenerateJsonSchema

from bot.policyfile.parts import PolicyPart


def schema() -> dict[str, object]:
    """JSON Schema 2020-12, made of the very models that files are checked with."""
    made = PolicyPart.model_json_schema(by_alias=True)
    _write_durations(made)
    return {"$schema": GenerateJsonSchema.schema_dialect, **made, "title": "runbook-bot policy"}


def _write_durations(node: object) -> None:
    """Defaults as they would be written: the models hold seconds."""
    if isinstance(node, list):
        for each in node:
            _write_durations(each)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("default"), float):
        node["default"] = f"{node['default'] / 60:g}m"
    for each in node.values():
        _write_durations(each)
