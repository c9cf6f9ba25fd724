"""Frozen dataclasses as blocks of config.yaml: what each key means, the JSON schema made from them, and blocks made from what YAML gives.

A class says all that is known of its keys (type, default, description, limits); nothing here knows a key.
"""

from __future__ import annotations

import types
from dataclasses import MISSING, Field, field, fields, is_dataclass
from functools import cache
from importlib import import_module
from typing import Any, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

# What a reader sees, by language.
Text = NewType("Text", dict[str, str])
Block = TypeVar("Block")

_SIMPLE = {str: "string", bool: "boolean", int: "integer", float: "number"}


def key(
    description: str,
    default: Any = MISSING,
    *,
    name: str = "",
    choices: tuple | str = (),
    derived: bool = False,
    **limits: Any,
) -> Any:
    """A key of a block: `description` as docs/reference/config.md gives it; without `default` it is needed.

    `name` is the key where Python reserves the word. `choices` are the values that it takes, or where a registry lists them, as
    "module:name" (a mapping, a list, or a function that gives one). `derived`: worked out by the checks, never written by a user. `limits`
    are keywords of JSON Schema (minimum, minItems, ...); `each` holds those of the members of a list.
    """
    metadata = {"description": description, "name": name, "choices": choices, "derived": derived, "limits": limits}
    if isinstance(default, (dict, list)) or is_dataclass(default):
        return field(default_factory=lambda: default, metadata=metadata)
    return field(default=default, metadata=metadata)


@cache
def keys_of(block: Any) -> dict[str, tuple[Field, Any]]:
    """Key in config.yaml -> (field, type), in the order of the class."""
    hints = get_type_hints(block)
    return {part.metadata["name"] or part.name: (part, hints[part.name]) for part in fields(block)}


def needed(part: Field) -> bool:
    return part.default is MISSING and part.default_factory is MISSING


# --- from what YAML gives, and back --------------------------------------------------------------------------


def build(block: type[Block], given: dict) -> Block:
    """The block from a mapping that the schema allows, or that `plain` gave; defaults filled in."""
    known: dict[str, tuple[Field, Any]] = keys_of(cast(Any, block))
    values = {known[key][0].name: _value(known[key][1], value) for key, value in given.items() if value is not None}
    return block(**values)


def _value(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        kinds = [part for part in get_args(kind) if part is not type(None)]
        return value if len(kinds) > 1 else _value(kinds[0], value)
    if isinstance(kind, type) and is_dataclass(kind):
        return build(kind, value)
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], one) for one in value)
    if get_origin(kind) is dict:
        return {name: _value(get_args(kind)[1], one) for name, one in value.items()}
    return value


def plain(value: Any) -> Any:
    """What config.yaml would say, with defaults filled in: for Snakemake's params and the notebooks, which hold plain values only.

    What has no value is left out.
    """
    if is_dataclass(value):
        pairs = ((key, getattr(value, part.name)) for key, (part, _) in keys_of(cast(Any, type(value))).items())
        return {key: plain(own) for key, own in pairs if own is not None}
    if isinstance(value, dict):
        return {key: plain(own) for key, own in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(own) for own in value]
    return value


# --- the JSON schema -----------------------------------------------------------------------------------------


def schema_of(block: type) -> dict:
    """The JSON schema (draft 2020-12) of the block and of all blocks in it."""
    definitions: dict[str, dict] = {}
    top = _object(block, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "config.yaml",
        **top,
        "$defs": definitions,
    }


def _object(block: Any, definitions: dict) -> dict:
    known = {key: (part, kind) for key, (part, kind) in keys_of(block).items() if not part.metadata["derived"]}
    made: dict[str, Any] = {
        "description": " ".join((block.__doc__ or "").split()),
        "type": "object",
        "additionalProperties": False,
        "required": [key for key, (part, _) in known.items() if needed(part)],
        "properties": {key: _property(part, kind, definitions) for key, (part, kind) in known.items()},
    }
    if not made["required"]:
        del made["required"]
    # What depends on the value of another key.
    more = getattr(block, "conditions", None)
    return {**made, "allOf": more()} if more else made


def _property(part: Field, kind: Any, definitions: dict) -> dict:
    limits = dict(part.metadata["limits"])
    made = _type(kind, definitions)
    choices = choices_of(part)
    each = dict(limits.pop("each", {}))
    if choices and "items" in made:
        made["items"] = {"enum": choices}
    elif choices and "additionalProperties" in made:
        several = {"type": "array", "minItems": 1, "items": {"enum": choices}}
        made = {"type": "object", "additionalProperties": {"oneOf": [{"enum": choices}, several]}}
    elif choices:
        made = {"enum": choices}
    if each:
        made["items"] = {**made["items"], **each}
    made |= limits
    made["description"] = part.metadata["description"]
    if part.default is not MISSING and part.default is not None and not isinstance(part.default, tuple):
        made["default"] = part.default
    elif isinstance(part.default, tuple):
        made["default"] = list(part.default)
    return made


def choices_of(part: Field) -> list:
    """The values that a key takes; [] when any of its type will do."""
    choices = part.metadata["choices"]
    if isinstance(choices, str):
        module, _, name = choices.partition(":")
        registry = getattr(import_module(module), name)
        choices = registry() if callable(registry) else registry
    return list(choices)


def _type(kind: Any, definitions: dict) -> dict:
    if kind is Text:
        definitions.setdefault("Text", _text())
        return {"$ref": "#/$defs/Text"}
    if get_origin(kind) in (Union, types.UnionType):
        kinds = [_type(part, definitions) for part in get_args(kind) if part is not type(None)]
        return kinds[0] if len(kinds) == 1 else {"oneOf": kinds}
    if isinstance(kind, type) and is_dataclass(kind):
        name = kind.__name__
        if name not in definitions:
            definitions[name] = {}  # keeps its place before the blocks in it
            definitions[name] = _object(kind, definitions)
        return {"$ref": f"#/$defs/{name}"}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _type(get_args(kind)[0], definitions)}
    if get_origin(kind) is dict:
        return {"type": "object", "additionalProperties": _type(get_args(kind)[1], definitions)}
    return {"type": _SIMPLE[kind]}


def _text() -> dict:
    languages = list(import_module("hrmonitor.language").LANGUAGES)
    return {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,  # each of `languages:` is needed, which `checks.check_keys` adds
        "properties": {lang: {"type": "string", "minLength": 1} for lang in languages},
    }
