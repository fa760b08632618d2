"""Checks what the bot sends against Discord's own description of its API (see minimise.py)."""

import functools
import json
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError, best_match

from .record import shape


@functools.cache
def _description() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("bodies.json").read_text(encoding="utf-8"))


@functools.cache
def _validator(route: str) -> jsonschema.Draft202012Validator | None:
    schema = _description()["routes"].get(route)
    if schema is None:
        return None
    return jsonschema.Draft202012Validator(schema | {"$defs": _description()["$defs"]})


def complaint(method: str, route: str, body: Any) -> str | None:
    """What is wrong with a request's body, in one line; None when it fits or the route is not described."""
    validator = _validator(f"{method} {shape(route)}")
    if validator is None or body is None:
        return None
    error = best_match(one for one in validator.iter_errors(body) if not _known(one))
    return f"{method} {route}: {error.json_path}: {error.message[:300]}" if error is not None else None


def _known(error: ValidationError) -> bool:
    """Discord's guide says that permissions are texts, and takes them so; its description of roles says numbers."""
    value = error.instance
    return error.json_path == "$.permissions" and isinstance(value, str) and value.isdigit()
