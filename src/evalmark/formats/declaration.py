"""`.evalmark.toml` beside an `eval.yaml`: what a benchmark declares for verification. The format is ours.

unit = "percent"          # for all tasks
tolerance = 0.01

[settings]
temperature = 0

[tasks.diamond]           # for one of them
direction = "lower-is-better"
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field

from evalmark.formats.model import FormatModel, Items, Text
from evalmark.formats.settings import Settings, TokensPerSample, Variant
from evalmark.formats.variants import usual_notes

Unit: TypeAlias = Literal["fraction", "percent"]
Direction: TypeAlias = Literal["higher-is-better", "lower-is-better"]

# The model under test, among the judges.
SELF = "self"
# As Inspect names models: provider/name, in ASCII.
_JUDGE_PATTERN = r"^(self|[!-.0-~]+/[!-~]+)$"
# 32 bytes in base64: the last letter before the = has two bits that must be zero.
KEY_PATTERN = r"^ed25519:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"
# The days that there are, so that the schema knows them too. From 2000 to 2099 every fourth year is a leap year.
_DAY_PATTERN = (
    r"^(20[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))|20([02468][048]|[13579][26])-02-29)$"
)
LOOSE_ABOVE = 0.05

Judge: TypeAlias = Annotated[str, Field(pattern=_JUDGE_PATTERN)]
PublicKey: TypeAlias = Annotated[str, Field(pattern=KEY_PATTERN)]
Day: TypeAlias = Annotated[str, Field(pattern=_DAY_PATTERN)]


class TaskDeclaration(FormatModel):
    """What holds for one task. What is not declared is measured or inferred, and the report says so."""

    model_config = ConfigDict(extra="forbid")

    unit: Unit | None = Field(
        default=None,
        description="How half of all points is written: 0.5 (`fraction`) or 50 (`percent`). "
        "Left out, it is inferred from a value where only one is possible.",
        examples=["percent"],
    )
    direction: Direction = Field(
        default="higher-is-better",
        description="Which scores are better; an error rate is `lower-is-better`.",
        examples=["lower-is-better"],
    )
    tolerance: float | None = Field(
        default=None,
        gt=0,
        le=1,
        allow_inf_nan=False,
        description="The largest difference that still counts as the same score, on the scale from 0 to 1 whatever "
        "the unit: 0.01 is one percentage point. Left out, it is 0.02; above 0.05 it is shown as loose.",
        examples=[0.01],
    )
    noise: float | None = Field(
        default=None,
        ge=0,
        le=0.25,
        allow_inf_nan=False,
        description="The variance of one sample's score between two generations, averaged over the samples, on the "
        "scale from 0 to 1: half the share of samples whose outcome differs between two runs of one model. "
        "Left out, it counts as unknown, and more differences are inconclusive.",
        examples=[0.0, 0.02],
    )
    settings: Settings = Field(
        default_factory=Settings,
        description="How the model samples where the task's own solvers do not say. Without it, and without a linked "
        "log, a difference is inconclusive, for the claim may have been measured with other settings.",
        examples=[{"temperature": 0, "max_tokens": 2048}],
    )
    variants: dict[str, Variant] = Field(
        default_factory=dict,
        description="What the `notes` of entries stand for: another task, other settings, or both. "
        "Entries with notes that are not declared are not rerun.",
        examples=[{"With tools": {"task": "hle_tools"}, "5-shot": {"task": "mmlu_5_shot"}}],
    )
    clusters: Text | None = Field(
        default=None,
        description="The column that samples share which depend on each other, such as questions on one story. "
        "Reports show it; it never narrows an interval.",
        examples=["story_id"],
    )
    judges: Items[Judge] | None = Field(
        default=None,
        description="The models that may grade, as Inspect names them, for tasks whose scorer is a model. `self` lets "
        "the model under test grade itself. Left out, only a judge that the task itself names may.",
        examples=[["openai/gpt-4o-2024-08-06"], ["self"]],
    )
    tokens_per_sample: TokensPerSample | None = Field(
        default=None,
        description="What one answer costs in tokens, to say before a rerun what it will cost. Once samples have run, "
        "what they took counts.",
        examples=[{"input": 350, "output": 1200}],
    )


class DatedKey(FormatModel):
    """A public key with the time in which its receipts are believed."""

    model_config = ConfigDict(extra="forbid")

    key: PublicKey = Field(
        description="The public key: `ed25519:` and the 32 bytes in base64.",
        examples=["ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="],
    )
    name: Text | None = Field(default=None, description="Whose it is, for messages.", examples=["acme's verifier"])
    since: Day | None = Field(
        default=None, description="The first day whose receipts are believed.", examples=["2026-01-01"]
    )
    until: Day | None = Field(
        default=None, description="The last day whose receipts are believed.", examples=["2026-12-31"]
    )
    revoked: Day | None = Field(
        default=None,
        description="From this day on none of its receipts is believed, whenever it says that it was signed.",
        examples=["2026-06-01"],
    )


class Declaration(TaskDeclaration):
    """A whole file: its top-level keys hold for every task that does not override them."""

    tasks: dict[str, TaskDeclaration] = Field(
        default_factory=dict,
        description="What holds for one task only, by the task's id in `eval.yaml`: `[tasks.diamond]`.",
        examples=[{"diamond": {"tolerance": 0.02}}],
    )
    trusted_keys: Items[PublicKey] = Field(
        default=(),
        description="Public keys whose receipts the benchmark trusts: `ed25519:` and the 32 bytes in base64.",
        examples=[["ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]],
    )

    keys: Items[DatedKey] = Field(
        default=(),
        description="The same, each with the time in which its receipts are believed: `[[keys]]`.",
        examples=[[{"key": "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "since": "2026-01-01"}]],
    )

    def for_task(self, task_id: str | None) -> TaskDeclaration:
        """What holds for `task_id`, with its variants under their usual names.

        Its `model_fields_set` names what the file says in so many words.
        """
        task = self.tasks.get(task_id or "") or TaskDeclaration()
        around, own = (_said(declared) for declared in (self, task))
        both = {key: {**around[key], **own[key]} for key in ("settings", "variants") if key in around and key in own}
        return TaskDeclaration.model_validate({**around, **own, **both})


def is_loose(declaration: TaskDeclaration) -> bool:
    """Whether so large a difference counts as the same score that every report says so."""
    return declaration.tolerance is not None and declaration.tolerance > LOOSE_ABOVE


def _said(declared: TaskDeclaration) -> dict[str, Any]:
    said = declared.model_dump(exclude_unset=True, include=set(TaskDeclaration.model_fields))
    if "variants" in said:
        said["variants"] = {usual_notes(name): variant for name, variant in said["variants"].items()}
    return said
