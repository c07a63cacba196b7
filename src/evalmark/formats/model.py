"""What all models of the file formats share."""

from typing import Annotated, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")


def _whole(value: object) -> object:
    """4.0 is 4: to Inspect, and to the Hub, whose JavaScript and JSON know only one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# Strict for its items, but a tuple may come from a list: YAML, TOML and JSON have no tuples.
Items = Annotated[tuple[T, ...], Field(strict=False)]
NonEmptyItems = Annotated[tuple[T, ...], Field(strict=False, min_length=1)]
Text = Annotated[str, Field(min_length=1)]
Count: TypeAlias = Annotated[int, Field(ge=1), BeforeValidator(_whole)]


class FormatModel(BaseModel):
    """Immutable, without conversions (`"20.9"` is no number), ignoring keys that it does not know."""

    # Built when the first file of its kind comes: a hook that checks one file waits for what it imports.
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", defer_build=True)
