"""`.evalmark.toml` beside an `eval.yaml`: what a benchmark declares for verification. The format is ours.

unit = "percent"          # for all tasks
tolerance = 0.01

[tasks.diamond]           # for one of them
direction = "lower-is-better"
"""

from typing import Literal, TypeAlias

from pydantic import ConfigDict, Field

from evalmark.formats.model import FormatModel

Unit: TypeAlias = Literal["fraction", "percent"]
Direction: TypeAlias = Literal["higher-is-better", "lower-is-better"]


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
        "the unit: 0.01 is one percentage point. Left out, it is 0.02.",
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


class Declaration(TaskDeclaration):
    """A whole file: its top-level keys hold for every task that does not override them."""

    tasks: dict[str, TaskDeclaration] = Field(
        default_factory=dict,
        description="What holds for one task only, by the task's id in `eval.yaml`: `[tasks.diamond]`.",
        examples=[{"diamond": {"tolerance": 0.02}}],
    )

    def for_task(self, task_id: str | None) -> TaskDeclaration:
        """What holds for `task_id`; its `model_fields_set` names what the file says in so many words."""
        defaults = self.model_dump(exclude_unset=True, exclude={"tasks"})
        task = self.tasks.get(task_id or "")
        own = task.model_dump(exclude_unset=True) if task is not None else {}
        return TaskDeclaration.model_validate({**defaults, **own})
