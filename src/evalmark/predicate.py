"""The parts of a receipt's predicate, which docs/receipts.md describes field by field."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import Field

from evalmark.artifact import Frozen
from evalmark.outcome import LogFile
from evalmark.plan.identity import Scalar
from evalmark.plan.settings import Option
from evalmark.verdict import Answer, Rung

COMMIT: Final = r"^[0-9a-f]{40}$"
SHA256: Final = r"^[0-9a-f]{64}$"
VALUE: Final = r"^(0|-?(0\.[0-9]*[1-9]|[1-9][0-9]*(\.[0-9]*[1-9])?))$"


def canonical(body: Any) -> bytes:
    """JSON as RFC 8785 writes it; for what has no numbers and only ASCII in its keys."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class ClaimSubject(Frozen):
    """What was claimed. These fields and no others make the claim's digest."""

    model: str = Field(description="The claimed model, `owner/name`.")
    dataset_id: str = Field(description="The benchmark, `owner/name`.")
    task_id: str = Field(description="Its task.")
    variant: str = Field(description="The notes in their usual spelling; empty for the usual set-up.")
    value: str = Field(pattern=VALUE, description="The claimed score, decimal, without needless zeros.")
    unit: Literal["percent", "fraction", "unknown"] = Field(description="The unit of the score.")

    @property
    def text(self) -> bytes:
        """The fields as canonical JSON (RFC 8785)."""
        return canonical(self.model_dump(mode="json"))

    @property
    def digest(self) -> str:
        """SHA-256 of that text: 64 hex digits."""
        return hashlib.sha256(self.text).hexdigest()


class ModelState(Frozen):
    """The model that was claimed, and what ran."""

    revision: str = Field(pattern=COMMIT, description="Commit of the model repo that held the claim.")
    weights: str | None = Field(pattern=SHA256, description="Digest of its weights files; null if it has none.")
    identity_proved: bool = Field(description="What ran are those weights, not something served under a name.")
    identity: str = Field(description="How that is known.")
    ran: str = Field(description="What Inspect was told to run.")
    args: Mapping[str, Scalar] = Field(description="Model arguments.")


class BenchmarkState(Frozen):
    """The benchmark as it was."""

    revision: str = Field(pattern=COMMIT, description="Commit of the benchmark that ran.")
    eval_yaml: str | None = Field(pattern=SHA256, description="SHA-256 of its eval.yaml; null if it is not known.")
    task: str = Field(description="The task as Inspect is told to run it.")


class Measurement(Frozen):
    """What the rerun showed. Scores, differences and margins are in the claim's unit."""

    verdict: Literal[Answer.VERIFIED, Answer.MISMATCH, Answer.INCONCLUSIVE] = Field(description="The answer.")
    rung: Literal[Rung.SAMPLED, Rung.FULL] = Field(description="The evidence: some samples ran, or all.")
    claimed: float = Field(description="The claimed score.")
    measured: float = Field(description="Mean score of the samples that ran.")
    difference: float = Field(description="measured − claimed.")
    interval: tuple[float, float] = Field(description="For the score over all samples.")
    difference_interval: tuple[float, float] = Field(description="The same, minus the claim.")
    margin_verified: float = Field(description="Inside it, a rerun is called the same.")
    margin_mismatch: float = Field(description="Outside it, two honest runs do not lie.")
    margin_from: str = Field(description="Where the margins come from, in words.")
    alpha: float = Field(description="Chance of a wrong verdict, both sides together.")
    p_value: float | None = Field(description="Of the score over all samples lying within the mismatch margin.")
    samples_used: int = Field(description="Samples that ran.")
    samples_total: int = Field(description="Samples of the benchmark's task.")
    samples_unscored: int = Field(description="Ended in an error or could not be scored; counted as worst case.")


class RunState(Frozen):
    """How it was run, so that somebody else can."""

    order_seed: int = Field(description="Seed of the order in which the samples ran.")
    epochs: int = Field(description="Answers to each sample.")
    passes: int = Field(description="How often all samples ran.")
    scorer: str | None = Field(description="The scorer whose value is the score.")
    reducer: str | None = Field(description="How the epochs of one sample became one score.")
    grader: str | None = Field(description="The model that graded, if one did.")
    generation: Mapping[str, Option] = Field(description="Options beside those of the task.")
    versions: Mapping[str, str] = Field(description="Package or engine → version.")
    platform: str = Field(description="Machine and processor.")
    logs: tuple[LogFile, ...] = Field(description="The logs of the rerun, each with its SHA-256.")
