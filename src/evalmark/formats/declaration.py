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
    """What holds for one task. None means not declared, so it must be measured or inferred."""

    model_config = ConfigDict(extra="forbid")

    unit: Unit | None = Field(
        default=None, description="Whether a value of 0.5 (`fraction`) or of 50 (`percent`) means half."
    )
    direction: Direction = Field(default="higher-is-better", description="Which scores are better.")
    tolerance: float | None = Field(
        default=None,
        gt=0,
        le=1,
        allow_inf_nan=False,
        description="The largest difference that still counts as the same score, on the scale from 0 to 1.",
    )
    noise: float | None = Field(
        default=None,
        ge=0,
        le=0.25,
        allow_inf_nan=False,
        description="The variance of one sample's score between generations, on the scale from 0 to 1.",
    )


class Declaration(TaskDeclaration):
    """A whole file: its top-level keys hold for every task that does not override them."""

    tasks: dict[str, TaskDeclaration] = Field(
        default_factory=dict, description="What holds for one task only, by the task's id."
    )

    def for_task(self, task_id: str | None) -> TaskDeclaration:
        """What holds for `task_id`; its `model_fields_set` names what the file says in so many words."""
        defaults = self.model_dump(exclude_unset=True, exclude={"tasks"})
        task = self.tasks.get(task_id or "")
        own = task.model_dump(exclude_unset=True) if task is not None else {}
        return TaskDeclaration.model_validate({**defaults, **own})
