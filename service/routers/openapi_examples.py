"""Examples in the description: one is made from its parts wherever a body or an answer has none of its own."""

from typing import Any

Described = dict[str, Any]

_BY_FORMAT = {
    "date-time": "2026-11-22T09:30:00Z",
    "date": "2026-11-22",
    "uuid": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a01",
    "email": "sam.okafor@council.example",
    "binary": "…",
}
_BY_TYPE: dict[str, Any] = {"string": "Some text", "integer": 1, "number": 0.5, "boolean": False, "null": None}
_PREFIX = "#/components/schemas/"
_DEEPEST = 12


def add_examples(described: Described) -> None:
    """Give every JSON body and successful answer an example, made of the examples of what it holds."""
    schemas = described["components"]["schemas"]
    for schema in schemas.values():
        if "examples" in schema:
            schema["examples"] = [_whole(example, schema, schemas) for example in schema["examples"]]
    for operations in described["paths"].values():
        for operation in operations.values():
            bodies = [operation["requestBody"]] if "requestBody" in operation else []
            answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            for part in (*bodies, *answers):
                content = part.get("content", {}).get("application/json")
                if content is not None and not {"example", "examples"} & set(content):
                    content["example"] = sample(content["schema"], schemas)


def _whole(value: Any, schema: Described, schemas: Described) -> Any:
    """Return an example with the nulls that FastAPI leaves out of whatever it describes."""
    if "$ref" in schema:
        return _whole(value, schemas[schema["$ref"].removeprefix(_PREFIX)], schemas)
    for option in schema.get("anyOf", ()):
        value = _whole(value, option, schemas) if isinstance(value, dict | list) else value
    if isinstance(value, list) and "items" in schema:
        return [_whole(one, schema["items"], schemas) for one in value]
    if isinstance(value, dict) and "properties" in schema:
        parts = schema["properties"]
        missing = {name: sample(parts[name], schemas) for name in schema.get("required", ()) if name not in value}
        nulls = {name: None if _may_be_null(parts[name]) else made for name, made in missing.items()}
        return {name: _whole(one, parts.get(name, {}), schemas) for name, one in value.items()} | nulls
    return value


def _may_be_null(schema: Described) -> bool:
    return schema.get("type") == "null" or any(option.get("type") == "null" for option in schema.get("anyOf", ()))


def sample(schema: Described, schemas: Described, depth: int = 0) -> Any:
    """Return a value that fits a schema, its own example or its parts' wherever they have one."""
    if "$ref" in schema:
        return sample(schemas[schema["$ref"].removeprefix(_PREFIX)], schemas, depth)
    if schema.get("examples"):
        return schema["examples"][0]
    for told in ("const", "default"):
        if told in schema:
            return schema[told]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            options = [option for option in schema[choice] if option.get("type") != "null"]
            return sample(options[0], schemas, depth)
    return _plain(schema, schemas, depth + 1)


def _plain(schema: Described, schemas: Described, depth: int) -> Any:
    kind = schema.get("type", "object")
    if kind == "array":
        return [] if depth > _DEEPEST or "items" not in schema else [sample(schema["items"], schemas, depth)]
    if kind == "object":
        return {name: sample(part, schemas, depth) for name, part in schema.get("properties", {}).items()}
    if kind == "string":
        return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE["string"])
    return schema.get("minimum", _BY_TYPE[kind])
