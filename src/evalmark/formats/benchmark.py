"""`eval.yaml` of a benchmark dataset repo, for any framework and, in full, for Inspect.

Sources of the format: `docs/hub/eval-results.md` in huggingface/hub-docs, August 2026, and what
`inspect eval hf/<dataset>/<task>` of inspect-ai 0.3.285 accepts. Inspect refuses unknown keys in a
task and in its `field_spec`, and ignores those of a solver or scorer. The descriptions and examples are
what an editor shows: `schemas/` is generated from them.
"""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, JsonValue

from evalmark.formats.model import Count, FormatModel, Items, NonEmptyItems, Text
from evalmark.formats.upstream import FRAMEWORKS, REDUCER_PATTERN, SCORERS, SOLVERS


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
        description="The leaderboard's id: what an entry names in `dataset.task_id`, and the end of the address that "
        "Inspect runs, `hf/<owner>/<name>/<id>`, so no slash. Only a single Inspect task may lack it.",
        examples=["diamond", "hle"],
    )
    config: str | None = Field(
        default=None,
        description="The dataset's configuration (subset). Left out, the Hub takes the dataset's default.",
        examples=["main"],
    )
    split: str | None = Field(default=None, description="The dataset's split.", examples=["test", "train"])


class FieldSpec(FormatModel):
    """Which column of the dataset becomes what of a sample."""

    model_config = ConfigDict(extra="forbid")

    input: str = Field(default="input", description="The column with the question.", examples=["question"])
    target: str = Field(
        default="target",
        description="The column with the right answer, or `literal:X` if it is always X. "
        "With `choices`, a number becomes a letter: 0 is A.",
        examples=["answer", "literal:D"],
    )
    choices: str | Items[str] | None = Field(
        default=None,
        description="For multiple choice: the column that holds the list of choices, or a list with one column "
        "for each choice.",
        examples=["options", ["wrong_1", "wrong_2", "wrong_3", "right"]],
    )
    id: str = Field(
        default="id",
        description="Meant for the column with a sample's id. Inspect allows the key here and does not use it.",
        examples=["id"],
    )
    metadata: Items[str] | None = Field(
        default=None,
        description="Columns to keep as a sample's metadata; a prompt template can name them.",
        examples=[["category", "difficulty"]],
    )
    sandbox: str = Field(
        default="sandbox",
        description="Meant for the column with the sandbox. Inspect allows the key here and does not use it.",
        examples=["sandbox"],
    )
    files: str = Field(
        default="files",
        description="Meant for the column with files for the sandbox. Inspect allows the key here and does not use it.",
        examples=["files"],
    )
    setup: str = Field(
        default="setup",
        description="Meant for the column with a set-up script for the sandbox. Inspect allows the key here and does "
        "not use it.",
        examples=["setup"],
    )
    checkpoint: str | None = Field(
        default="checkpoint",
        description="Meant for the column with a checkpoint's settings. Inspect allows the key here and does not "
        "use it.",
        examples=["checkpoint"],
    )
    description: str | None = Field(
        default=None, description="The column that says in a few words what a sample asks for.", examples=["summary"]
    )
    input_image: str | None = Field(
        default=None,
        description="The column with an image, as a data URI, that goes to the model beside the question.",
        examples=["image"],
    )


class Solver(FormatModel):
    """One step of Inspect's way to an answer."""

    name: SolverName = Field(
        description="One of Inspect's solvers; no others can be named. `generate` calls the model, and "
        "`multiple_choice` does so by itself.",
        examples=["generate", "multiple_choice"],
    )
    args: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="The solver's arguments, as Inspect documents them.",
        examples=[{"template": "Answer with one word.\n\n{prompt}"}],
    )


class Scorer(FormatModel):
    """One of Inspect's ways to score an answer."""

    name: ScorerName = Field(
        description="One of Inspect's scorers; no others can be named. `choice` goes with the solver "
        "`multiple_choice`; the `model_graded_` ones ask a judge, so name it in `args.model`.",
        examples=["match", "choice"],
    )
    args: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="The scorer's arguments, as Inspect documents them. Without `model`, a `model_graded_` scorer "
        "lets the model under test grade itself.",
        examples=[{"location": "end", "numeric": True}],
    )


class InspectTask(Task):
    """One leaderboard that Inspect AI can run."""

    model_config = ConfigDict(extra="forbid")

    config: str = Field(
        default="default",
        description="The dataset's configuration (subset). Left out, Inspect takes the one that is called `default`; "
        "null is refused.",
        examples=["main"],
    )
    split: str = Field(
        default="test",
        description="The dataset's split. Left out, Inspect takes `test`; null is refused.",
        examples=["test", "train"],
    )
    field_spec: FieldSpec = Field(
        description="Which column of the dataset becomes what of a sample; Inspect needs at least `{}` here.",
        examples=[{"input": "question", "target": "answer"}],
    )
    shuffle_choices: bool | None = Field(
        default=None,
        description="Whether the choices are shuffled. The format has no seed, so each run has another order.",
        examples=[True],
    )
    epochs: Count = Field(
        default=1,
        description="How often each sample is answered: a whole number. The cost of a run grows with it.",
        examples=[4],
    )
    epoch_reducer: str | None = Field(
        default=None,
        pattern=REDUCER_PATTERN,
        description="How a sample's scores of all epochs become one: mean, median, mode, max, pass_at_N or at_least_N. "
        "Left out, Inspect takes the mean.",
        examples=["mean", "pass_at_1"],
    )
    solvers: NonEmptyItems[Solver] = Field(
        description="How a model comes to an answer, step by step; at least one.", examples=[[{"name": "generate"}]]
    )
    scorers: NonEmptyItems[Scorer] = Field(
        description="How an answer is scored; at least one. The Hub's prose says `scores`, which Inspect refuses.",
        examples=[[{"name": "match"}]],
    )


class Benchmark(FormatModel):
    """A benchmark and its leaderboards. The tasks are `InspectTask`s exactly in an `InspectBenchmark`."""

    name: str | None = Field(
        default=None,
        description="The benchmark's name, as the Hub shows it. The Hub asks for it at push.",
        examples=["GPQA"],
    )
    description: str | None = Field(
        default=None,
        description="What the benchmark measures, in a sentence or two. The Hub asks for it at push.",
        examples=["Graduate-level questions that a search engine does not answer."],
    )
    evaluation_framework: str | None = Field(
        default=None,
        description="Which framework runs the benchmark: an id of the Hub's list; the Hub refuses others at push. "
        "Only `inspect-ai` can be run from this file alone, and makes the rules for its tasks strict.",
        examples=list(FRAMEWORKS),
    )
    tasks: NonEmptyItems[Task] = Field(description="The leaderboards; at least one.", examples=[[{"id": "diamond"}]])


class InspectBenchmark(Benchmark):
    """A benchmark that Inspect AI can run. Older files do not say so in `evaluation_framework`."""

    tasks: NonEmptyItems[InspectTask] = Field(
        description="The leaderboards; at least one. Inspect reads them all, so one bad task hides the others.",
        examples=[
            [
                {
                    "id": "sums",
                    "field_spec": {"input": "question", "target": "answer"},
                    "solvers": [{"name": "generate"}],
                    "scorers": [{"name": "match"}],
                }
            ]
        ],
    )
