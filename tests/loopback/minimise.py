"""Cuts Discord's API description down to the request bodies a bot sends.

`python tests/loopback/minimise.py discord-openapi.json` renews `bodies.json`.

The source is discord/discord-api-spec (`specs/openapi.json`, MIT, © Discord). The result, `bodies.json`, holds one JSON
Schema for each route that takes a body, and the definitions those schemas refer to.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

RESULT = Path(__file__).with_name("bodies.json")
NOT_FOR_BOTS = ("/lobbies", "/partner-sdk", "/github", "/slack", "/stickers", "/soundboard", "/entitlements")
PROSE = {"description", "title", "format", "deprecated", "contentEncoding", "default"}
SNOWFLAKE = {"type": ["string", "integer"], "pattern": "^(0|[1-9][0-9]*)$", "minimum": 0}


def minimise(description: dict[str, Any]) -> dict[str, Any]:
    """Return `{"routes": {"POST /channels/{}/messages": schema}, "$defs": {...}}`."""
    schemas = description["components"]["schemas"]
    routes = {
        f"{method.upper()} {re.sub(r'{[^}]+}', '{}', path)}": strip(schema)
        for path, operations in sorted(description["paths"].items())
        if not any(part in path for part in NOT_FOR_BOTS)
        for method, operation in operations.items()
        if method in {"post", "put", "patch", "delete"}
        and (schema := operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema"))
    }
    needed: dict[str, Any] = {}
    waiting = references(routes)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = SNOWFLAKE if name == "SnowflakeType" else strip(schemas[name])
            waiting |= references(needed[name])
    return {"routes": routes, "$defs": dict(sorted(needed.items()))}


def strip(schema: Any) -> Any:
    """Drop prose and formats, shorten references, turn lists of named constants into an enum."""
    if isinstance(schema, list):
        return [strip(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": "#/$defs/" + schema["$ref"].rsplit("/", 1)[1]}
    branches = schema.get("oneOf", [])
    if branches and all("const" in branch for branch in branches):
        return {"enum": [branch["const"] for branch in branches]}
    kept = {key: value for key, value in schema.items() if key not in PROSE and not key.startswith("x-")}
    if "properties" in kept:
        kept["properties"] = {name: strip(value) for name, value in kept["properties"].items()}
    if "enum" in kept:
        kept.pop("allOf", None)
    return {key: value if key == "properties" else strip(value) for key, value in kept.items()}


def references(schema: Any) -> set[str]:
    """Return the names of every definition that the schema refers to."""
    return set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))


if __name__ == "__main__":
    result = minimise(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    RESULT.write_text(json.dumps(result, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
