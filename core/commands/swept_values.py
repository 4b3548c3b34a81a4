"""`--over FLAG VALUES`: which flag of the model or of training takes which values, and a configuration for each."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from core.commands.usage import UsageError
from core.config import GROUPS, RunConfig

SWEPT = {group: kind for group, kind in GROUPS if group != "images"}  # all values learn from the same images
FLAGS = {field.replace("_", "-"): (group, field) for group, kind in SWEPT.items() for field in kind.model_fields}


def flag_of(word: str) -> str:
    """The flag that is meant, without dashes in front; raises UsageError when there is none such."""
    flag = word.lstrip("-").replace("_", "-")
    if flag in FLAGS:
        return flag
    close = get_close_matches(flag, FLAGS, n=1)
    meant = f"; did you mean {close[0]}?" if close else f": {', '.join(FLAGS)}."
    raise UsageError(f"--over {word}: there is no such flag of the model or of training{meant}")


def configurations(flag: str, values: str, base: RunConfig) -> dict[str, RunConfig]:
    """A configuration for each value by its text; raises UsageError for the first value that cannot be."""
    found: dict[str, RunConfig] = {}
    for text in values.split(","):
        value = _value(flag, text.strip(), base)
        if said(value) in found:
            raise UsageError(f"--over {flag}: {said(value)} is there twice.")
        found[said(value)] = _changed(flag, value, base)
    return found


def said(value: object) -> str:
    """A value as in a command: 4.0 is 4."""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value).lower()


def _value(flag: str, text: str, base: RunConfig) -> object:
    if not text:
        raise UsageError(f"--over {flag}: give its values with commas between them and no spaces, as 1,2,4.")
    group, field = FLAGS[flag]
    problem = ""
    for candidate in _readings(text):
        try:
            return getattr(_checked(getattr(base, group), {field: candidate}), field)
        except ValidationError as error:
            problem = problem or error.errors()[-1]["msg"].replace("Input should", "it must")
    raise UsageError(f"--over {flag} {text}: {problem}.")


def _readings(text: str) -> Iterator[object]:
    """What a word may mean, the most particular first."""
    for kind in (int, float):
        try:
            yield kind(text)
        except ValueError:
            continue
    yield text
    if text == "none":
        yield None


def _checked(config: BaseModel, changes: dict[str, Any]) -> BaseModel:
    return type(config).model_validate({**config.model_dump(), **changes})


def _changed(flag: str, value: object, base: RunConfig) -> RunConfig:
    group, field = FLAGS[flag]
    try:
        return RunConfig.model_validate(
            {**base.model_dump(), group: {**getattr(base, group).model_dump(), field: value}}
        )
    except ValidationError as error:
        raise UsageError(f"--over {flag} {said(value)}: {error.errors()[0]['msg']}.") from error
