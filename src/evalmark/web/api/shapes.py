"""The shapes of the answers, for the OpenAPI description: those of records follow from the records."""

import typing
from dataclasses import fields
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from evalmark.record import (
    ClaimRecord,
    DisputeRecord,
    EventRecord,
    ModelRecord,
    ReceiptRecord,
    Record,
    TaskRecord,
    VerdictRecord,
)


class Shape(BaseModel):
    """Base of all: an answer has these keys and no other."""

    model_config = ConfigDict(extra="forbid")


def shape_of(kind: type[Record], **more: Any) -> type[BaseModel]:
    """The shape of a record, with the descriptions of its columns; `more` are further keys as pydantic takes them."""
    hints = typing.get_type_hints(kind)
    columns: dict[str, Any] = {
        each.name: (hints[each.name], Field(description=each.metadata["description"])) for each in fields(kind)
    }
    made: type[BaseModel] = create_model(
        kind.__name__.removesuffix("Record"), __base__=Shape, __doc__=kind.__doc__, **columns, **more
    )
    return made


def page_of(item: type[BaseModel], **more: Any) -> type[BaseModel]:
    """The shape of a part of a list."""
    made: type[BaseModel] = create_model(
        f"{item.__name__}Page",
        __base__=Shape,
        __doc__="A part of a list. The next part is in the header `Link`.",
        **more,
        items=(list[item], Field(description="The part.")),  # type: ignore[valid-type] # pydantic reads it
        total=(int, Field(description="Items on all pages.")),
        page=(int, Field(description="The number of this page, from 1.")),
        per_page=(int, Field(description="The most items that a page has.")),
    )
    return made


Claim = shape_of(ClaimRecord)
Model = shape_of(ModelRecord)
Event = shape_of(EventRecord)
Verdict = shape_of(VerdictRecord)
Dispute = shape_of(DisputeRecord)
Receipt = shape_of(ReceiptRecord)
Task = shape_of(TaskRecord, rows=(str, Field(description="Where the rows of this board are.")))

Row: type[BaseModel] = create_model(
    "Row",
    __base__=Shape,
    __doc__="A row of a board.",
    rank=(int | None, Field(description="Among the rows that the filter lets through; null if contradicted.")),
    tied=(bool, Field(description="Other rows have the same rank.")),
    claim=(Claim, Field(description="The claim.")),
)
TaskPage = page_of(Task)
BoardPage = page_of(Row, task=(Task, Field(description="The task whose board it is.")))
ModelPage, ClaimPage, EventPage = page_of(Model), page_of(Claim), page_of(Event)
DisputePage, ReceiptPage = page_of(Dispute), page_of(Receipt)
Benchmark: type[BaseModel] = create_model(
    "Benchmark",
    __base__=Shape,
    __doc__="A benchmark and its boards.",
    dataset_id=(str, Field(description="The benchmark's dataset repo, `owner/name`.")),
    tasks=(list[Task], Field(description="Its tasks, each a board.")),  # type: ignore[valid-type] # pydantic reads it
)
Counts: type[BaseModel] = create_model(
    "Counts",
    __base__=Shape,
    __doc__="How much the store holds about a model.",
    claims=(int, Field(description="Claims.")),
    events=(int, Field(description="Events.")),
    conflicts=(int, Field(description="Disputes.")),
)
ModelAndClaims: type[BaseModel] = create_model(
    "ModelAndClaims",
    __base__=Shape,
    __doc__="A model, where it was collected, and what it claims.",
    model=(str, Field(description="The model, `owner/name`.")),
    repos=(list[Model], Field(description="The repos that were collected.")),  # type: ignore[valid-type] # as above
    claims=(list[Claim], Field(description="Its claims by board; 1000 at most.")),  # type: ignore[valid-type] # as above
    counts=(Counts, Field(description="How many there are in all.")),
)
ClaimAndHistory: type[BaseModel] = create_model(
    "ClaimAndHistory",
    __base__=Shape,
    __doc__="A claim and what happened to it.",
    claim=(Claim | None, Field(description="The claim; null if it was withdrawn.")),  # type: ignore[arg-type] # as above
    events=(list[Event], Field(description="Its events, oldest first.")),  # type: ignore[valid-type] # as above
    verdicts=(list[Verdict], Field(description="Its verdicts, newest first.")),  # type: ignore[valid-type] # as above
    receipts=(list[Receipt], Field(description="Its receipts, newest first.")),  # type: ignore[valid-type] # as above
    disputes=(list[Dispute], Field(description="The disputes that it is part of.")),  # type: ignore[valid-type] # as above
)


class Index(Shape):
    """What there is."""

    evalmark: str = Field(description="The version of evalmark that answers.")
    store: str = Field(description="Names the content of the store: another one after each sync.")
    links: dict[str, str] = Field(description="Where to go on.")


class HubAuthor(Shape):
    """Who owns a model, as the Hub's leaderboard says it."""

    type: str = Field(description="`user`, also for organisations: the store does not know which.")
    name: str = Field(description="The owner's name.")
    fullname: str = Field(description="The same.")
    avatarUrl: str = Field(description="Empty: the store has no pictures.")  # noqa: N815 - the Hub's own name


class HubSource(Shape):
    """What supports a score, as the Hub's leaderboard says it."""

    url: str = Field(description="As written: foreign text.")
    name: str | None = Field(default=None, description="As written: foreign text.")


class Ours(Shape):
    """What the Hub's own leaderboard does not have."""

    claim: str = Field(description="The claim's id.")
    task_id: str = Field(description="The task: foreign text.")
    rank: int | None = Field(description="The rank with ties; null if a rerun contradicted it.")
    tied: bool = Field(description="Other rows have the same rank.")
    verdict: str | None = Field(description="The newest verdict on this claim.")
    stale: str | None = Field(description="Why that verdict no longer speaks of it; null if it does.")
    rung: str = Field(description="The rung of evidence.")
    receipt: str | None = Field(description="The best of its receipts: valid, stale, untrusted, invalid or unchecked.")
    signed_by: str | None = Field(description="Whose key signed that verdict, by a receipt that is valid.")
    measured: float | None = Field(description="The score that the rerun measured.")
    interval: tuple[float, float] | None = Field(description="For the score over all samples.")


class HubRow(Shape):
    """A row as on the Hub's own leaderboard."""

    rank: int = Field(description="The place in this order, from 1.")
    modelId: str = Field(description="The model.")  # noqa: N815 - the Hub's own name
    value: float = Field(description="The claimed score.")
    filename: str = Field(description="The results file.")
    verified: bool = Field(description="The Hub's own badge, as the Hub showed it; never ours.")
    author: HubAuthor = Field(description="The model's owner.")
    source: HubSource | None = Field(default=None, description="Missing if the entry names none.")
    pullRequest: int | None = Field(  # noqa: N815 - the Hub's own name
        default=None, description="The open pull request that proposes it; missing on main."
    )
    notes: str | None = Field(default=None, description="As written: foreign text. Missing if there are none.")
    evalmark: Ours = Field(description="What evalmark knows of it.")
