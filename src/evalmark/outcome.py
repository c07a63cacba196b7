"""What a rerun showed, as data: numbers for the judge, versions for the reader, never text to be posted."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from evalmark.artifact import Frozen

KIND = "outcome/1"

Failure = Literal[
    "model-did-not-start",
    "model-failed",
    "benchmark-did-not-load",
    "disk-full",
    "log-unreadable",
    "crashed",
    "time-limit",
]


class SampleOutcome(Frozen):
    """One sample after all its epochs."""

    key: str = Field(pattern=r"^[0-9a-f]{64}$", description="sha256 of input, sorted choices and right answer.")
    score: float | None = Field(description="Reduced score; null if the sample failed or could not be scored.")
    failed: bool = Field(default=False, description="The sample ended in an error.")


class Measured(Frozen):
    """A rerun that ended as planned."""

    status: Literal["measured"] = "measured"
    total: int = Field(ge=1, description="Samples in the benchmark's task.")
    samples: tuple[SampleOutcome, ...] = Field(
        min_length=1, description="One for each planned sample, in the order they ran."
    )
    scorer: str = Field(description="The scorer whose value is the score.")
    epochs: int = Field(ge=1)
    reducer: str = Field(description="How the epochs of one sample became one score.")
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)

    @model_validator(mode="after")
    def _not_more_than_there_are(self) -> Self:
        if len(self.samples) > self.total:
            raise ValueError(f"{len(self.samples)} samples of {self.total}")
        return self


class Failed(Frozen):
    """A rerun that did not end as planned. Nothing is judged from it."""

    status: Literal["failed"] = "failed"
    failure: Failure
    detail: str = Field(default="", description="What the engine said: foreign text, cut to 300 characters.")


class Outcome(Frozen):
    """One job's result and what it ran with."""

    job: str
    result: Measured | Failed = Field(discriminator="status")
    seconds: float = Field(ge=0)
    versions: Mapping[str, str] = Field(default_factory=dict, description="Package or engine → version.")
    platform: str = Field(default="", description="Machine and processor.")
    model_args: Mapping[str, str | int | float | bool | None] = Field(
        default_factory=dict, description="Arguments that the model was started with, without paths of this machine."
    )
    log: str | None = Field(default=None, description="Path of the Inspect log, relative to the artifacts.")
    log_sha256: str | None = None


class Outcomes(Frozen):
    """`outcome.json`: one outcome for each job of the plan."""

    outcomes: tuple[Outcome, ...]
