"""How a model samples, and what a variant's name stands for: parts of `.evalmark.toml`."""

from typing import Literal, TypeAlias

from pydantic import ConfigDict, Field

from evalmark.formats.model import Count, FormatModel, NonEmptyItems, Text

Effort: TypeAlias = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]


class Settings(FormatModel):
    """Inspect's generation options, as far as they change answers. What the task itself says goes before them.

    `seed` is not among them: one seed shared by all samples makes the spread between runs 2.3 times the binomial one.
    """

    model_config = ConfigDict(extra="forbid")

    temperature: float | None = Field(
        default=None,
        ge=0,
        le=2,
        allow_inf_nan=False,
        description="How freely the model chooses among the likely tokens; 0 takes the likeliest one. "
        "Without it, how the model samples counts as unknown.",
        examples=[0, 0.7],
    )
    top_p: float | None = Field(
        default=None,
        gt=0,
        le=1,
        allow_inf_nan=False,
        description="Only the likeliest tokens that together have this probability are drawn from.",
        examples=[0.95],
    )
    top_k: Count | None = Field(
        default=None, description="Only so many of the likeliest tokens are drawn from.", examples=[20]
    )
    max_tokens: Count | None = Field(
        default=None,
        description="Most tokens of one answer. A model that thinks first needs thousands.",
        examples=[32768],
    )
    frequency_penalty: float | None = Field(
        default=None,
        ge=-2,
        le=2,
        allow_inf_nan=False,
        description="How much a token loses each time that it has been used.",
        examples=[0.5],
    )
    presence_penalty: float | None = Field(
        default=None,
        ge=-2,
        le=2,
        allow_inf_nan=False,
        description="How much a token loses once it has been used.",
        examples=[1.5],
    )
    reasoning_effort: Effort | None = Field(
        default=None, description="How much a model that can think first thinks.", examples=["high"]
    )
    reasoning_tokens: Count | None = Field(
        default=None, description="Most tokens of the thinking before an answer.", examples=[16384]
    )
    stop_seqs: NonEmptyItems[Text] | None = Field(
        default=None, description="Texts that end an answer.", examples=[["\n\nQuestion:"]]
    )
    system_message: Text | None = Field(
        default=None,
        description="A system message before every question. It is sent as it stands, and never opened as a file.",
        examples=["You are a helpful assistant.", "/think"],
    )


class Variant(FormatModel):
    """What entries with certain `notes` were measured with. What is left out is as usual."""

    model_config = ConfigDict(extra="forbid")

    task: Text | None = Field(
        default=None,
        description="The id of the task in `eval.yaml` that measures the variant. Left out, it is the entry's own.",
        examples=["gpqa_few_shot"],
    )
    settings: Settings = Field(
        default_factory=Settings,
        description="How the model samples. What is left out here is as in the `[settings]` of that task.",
        examples=[{"temperature": 0.6, "max_tokens": 32768}],
    )


class TokensPerSample(FormatModel):
    """What one answer costs."""

    model_config = ConfigDict(extra="forbid")

    input: float = Field(
        ge=0,
        le=1e9,
        allow_inf_nan=False,
        description="Tokens that go to the model for one sample in one epoch, on average.",
        examples=[350],
    )
    output: float = Field(
        ge=0,
        le=1e9,
        allow_inf_nan=False,
        description="Tokens that come back for one sample in one epoch, on average.",
        examples=[1200],
    )
