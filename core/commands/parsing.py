"""From words to flags: they come from the configuration itself, so window, file and flags cannot drift."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, TypeVar

import tyro
from pydantic import BaseModel, ValidationError
from tyro.conf import DisallowNone, FlagCreatePairsOff, OmitArgPrefixes, PositionalMetavarFromFieldName
from tyro.constructors import ConstructorRegistry, StructConstructorSpec, StructFieldSpec, StructTypeInfo

Flags = TypeVar("Flags")
MARKERS = (FlagCreatePairsOff, OmitArgPrefixes, DisallowNone, PositionalMetavarFromFieldName)


class Misused(Exception):
    """The command line is wrong; the message says how, a line for each flag."""


def parse(kind: type[Flags], command: str, words: Sequence[str], default: Flags | None = None) -> Flags:
    """Read the words of one command into its flags, a dataclass; raises Misused, or SystemExit after help or errors."""
    flags: Flags = tyro.cli(
        kind,
        prog=f"latentscape {command}",
        args=list(words),
        default=tyro.MISSING if default is None else default,
        config=MARKERS,
        registry=_registry(),
    )
    problems = [line for each in fields(flags) for line in _problems(getattr(flags, each.name))]  # type: ignore[arg-type]
    if problems:
        raise Misused("\n".join(problems))
    return flags


def _registry() -> ConstructorRegistry:
    registry = ConstructorRegistry()
    registry.struct_rule(_configuration)
    return registry


def _configuration(found: StructTypeInfo) -> StructConstructorSpec | None:
    """A configuration's fields as flags; it is not checked yet, so that all that is wrong can be said at once."""
    if not (isinstance(found.type, type) and issubclass(found.type, BaseModel)):
        return None
    usual = found.default if isinstance(found.default, BaseModel) else found.type()
    flags = (
        StructFieldSpec(name, field.annotation or str, getattr(usual, name), field.description)
        for name, field in found.type.model_fields.items()
    )
    return StructConstructorSpec(found.type.model_construct, tuple(flags))


def _problems(value: Any) -> Iterator[str]:
    if not isinstance(value, BaseModel):
        return
    try:
        type(value).model_validate(value.model_dump())
    except ValidationError as error:
        for problem in error.errors():
            flag = str(problem["loc"][0]).replace("_", "-")
            yield f"--{flag} {problem['input']}: {problem['msg'].replace('Input should', 'it must')}."
