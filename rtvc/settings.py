"""Trees of frozen dataclasses as strict YAML: every mistake is one sentence with its line."""

import dataclasses
import math
import types
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml

from rtvc.errors import ConfigError
from rtvc.nearest import hint

T = TypeVar("T")

SCALARS: dict[type, str] = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}


def setting(default: Any, help: str, low: float | None = None, high: float | None = None) -> Any:
    """Return a dataclass field with its default, the sentence that explains it and its range."""
    metadata = {"help": help, "low": low, "high": high}
    if isinstance(default, dict):
        return dataclasses.field(default_factory=lambda: dict(default), metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def section(kind: type, help: str) -> Any:
    """Return a dataclass field that holds a dataclass of settings with their defaults."""
    return dataclasses.field(default_factory=kind, metadata={"help": help})


def read_settings(kind: type[T], text: str, source: str) -> T:
    """Return the settings written in `text`; what is not written keeps its default.

    Raises ConfigError naming `source`, the line and the key.
    """
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"{source}{line}: this is no YAML ({error.problem})") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{source}: this is no YAML ({error})".replace("\n", " ")) from error
    if root is None:
        return kind()
    return _Reader(source).tree(kind, root, "")


def write_settings(settings: Any) -> str:
    """Return the settings as YAML, each under the sentence that explains it."""
    return "\n".join("".join(_written_field(settings, field, "")) for field in dataclasses.fields(settings))


class _Reader:
    """Turns YAML nodes into checked values; a node knows its line."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._loader = yaml.SafeLoader("")

    def tree(self, kind: type[T], node: yaml.Node, where: str) -> T:
        """Return the dataclass `kind` from a mapping node; `where` ends with a dot or is empty."""
        hints = get_type_hints(kind)
        fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
        values: dict[str, Any] = {}
        for key, (key_node, value_node) in self._items(node, where).items():
            if key not in fields:
                raise self._error(key_node, f"unknown key {where}{key}{hint(key, fields, where)}")
            if dataclasses.is_dataclass(hints[key]):
                values[key] = self._section(hints[key], value_node, f"{where}{key}")
            else:
                values[key] = self._value(hints[key], value_node, f"{where}{key}", fields[key].metadata)
        return kind(**values)

    def _section(self, kind: Any, node: yaml.Node, where: str) -> Any:
        if node.tag == "tag:yaml.org,2002:null":
            return kind()
        return self.tree(kind, node, f"{where}.")

    def _items(self, node: yaml.Node, where: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        name = where.removesuffix(".") or "the file"
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, f"{name} must hold keys with values (key: value)")
        items: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key_node, value_node in node.value:
            key = self._plain(key_node)
            if not isinstance(key, str):
                raise self._error(key_node, f"a key in {name} must be a text, not {key!r}; put it in quotes")
            if key in items:
                raise self._error(key_node, f"{where}{key} is written twice")
            items[key] = (key_node, value_node)
        return items

    def _value(self, kind: Any, node: yaml.Node, where: str, limits: Mapping[str, Any]) -> Any:
        origin = get_origin(kind)
        if origin is dict:
            inner = get_args(kind)[1]
            if node.tag == "tag:yaml.org,2002:null":
                return {}
            items = self._items(node, f"{where}.")
            if dataclasses.is_dataclass(inner):
                return {key: self._section(inner, value, f"{where}.{key}") for key, (_, value) in items.items()}
            return {key: self._value(inner, value, f"{where}.{key}", limits) for key, (_, value) in items.items()}
        found = self._plain(node)
        if origin is Literal:
            return self._choice(get_args(kind), found, node, where)
        if origin in (Union, types.UnionType):
            if found is None:
                return None
            kind = next(one for one in get_args(kind) if one is not type(None))
        return self._scalar(kind, found, node, where, limits)

    def _choice(self, choices: tuple[Any, ...], found: Any, node: yaml.Node, where: str) -> Any:
        if found not in choices:
            raise self._error(node, f"{where} is {_shown(found)}, it must be one of {', '.join(map(str, choices))}")
        return found

    def _scalar(self, kind: type, found: Any, node: yaml.Node, where: str, limits: Mapping[str, Any]) -> Any:
        if kind is float and type(found) is int:
            found = float(found)
        if type(found) is not kind or (isinstance(found, float) and not math.isfinite(found)):
            raise self._error(node, f"{where} is {_shown(found)}, it must be {SCALARS[kind]}")
        low, high = limits.get("low"), limits.get("high")
        if (low is not None and found < low) or (high is not None and found > high):
            raise self._error(node, f"{where} is {_shown(found)}, it must be from {low:g} to {high:g}")
        return found

    def _plain(self, node: yaml.Node) -> Any:
        try:
            return self._loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
            reason = getattr(error, "problem", None) or str(error)
            raise self._error(node, f"a value cannot be read ({reason})") from error

    def _error(self, node: yaml.Node, sentence: str) -> ConfigError:
        return ConfigError(f"{self._source}, line {node.start_mark.line + 1}: {sentence}")


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)


def _written_field(settings: Any, field: dataclasses.Field[Any], indent: str) -> list[str]:
    value = getattr(settings, field.name)
    lines = [f"{indent}# {field.metadata['help']}\n"]
    if dataclasses.is_dataclass(value):
        lines.append(f"{indent}{field.name}:\n")
        for inner in dataclasses.fields(value):
            lines += _written_field(value, inner, f"{indent}  ")
        return lines
    block = yaml.safe_dump({field.name: _plain(value)}, allow_unicode=True, sort_keys=True, width=1000)
    return lines + [f"{indent}{line}\n" for line in block.splitlines()]


def _plain(value: Any) -> Any:
    """A value as YAML takes it; of a dataclass inside a dictionary only what is not the default."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if dataclasses.is_dataclass(value):
        found = {field.name: (getattr(value, field.name), field.default) for field in dataclasses.fields(value)}
        return {name: one for name, (one, default) in found.items() if one != default}
    return value
