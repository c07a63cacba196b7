"""`eval.yaml` of a benchmark dataset repo, for any framework and, in full, for Inspect.

Sources of the format: `docs/hub/eval-results.md` in huggingface/hub-docs, August 2026, and what
`inspect eval hf/<dataset>/<task>` of inspect-ai 0.3.285 accepts. Inspect refuses unknown keys in a
task and in its `field_spec`, and ignores those of a solver or scorer.
"""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, JsonValue

from evalmark.formats.model import FormatModel, Items, NonEmptyItems, Text
from evalmark.formats.upstream import REDUCER_PATTERN, SCORERS, SOLVERS


def _solver(name: str) -> str:
    if name not in SOLVERS:
        raise ValueError(name)
    return name


def _scorer(name: str) -> str:
    if name not in SCORERS:
        raise ValueError(name)
    return name


SolverName: TypeAlias = Annotated[str, AfterValidator(_solver), Field(json_schema_extra={"enum": list(SOLVERS)})]
ScorerName: TypeAlias = Annotated[str, AfterValidator(_scorer), Field(json_schema_extra={"enum": list(SCORERS)})]


class Task(FormatModel):
    """One leaderboard of a benchmark."""

    id: Text | None = Field(
        default=None,
        description="The leaderboard's id, named by `dataset.task_id` of an entry. A single Inspect task may lack it.",
    )
    config: str | None = Field(default=None, description="The dataset's configuration (subset).")
    split: str | None = Field(default=None, description="The dataset's split.")


class FieldSpec(FormatModel):
    """Which column of the dataset becomes what of a sample."""

    model_config = ConfigDict(extra="forbid")

    input: str = Field(default="input", description="The column with the question.")
    target: str = Field(default="target", description="The column with the right answer, or `literal:X` for always X.")
    choices: str | Items[str] | None = Field(
        default=None, description="The column with the list of choices, or one column a choice."
    )
    id: str = Field(default="id", description="The column with a sample's id.")
    metadata: Items[str] | None = Field(default=None, description="Columns to keep as the sample's metadata.")
    sandbox: str = Field(default="sandbox", description="The column with the sandbox.")
    files: str = Field(default="files", description="The column with files for the sandbox.")
    setup: str = Field(default="setup", description="The column with a set-up script for the sandbox.")
    checkpoint: str | None = Field(default="checkpoint", description="The column with the checkpoint's settings.")
    description: str | None = Field(default=None, description="The column that says what a sample asks for.")
    input_image: str | None = Field(default=None, description="The column with an image (a data URI) for the question.")


class Solver(FormatModel):
    """One step of Inspect's way to an answer."""

    name: SolverName = Field(description="One of Inspect's solvers.")
    args: dict[str, JsonValue] = Field(default_factory=dict, description="The solver's arguments.")


class Scorer(FormatModel):
    """One of Inspect's ways to score an answer."""

    name: ScorerName = Field(description="One of Inspect's scorers.")
    args: dict[str, JsonValue] = Field(default_factory=dict, description="The scorer's arguments.")


class InspectTask(Task):
    """One leaderboard that Inspect AI can run."""

    model_config = ConfigDict(extra="forbid")

    config: str = Field(default="default", description="The dataset's configuration (subset).")
    split: str = Field(default="test", description="The dataset's split.")
    field_spec: FieldSpec = Field(description="Which column of the dataset becomes what of a sample.")
    shuffle_choices: bool | None = Field(
        default=None, description="Whether the choices are shuffled; the format has no seed for it."
    )
    epochs: int = Field(default=1, ge=1, description="How often each sample is answered.")
    epoch_reducer: str | None = Field(
        default=None,
        pattern=REDUCER_PATTERN,
        description="How a sample's scores of all epochs become one: mean, median, mode, max, pass_at_N or at_least_N.",
    )
    solvers: NonEmptyItems[Solver] = Field(description="How a model comes to an answer, step by step.")
    scorers: NonEmptyItems[Scorer] = Field(description="How an answer is scored.")


class Benchmark(FormatModel):
    """A benchmark and its leaderboards. The tasks are `InspectTask`s exactly in an `InspectBenchmark`."""

    name: str | None = Field(default=None, description="The benchmark's display name.")
    description: str | None = Field(default=None, description="What the benchmark measures.")
    evaluation_framework: str | None = Field(
        default=None, description="Which framework runs the benchmark: an id of the Hub's list, such as `inspect-ai`."
    )
    tasks: NonEmptyItems[Task] = Field(description="The leaderboards.")


class InspectBenchmark(Benchmark):
    """A benchmark that Inspect AI can run. Older files do not say so in `evaluation_framework`."""

    tasks: NonEmptyItems[InspectTask] = Field(description="The leaderboards.")
