"""From words to flags: they come from the configuration itself, so window, file and flags cannot drift."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Annotated, Any, TypeVar

import tyro
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from tyro.conf import DisallowNone, FlagCreatePairsOff, OmitArgPrefixes, PositionalMetavarFromFieldName, arg
from tyro.constructors import ConstructorRegistry, StructConstructorSpec, StructFieldSpec, StructTypeInfo

from core.commands.usage import UsageError

Flags = TypeVar("Flags")
EMPTY = {"capacity": "none"}  # what a flag that is left out stands for, where it is not "no limit"
ReadAnew = Annotated[bool, arg(help="Decode every file once more, whatever is known of it from before.")]
MARKERS = (FlagCreatePairsOff, OmitArgPrefixes, DisallowNone, PositionalMetavarFromFieldName)


def parse(kind: type[Flags], command: str, words: Sequence[str], default: Flags | None = None) -> Flags:
    """Read the words of one command into its flags, a dataclass.

    Raises UsageError for values that cannot be; SystemExit after help, and for words that are no flags.
    """
    usual: dict[str, Any] = {} if default is None else {"default": default}
    flags: Flags = tyro.cli(
        kind,
        prog=f"latentscape {command}",
        args=list(words),
        config=MARKERS,
        registry=_registry(),
        **usual,
    )
    check(*(getattr(flags, each.name) for each in fields(flags)))  # type: ignore[arg-type]
    return flags


def check(*values: object) -> None:
    """Raise UsageError for all that is wrong with any configuration among the values."""
    problems = [line for value in values if isinstance(value, BaseModel) for line in _problems(value)]
    if problems:
        raise UsageError("\n".join(problems))


def _registry() -> ConstructorRegistry:
    registry = ConstructorRegistry()
    registry.struct_rule(_configuration)
    return registry


def _configuration(found: StructTypeInfo) -> StructConstructorSpec | None:
    """A configuration's fields as flags; it is not checked yet, so that all that is wrong can be said at once."""
    if not (isinstance(found.type, type) and issubclass(found.type, BaseModel)):
        return None
    kind, usual = found.type, found.default if isinstance(found.default, BaseModel) else found.type()

    def unchecked(**values: Any) -> BaseModel:
        return kind.model_construct(**values)

    unchecked.__doc__ = kind.__doc__  # the heading of these flags
    flags = (_flag(name, field, getattr(usual, name)) for name, field in kind.model_fields.items())
    return StructConstructorSpec(unchecked, tuple(flags))


def _flag(name: str, field: FieldInfo, usual: object) -> StructFieldSpec:
    kind: Any = field.annotation
    if usual is None:
        kind = Annotated[kind, arg(help_behavior_hint=f"(default: {EMPTY.get(name, 'no limit')})")]
    return StructFieldSpec(name, kind, usual, field.description)


def _problems(configuration: BaseModel) -> Iterator[str]:
    try:
        type(configuration).model_validate(configuration.model_dump())
    except ValidationError as error:
        for problem in error.errors():
            if problem["type"] == "literal_error" and len(problem["loc"]) > 1:
                continue  # one way out of several: the other says it better
            flag = str(problem["loc"][0]).replace("_", "-")
            said = problem["msg"].replace("Input should", "it must").replace("Value error, ", "it ")
            yield f"--{flag} {problem['input']}: {said}."
