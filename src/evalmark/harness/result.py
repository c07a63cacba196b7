"""What a harness reports about one task that it ran: somebody else wrote it, so it is proposed, not believed."""

from typing import Literal

from pydantic import Field

from evalmark.artifact import Frozen


class Metric(Frozen):
    """One number of a result."""

    name: str = Field(description="As the harness calls it, for example `exact_match`; with a filter: `name,filter`.")
    value: float
    unit: Literal["fraction", "percent"] | None = Field(
        default=None, description="Whether 1 or 100 is the most; null if the harness does not say."
    )
    lower_is_better: bool = False
    stderr: float | None = Field(default=None, description="In the metric's own unit.")


class DatasetUsed(Frozen):
    """Where the questions came from, as far as the harness tells."""

    id: str | None = Field(default=None, description="`owner/name` or a bare name on the Hub.")
    config: str | None = None
    split: str | None = None
    revision: str | None = Field(default=None, pattern=r"^[0-9a-f]{40}$")


class Result(Frozen):
    """One task, run on one model."""

    harness: str = Field(description="`inspect-ai`, `lm-eval`, `lighteval`, `helm`, `mteb` or `every-eval-ever`.")
    version: str | None = Field(default=None, description="Of the harness, as it says itself.")
    file: str = Field(description="Where the result was read, relative to what the person named.")
    model: str = Field(description="As the harness names it.")
    model_revision: str | None = Field(default=None, pattern=r"^[0-9a-f]{40}$")
    task: str = Field(description="As the harness names it.")
    dataset: DatasetUsed = DatasetUsed()
    metrics: tuple[Metric, ...] = Field(min_length=1, description="The one that the harness puts first comes first.")
    samples: int | None = Field(default=None, ge=0, description="Samples that have a score.")
    planned: int | None = Field(default=None, ge=0, description="Samples of the whole dataset split.")
    date: str | None = Field(default=None, description="When it was measured: ISO 8601, a date or a time with zone.")
    setup: tuple[str, ...] = Field(
        default=(), description="What tells the set-up from the usual one, in usual words: `With tools`, `5-shot`."
    )
    source_url: str | None = Field(default=None, description="A page that the result itself names as its source.")
    source_name: str | None = None
    faults: tuple[str, ...] = Field(
        default=(), description="Why this is no whole clean run, in short: `20 of 1319 samples`, `3 samples failed`."
    )
