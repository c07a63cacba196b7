"""What an Inspect log shows, as data: numbers and short cut-down texts. A field that the log lacks is None.

Everything here was written by whoever wrote the log. Nothing in it is believed: it is compared.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from statistics import variance
from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from evalmark.artifact import Frozen

Scalar = str | int | float | bool | None
Key = str

SHORT = 80


def question_key(asked: str | Sequence[str], choices: Sequence[str], target: str | Sequence[str]) -> Key:
    """Identify a sample by what it asks: Inspect numbers samples after shuffling, so its ids say nothing.

    sha256 over the input (of a conversation: the text of each message), the choices in alphabetical order and the
    text of the right answer.
    """
    said = asked if isinstance(asked, str) else list(asked)
    answers = [_answer(letter, choices) for letter in ([target] if isinstance(target, str) else target)]
    subject = json.dumps([said, sorted(choices), sorted(answers)], ensure_ascii=False)
    return hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()


def _answer(target: str, choices: Sequence[str]) -> str:
    position = ord(target) - ord("A") if len(target) == 1 else -1
    return choices[position] if 0 <= position < len(choices) else target


class Wanted(Frozen):
    """One task of a benchmark at its pinned revision: what a log is held against."""

    dataset_id: str
    revision: str = Field(description="Commit of the benchmark, 40 hex digits.")
    task_id: str
    epochs: int = Field(ge=1)
    reducer: str
    scorer: str = Field(description="The task's first scorer: its value is the score.")
    scorer_args: Mapping[str, JsonValue]
    multiple_correct: bool | None = Field(
        default=None, description="How `multiple_choice` reads an answer; null if the task does not use it."
    )
    not_loaded: str = Field(default="", description="Why its samples must not be loaded; empty if they may.")
    not_rescored: str = Field(default="", description="Why its scorer cannot be run again; empty if it can.")

    @property
    def task(self) -> str:
        """What Inspect evaluates."""
        return f"hf/{self.dataset_id}/{self.task_id}@{self.revision}"


class SampleSet(Frozen):
    """The samples of a task, by key, sorted; one that the benchmark asks twice stands twice."""

    keys: tuple[Key, ...]


class NoSampleSet(Frozen):
    """The samples of a task could not be loaded."""

    reason: str


class LoggedSample(Frozen):
    """One sample of a log, over its epochs."""

    key: Key = Field(pattern=r"^[0-9a-f]{64}$")
    id: str = Field(max_length=SHORT, description="Its id in the log: foreign text, made harmless.")
    question: str = Field(max_length=SHORT, description="How it begins: foreign text, made harmless.")
    values: tuple[float | None, ...] = Field(
        description="Score of each epoch; null if it failed, was not scored, or is not there."
    )
    score: float | None = Field(description="The epochs reduced to one; null unless every epoch has a value.")
    failed: int = Field(default=0, description="Epochs that ended in an error.")
    limited: int = Field(default=0, description="Epochs that a limit cut short.")
    edited: int = Field(default=0, description="Epochs whose score was changed afterwards, or invalidated.")


class Rescore(Frozen):
    """A benchmark's own scorer, run again on the transcripts. One value for each value of the log's samples."""

    task: str
    values: tuple[tuple[float | None, ...], ...]
    scores: tuple[float | None, ...]


class StatedMetric(Frozen):
    """One number of a log's own results."""

    scorer: str
    name: str
    value: float
    stderr: float | None = None


class Told(Frozen):
    """What a log tells besides: of no weight for a verdict, needed to write an entry. All of it is foreign."""

    created: str | None = Field(default=None, description="When the evaluation began: ISO 8601.")
    metrics: tuple[StatedMetric, ...] = Field(default=(), description="The headline first.")
    tools: bool = Field(default=False, description="The solvers gave the model tools.")
    dataset: str | None = Field(default=None, description="Where the samples came from, or what they are called.")
    model_revision: str | None = Field(default=None, pattern=r"^[0-9a-f]{40}$")


class Logged(Frozen):
    """One log."""

    file: str
    sha256: str
    task: str = Field(description="As logged: foreign text.")
    dataset_id: str | None
    task_id: str | None
    dataset_revision: str | None
    model: str = Field(description="As logged: foreign text.")
    generation: Mapping[str, Scalar] = Field(description="How the model was told to sample.")
    epochs: int = Field(ge=1)
    reducer: str
    selection: str = Field(description="How a part of the samples was selected; empty if none was.")
    status: str
    early_stops: int
    invalidated: bool
    updates: int = Field(description="Changes of the log or of its settings: `log_updates`, `config_updates`.")
    scorer: str | None
    scorer_args: Mapping[str, JsonValue] | None
    inspect: str | None = Field(description="Version of Inspect that wrote the log.")
    read_with: str = Field(description="Version of Inspect that read it, and ran the scorers.")
    total: int | None = Field(description="Samples of the dataset before any selection, by the log's own word.")
    planned: int = Field(description="Samples that were to run.")
    unplanned: int = Field(description="Samples in the log that were not to run.")
    samples: tuple[LoggedSample, ...] = Field(description="The planned ones that are there.")
    stated: float | None = Field(description="The score as the log's results state it.")
    stated_as: str | None = Field(description="The metric that it is.")
    rescores: tuple[Rescore, ...] = ()
    told: Told = Told()

    @model_validator(mode="after")
    def _one_value_each(self) -> Self:
        for rescore in self.rescores:
            if len(rescore.scores) != len(self.samples) or len(rescore.values) != len(self.samples):
                raise ValueError("a rescore that is not of the log's samples")
        return self

    @property
    def noise(self) -> float | None:
        """Variance of one sample's score between two generations, averaged over the samples; needs two epochs."""
        variances = [variance(values) for values in self.epoch_values if len(values) > 1]
        return sum(variances) / len(variances) if variances else None

    @property
    def epoch_values(self) -> tuple[tuple[float, ...], ...]:
        """Scores of the epochs of each sample that has them all."""
        return tuple(
            tuple(value for value in sample.values if value is not None)
            for sample in self.samples
            if sample.score is not None
        )

    def rescore(self, wanted: Wanted) -> Rescore | None:
        """The scores that the scorer of `wanted` gives, if it ran."""
        return next((rescore for rescore in self.rescores if rescore.task == wanted.task), None)


class Unreadable(Frozen):
    """A file that could not be read as a log, in one sentence with what to do."""

    file: str
    reason: str
    advice: str


class LogsRead(Frozen):
    """What was found at a place that holds logs, and what they are held against, by `Wanted.task`."""

    logs: tuple[Logged | Unreadable, ...]
    sample_sets: Mapping[str, SampleSet | NoSampleSet]


State = Literal["right", "wrong", "not recorded"]


class Check(Frozen):
    """One question to a log and its answer."""

    name: str
    state: State
    says: str = Field(description="The answer in a sentence; it may quote the log, made harmless.")


class EditedSample(Frozen):
    """A sample whose logged score is not the one that its transcript gives."""

    key: Key
    id: str
    question: str
    logged: tuple[float | None, ...]
    rescored: tuple[float | None, ...]


class LogEvidence(Frozen):
    """What a linked log says about one claim."""

    file: str
    sha256: str | None = None
    state: Literal["consistent", "contradicts", "unusable"]
    rung: Literal["benchmark", "log", "rescored"] = Field(
        description="`rescored` if the benchmark's scorers give the number again, `log` if only the log's scores do."
    )
    reason: str
    advice: str = ""
    checks: tuple[Check, ...] = ()
    score: float | None = Field(default=None, description="Recomputed from the samples, 0 for one without, in [0, 1].")
    stated: float | None = Field(default=None, description="As the log's own results state it.")
    samples: int = Field(default=0, description="Samples that there should be.")
    missing: int = Field(default=0, description="Of them, those without a score in the log.")
    edited: tuple[EditedSample, ...] = Field(default=(), description="The first 20 of them.")
    edited_count: int = 0
    noise: float | None = Field(default=None, description="Measured between the log's epochs.")
    generation: Mapping[str, Scalar] = Field(default_factory=dict)
    others: int = Field(default=0, description="Other logs at the same place that are about this claim as well.")
