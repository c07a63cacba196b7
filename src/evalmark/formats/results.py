"""One entry of a `.eval_results/*.yaml` file: a score that a model repo reports.

Source of the format: `eval_results.yaml` and `docs/hub/eval-results.md` in huggingface/hub-docs, August 2026. The
descriptions and examples are what an editor shows: `schemas/` is generated from them.
"""

from typing import Annotated, TypeAlias

from pydantic import Field

from evalmark.formats.model import FormatModel, Items, Text

MOST_ENTRIES = 200


class DatasetRef(FormatModel):
    """Which benchmark, and which of its leaderboards."""

    id: str = Field(
        pattern=r"^[A-Za-z0-9_.-]{1,96}/[A-Za-z0-9_.-]{1,96}$",
        description="The benchmark: `owner/name` of a dataset repo that has an `eval.yaml`. "
        "The Hub links the score to that repo's leaderboard.",
        examples=["cais/hle", "Idavidrein/gpqa"],
    )
    task_id: Text = Field(
        description="The leaderboard: the `id` of a task in the `eval.yaml` of that dataset. "
        "Look it up there; the examples in the Hub's documentation use ids that the benchmarks do not define.",
        examples=["hle", "diamond"],
    )
    revision: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{40}$",
        description="The git commit of the dataset that was used: all 40 lower-case hexadecimal digits, in quotes. "
        "A rerun takes this version of the questions.",
        examples=["0123456789abcdef0123456789abcdef01234567"],
    )


class Source(FormatModel):
    """Where the score comes from. The Hub shows it as a link beside the score."""

    url: Text = Field(
        description="A link to what supports the score: logs, traces, a paper. "
        "A `source` without it makes the Hub refuse the whole file, and all of its scores.",
        examples=["https://huggingface.co/datasets/acme/eval-logs", "https://arxiv.org/abs/2501.14249"],
    )
    name: str | None = Field(
        default=None,
        description="The words that the Hub shows for the link.",
        examples=["Evaluation log", "Technical report"],
    )
    user: str | None = Field(
        default=None,
        description="The Hugging Face user who reports the score; for an organisation write `org` instead.",
        examples=["ada"],
    )
    org: str | None = Field(
        default=None,
        description="The Hugging Face organisation that reports the score; for a person write `user` instead.",
        examples=["acme"],
    )


class Entry(FormatModel):
    """One reported score."""

    dataset: DatasetRef = Field(
        description="The benchmark and its task.", examples=[{"id": "Idavidrein/gpqa", "task_id": "diamond"}]
    )
    value: float = Field(
        allow_inf_nan=False,
        description="The score: a finite number, without quotes or percent sign. The format defines no unit, "
        "so write it as the benchmark's leaderboard does; most write 41.2 for 41.2 %.",
        examples=[41.2, 0.412],
    )
    verify_token: str | None = Field(
        default=None,
        alias="verifyToken",
        description="A signature that Hugging Face issues for an evaluation that ran in HF Jobs with inspect-ai; "
        "with it the Hub shows the badge `verified`. Leave it out otherwise: it cannot be made by hand.",
    )
    date: str | None = Field(
        default=None,
        description="When the score was measured: an ISO 8601 date or datetime, in quotes, because YAML readers "
        "differ about a date without them. Left out, the Hub takes the time of the commit.",
        examples=["2026-01-15", "2026-01-15T10:00:00Z"],
    )
    source: Source | None = Field(
        default=None,
        description="Where the score comes from. Left out, the Hub shows no source.",
        examples=[{"url": "https://huggingface.co/datasets/acme/eval-logs", "name": "Evaluation log", "org": "acme"}],
    )
    notes: str | None = Field(
        default=None,
        description="What tells this set-up from the usual one. The usual spelling is `With tools`; for the default "
        "set-up leave it out. Two scores of one model for one task need different notes.",
        examples=["With tools", "chain-of-thought"],
    )


# `parse` judges entry by entry, so that a bad one hides no other; this is the same rule for a whole file.
Results: TypeAlias = Annotated[Items[Entry], Field(min_length=1, max_length=MOST_ENTRIES)]
