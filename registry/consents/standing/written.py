"""Facts as a profile writes them, and reads them back: by the types of their fields."""

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any, Union, get_args, get_origin, get_type_hints

from registry.consents.decision.facts import Facts
from registry.consents.standing.likeness import AS_OF, Likeness

_UNIONS = (Union, types.UnionType)


def content(found: Likeness) -> dict[str, Any]:
    """The facts, and whether they are asked about the day itself or the one that stands for it."""
    return {"is_in_order": found.on is not None, "facts": _plain(found.facts)}


def digest(kept: Mapping[str, Any]) -> str:
    """What makes two profiles one."""
    return sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def read(kept: Mapping[str, Any], on: date) -> tuple[Facts, date]:
    """The facts of a profile, and the day to ask about for the day `on`."""
    facts: Facts = _read(Facts, kept["facts"])
    return facts, AS_OF if kept["is_in_order"] else on


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, kept: Any) -> Any:
    """What `_plain` wrote of a value of this type."""
    origin = get_origin(kind)
    if origin in _UNIONS:
        (own,) = (one for one in get_args(kind) if one is not type(None))
        return None if kept is None else _read(own, kept)
    if origin is frozenset:
        return frozenset(_read(get_args(kind)[0], one) for one in kept)
    if origin is tuple:
        parts = get_args(kind)
        each = [parts[0]] * len(kept) if parts[-1] is Ellipsis else parts
        return tuple(_read(part, one) for part, one in zip(each, kept, strict=True))
    if is_dataclass(kind):
        hints = _types(kind)  # type: ignore[arg-type]
        return kind(**{name: _read(hints[name], one) for name, one in kept.items()})  # type: ignore[operator]
    if issubclass(kind, date):
        return kind.fromisoformat(kept)
    return kind(kept) if issubclass(kind, Enum) else kept
