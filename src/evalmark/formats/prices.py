"""A price table: what a model's tokens cost, in dollars for a million. The format is ours, and the person's own file.

["openai/gpt-4o-2024-08-06"]      # as Inspect names the model
input = 2.5
output = 10
"""

from collections.abc import Mapping

from pydantic import ConfigDict, Field, RootModel

from evalmark.errors import UsageProblem
from evalmark.finding import Severity
from evalmark.formats.model import FormatModel
from evalmark.formats.toml import read_toml
from evalmark.formats.translate import ANY_ERROR, FileKind, Part, Wording, validate
from evalmark.formats.wording import EVERY_FILE, MISSING


class Price(FormatModel):
    """Of one model, in dollars for a million tokens."""

    model_config = ConfigDict(extra="forbid")

    input: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)


class _Prices(RootModel[dict[str, Price]]):
    """A whole file."""


# The pattern of a table at the top, whatever its name.
_ONE = ".*"
_FORM = '["openai/gpt-4o-2024-08-06"] and below it input = 2.5 and output = 10, in dollars for a million tokens'
_NUMBER = Wording("field-type", "`{field}` must be a price of at least 0, but it is {found}", f"write {_FORM}")
_MISSING = Wording("field-missing", "`{field}` is missing", f"write {_FORM}")
_PRICES_KIND = FileKind(
    parts={_ONE: Part("a model's price", Price)},
    wordings={
        **EVERY_FILE,
        (_ONE, "model_type"): Wording("field-type", "`{field}` must be a table, but it is {found}", f"write {_FORM}"),
        **{(f"{_ONE}.{key}", MISSING): _MISSING for key in Price.model_fields},
        **{(f"{_ONE}.{key}", ANY_ERROR): _NUMBER for key in Price.model_fields},
    },
    free_keys=frozenset({""}),
)


def parse_prices(path: str, text: bytes) -> Mapping[str, Price]:
    """Read a price table, by model. Raises `UsageProblem` for the first thing that is wrong with it."""
    document = read_toml(path, text, ignored="")
    validated = validate(_Prices, document.root, _PRICES_KIND) if document.root is not None else None
    findings = (*document.findings, *(validated.findings if validated else ()))
    if validated is None or validated.model is None:
        first = next(finding for finding in findings if finding.severity is Severity.ERROR)
        raise UsageProblem(f"{first.place}: {first.message}", first.help)
    return validated.model.root
