"""What may stand behind the question mark of an address: described once, for the reader and for the OpenAPI."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, get_args

from evalmark.board import RUNGS
from evalmark.flows.boards import Sort
from evalmark.query import MOST_ROWS, PAGE, BoardFilter, Page
from evalmark.record import DisputeKind, EventKind, ReceiptState
from evalmark.web import filters
from evalmark.web.api.problems import Refusal

DEEPEST: Final = 100_000
"""Rows that may be passed over in a list that has no board's order: what is beyond costs more than it tells."""
_TEXT: Final = {"type": "string", "maxLength": filters.LONGEST}
_REPO: Final = {"type": "string", "maxLength": filters.LONGEST, "examples": ["acme/sums"]}
_YES: Final = {"type": "boolean"}
_SIZE: Final = {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,3})?[KMBT]?$", "examples": ["7B"]}


class Parameter(NamedTuple):
    """One of them. `schema` is JSON Schema."""

    name: str
    description: str
    schema: Mapping[str, Any]
    within: str = "query"

    def described(self) -> dict[str, Any]:
        """As OpenAPI has it."""
        required = self.within == "path"
        text = {"name": self.name, "in": self.within, "required": required, "description": self.description}
        return {**text, "schema": dict(self.schema)}


def _one_of(values: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


PAGING: Final = (
    Parameter(
        "page", "Which part, from 1.", {"type": "integer", "minimum": 1, "maximum": filters.MOST_PAGES, "default": 1}
    ),
    Parameter("per_page", "Items in a part.", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": PAGE}),
)
SEARCH: Final = Parameter("q", "Part of the name, whatever its case.", _TEXT)
OWNER: Final = Parameter("owner", "Only models of this owner.", _TEXT)
MODEL: Final = Parameter("model", "Only this model, `owner/name`.", _REPO)
BENCHMARK: Final = Parameter("benchmark", "Only this benchmark, `owner/name`.", _REPO)
TASK: Final = Parameter("task", "Only this task: its id, exactly, whatever characters it has.", {"type": "string"})
SINCE: Final = Parameter("since", "Changed on this day (UTC) or later.", {"type": "string", "format": "date"})
EVENT_KIND: Final = Parameter("kind", "Only this kind of event.", _one_of(get_args(EventKind)))
DISPUTE_KIND: Final = Parameter("kind", "Only this kind of conflict.", _one_of(get_args(DisputeKind)))
CLAIM: Final = Parameter("claim", "Only for the claim of this id.", _TEXT)
CLAIM_DIGEST: Final = Parameter("digest", "Only for the claim of this digest, as receipts name it.", _TEXT)
RECEIPT_STATE: Final = Parameter("state", "Only receipts of this state.", _one_of(get_args(ReceiptState)))
CHOICE: Final = (
    SEARCH,
    OWNER,
    Parameter("verified", "Only with a verdict `verified` that is not stale.", _YES),
    Parameter("signed", "Only with a valid receipt of a trusted key.", _YES),
    Parameter("min_rung", "Only with this evidence, or stronger.", _one_of(RUNGS)),
    SINCE,
    Parameter("size_min", "Only models with so many parameters, or more.", _SIZE),
    Parameter("size_max", "Only models with so many parameters, or fewer.", _SIZE),
    Parameter("base_only", "Only models that name no base model.", _YES),
)
"""As on the command line."""
BOARD: Final = (
    *CHOICE,
    Parameter("best", "One row a model: its best.", _YES),
    Parameter("sort", "The order of the rows; ranks are the same in all.", _one_of(filters.SORTS)),
    *PAGING,
)


def read(given: Iterable[tuple[str, str]], allowed: Iterable[Parameter]) -> dict[str, str]:
    """The parameters of a request by name. Raises `Refusal` for one that means nothing here, or stands there twice."""
    names = {each.name for each in allowed}
    found: dict[str, str] = {}
    for name, value in given:
        if name not in names:
            raise Refusal(422, f"there is no parameter `{name[:40]}` here, but: {', '.join(sorted(names)) or 'none'}")
        if name in found:
            raise Refusal(422, f"`{name}` stands there twice")
        found[name] = value
    return found


def board_question(query: Mapping[str, str]) -> tuple[BoardFilter, Sort, Page]:
    """What is asked of a board. Raises `Refusal`."""
    try:
        return filters.parse_filter(query)
    except filters.BadFilter as error:
        raise Refusal(422, str(error)) from None


def page(query: Mapping[str, str]) -> Page:
    """Which part of a list. Raises `Refusal`."""
    found = board_question(query)[2]
    if found.offset > DEEPEST:
        raise Refusal(
            422, f"a list ends after {DEEPEST} items: narrow the question, or take the whole store as Parquet files"
        )
    return found


def one_of(parameter: Parameter, query: Mapping[str, str]) -> str | None:
    """The value of a parameter that has few. Raises `Refusal`."""
    value = query.get(parameter.name) or None
    allowed = parameter.schema["enum"]
    if value is not None and value not in allowed:
        raise Refusal(422, f"`{parameter.name}` must be one of {', '.join(allowed)}")
    return value


def yes(parameter: Parameter, query: Mapping[str, str], *, default: bool) -> bool:
    """The value of a parameter that is true or false. Raises `Refusal`."""
    value = query.get(parameter.name, "").strip().lower()
    if not value:
        return default
    if value not in (*filters.YES, *filters.NO):
        raise Refusal(422, f"`{parameter.name}` must be true or false")
    return value in filters.YES
