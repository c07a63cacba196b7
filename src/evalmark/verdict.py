"""A verdict: what was found out about one claim, with the numbers and the rung of evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from evalmark.artifact import Frozen
from evalmark.finding import Severity
from evalmark.formats.declaration import Unit
from evalmark.logged import Key, LogEvidence
from evalmark.outcome import Ended, LogFile
from evalmark.plan.claims import Claim
from evalmark.plan.identity import Identity, Scalar
from evalmark.plan.settings import Option, SettingsFrom

KIND = "verdict/1"


class Answer(StrEnum):
    """The five verdicts, worst first."""

    MISMATCH = "mismatch"
    ERROR = "error"
    INCONCLUSIVE = "inconclusive"
    NOT_RERUNNABLE = "not-rerunnable"
    VERIFIED = "verified"


class Rung(StrEnum):
    """What supports the verdict, weakest first."""

    SYNTAX = "syntax"
    BENCHMARK = "benchmark"
    LOG = "log"
    RESCORED = "rescored"
    SAMPLED = "sampled"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Claim against rerun, in the claim's own unit (points for percent). `Verdict` says what each number is."""

    unit: Unit
    unit_from: str
    measured: float
    difference: float
    interval: tuple[float, float]
    difference_interval: tuple[float, float]
    true_score_interval: tuple[float, float] | None
    alpha: float
    p_value: float
    margin_verified: float
    margin_mismatch: float
    margin_from: str
    samples_used: int
    samples_total: int
    samples_unscored: int
    decided_after: int | None


COMPARED = tuple(field.name for field in fields(Comparison))


class RunRecord(Frozen):
    """What was run, so that somebody else can run it again."""

    model: str
    model_revision: str
    identity: Identity
    model_args: Mapping[str, Scalar]
    model_base_url: str | None
    generation: Mapping[str, Option] = Field(description="Options beside those of the task.")
    settings_from: SettingsFrom = Field(description="Who says how the model samples.")
    variant: str | None = Field(default=None, description="The declared variant that ran.")
    grader: str | None = Field(default=None, description="The model that graded, if one did.")
    grader_is_model: bool = Field(default=False, description="The model under test graded itself.")
    clusters: str | None = Field(
        default=None, description="Column that several samples share: the score is about these, not about new ones."
    )
    task: str
    dataset_revision: str
    epochs: int
    passes: int = Field(default=1, description="How often all samples ran.")
    ended: Ended | None = Field(default=None, description="Why no more samples ran.")
    shuffle_seed: int = Field(description="Seed of the order in which the samples ran.")
    scorer: str | None = None
    reducer: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    seconds: float
    versions: Mapping[str, str]
    platform: str
    logs: tuple[LogFile, ...] = ()


class DifferingSample(Frozen):
    """A sample that scores otherwise in the rerun than in the log."""

    key: Key
    id: str = Field(description="Its id in the log: foreign text, made harmless.")
    logged: float
    rerun: float | None = Field(description="Null if the rerun gave it no score.")


class PairedRecord(Frozen):
    """How rerun and log differ. A flag, not the verdict: it also shows differences that no margin minds."""

    compared: int = Field(description="Samples with a score in both.")
    lost: int = Field(description="Of them, those that score lower in the rerun than in the log.")
    gained: int = Field(description="And higher.")
    not_reproduced: bool = Field(description="More differ than two runs of one system would, with odds of 20 to 1.")
    differ: tuple[DifferingSample, ...] = Field(description="The first 20 that differ.")


class Verdict(Frozen):
    """The answer for one claim."""

    claim: Claim
    verdict: Answer
    rung: Rung
    reason: str = Field(description="Why, in one sentence of ours.")
    advice: str = Field(default="", description="What would settle or mend it.")
    detail: str = Field(default="", description="What an engine or service said: foreign text.")
    unit: Unit | None = Field(default=None, description="Unit of the claim and of all numbers here.")
    unit_from: str | None = Field(
        default=None,
        description="`declared` by the benchmark, that of its leaderboard (`board`), or `inferred` from the value.",
    )
    measured: float | None = Field(
        default=None, description="Mean score of the samples that ran, 0 for one without; or null."
    )
    difference: float | None = Field(default=None, description="measured − claimed.")
    interval: tuple[float, float] | None = Field(default=None, description="Interval for the score over all samples.")
    difference_interval: tuple[float, float] | None = Field(default=None, description="The same, minus the claim.")
    true_score_interval: tuple[float, float] | None = Field(
        default=None, description="For the score on average over all runs of the model; null if its noise is unknown."
    )
    alpha: float | None = Field(
        default=None, description="Chance of a wrong verdict or of an interval that misses, both sides together."
    )
    p_value: float | None = Field(
        default=None, description="Anytime p-value of the score over all samples lying within the mismatch margin."
    )
    margin_verified: float | None = Field(default=None, description="Inside it, a rerun is called the same.")
    margin_mismatch: float | None = Field(default=None, description="Outside it, two honest runs do not lie.")
    margin_from: str | None = Field(default=None, description="Where the margins come from, in words.")
    samples_used: int | None = Field(default=None, description="Samples that ran.")
    samples_total: int | None = Field(default=None, description="Samples of the benchmark's task.")
    samples_unscored: int | None = Field(
        default=None, description="Ended in an error or could not be scored; counted as worst case."
    )
    decided_after: int | None = Field(
        default=None, description="Samples, in the plan's order, after which the verdict stood; null if it does not."
    )
    run: RunRecord | None = None
    log: LogEvidence | None = Field(default=None, description="What a linked log says about the claim.")
    paired: PairedRecord | None = Field(default=None, description="How the rerun differs from the log.")

    @property
    def comparison(self) -> Comparison | None:
        """The numbers together, or None if nothing was measured."""
        if self.measured is None:
            return None
        return Comparison(**{name: getattr(self, name) for name in COMPARED})


class FindingRecord(Frozen):
    """A finding in a user's file, as an artifact holds it."""

    rule: str
    severity: Severity
    path: str
    line: int = Field(ge=1)
    column: int = Field(ge=1)
    pointer: str = Field(description="The Hub's own notation: `[18].source.url`.")
    message: str
    help: str


class Verdicts(Frozen):
    """`verdict.json`: the answer for every claim, how many of each there are, and the findings in the files."""

    at: datetime | None = Field(default=None, description="When they were given, UTC.")
    verdicts: tuple[Verdict, ...]
    counts: Mapping[Answer, int]
    findings: tuple[FindingRecord, ...]
    wrong_together: tuple[int, ...] = Field(
        default=(),
        description="Positions of claims that are wrong though all are looked at together (Holm): that one of these is "
        "right has a chance of at most 5 %.",
    )
