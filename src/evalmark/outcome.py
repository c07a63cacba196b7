"""What a rerun showed, as data: numbers for the judge, versions for the reader, never text to be posted."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from evalmark.artifact import Frozen

KIND = "outcome/1"

Failure = Literal[
    "model-did-not-start",
    "model-failed",
    "grader-failed",
    "benchmark-did-not-load",
    "disk-full",
    "log-unreadable",
    "crashed",
    "time-limit",
    "token-limit",
    "not-handed-over",
]


class SampleOutcome(Frozen):
    """One sample after all its epochs."""

    key: str = Field(pattern=r"^[0-9a-f]{64}$", description="sha256 of input, sorted choices and right answer.")
    score: float | None = Field(description="Reduced score; null if the sample failed or could not be scored.")
    failed: bool = Field(default=False, description="The sample ended in an error.")
    again: tuple[float | None, ...] = Field(
        default=(), description="Scores of further passes, each as `score`: how far the model's answers vary."
    )


Ended = Literal["all", "decided", "samples", "tokens", "minutes"]


class Measured(Frozen):
    """What a rerun has measured. Its samples are the first ones of the planned order, without a gap."""

    status: Literal["measured"] = "measured"
    total: int = Field(ge=1, description="Samples in the benchmark's task.")
    samples: tuple[SampleOutcome, ...] = Field(min_length=1, description="The first samples of the order, in order.")
    ended: Ended = Field(
        default="all", description="Why no more samples ran: all have, every verdict is decided, or a limit was met."
    )
    scorer: str = Field(description="The scorer whose value is the score.")
    epochs: int = Field(ge=1)
    reducer: str = Field(description="How the epochs of one sample became one score.")
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    regraded: tuple[tuple[float, float], ...] = Field(
        default=(), description="Grades that a judge gave to one transcript, twice: how far it agrees with itself."
    )

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


class LogFile(Frozen):
    """An Inspect log of a rerun: of one part of its samples, whole or broken off."""

    path: str = Field(description="Relative to the artifacts.")
    sha256: str


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
    logs: tuple[LogFile, ...] = Field(default=(), description="The Inspect logs, in the order they were begun.")


class Outcomes(Frozen):
    """`outcome.json`: one outcome for each job of the plan."""

    outcomes: tuple[Outcome, ...]
    plan: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{64}$", description="sha256 of the `plan.json` that was carried out."
    )
