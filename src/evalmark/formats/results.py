"""One entry of a `.eval_results/*.yaml` file: a score that a model repo reports.

Source of the format: `eval_results.yaml` and `docs/hub/eval-results.md` in huggingface/hub-docs, August 2026.
"""

from pydantic import Field

from evalmark.formats.model import FormatModel, Text

MOST_ENTRIES = 200


class DatasetRef(FormatModel):
    """Which benchmark, and which of its leaderboards."""

    id: str = Field(
        pattern=r"^[A-Za-z0-9_.-]{1,96}/[A-Za-z0-9_.-]{1,96}$",
        description="The benchmark: `owner/name` of a dataset repo that has an `eval.yaml`, such as `cais/hle`.",
    )
    task_id: Text = Field(description="The id of a task in the `eval.yaml` of that dataset: the leaderboard.")
    revision: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{40}$",
        description="The git commit of the dataset that was used: 40 lower-case hexadecimal digits.",
    )


class Source(FormatModel):
    """Where the score comes from."""

    url: Text = Field(description="A link to what supports the score: logs, traces, a paper. The Hub refuses null.")
    name: str | None = Field(default=None, description="The name that the Hub shows for the link.")
    user: str | None = Field(default=None, description="The Hugging Face user who reports the score.")
    org: str | None = Field(default=None, description="The Hugging Face organisation that reports the score.")


class Entry(FormatModel):
    """One reported score."""

    dataset: DatasetRef = Field(description="The benchmark and its task.")
    value: float = Field(
        allow_inf_nan=False,
        description="The score, a finite number. The format defines no unit: use the one of the leaderboard.",
    )
    verify_token: str | None = Field(
        default=None,
        alias="verifyToken",
        description="Issued by Hugging Face for an evaluation that ran in HF Jobs. Leave it out otherwise.",
    )
    date: str | None = Field(
        default=None,
        description="When the score was measured: an ISO 8601 date or datetime in quotes. Default: the commit's time.",
    )
    source: Source | None = Field(default=None, description="Where the score comes from.")
    notes: str | None = Field(
        default=None,
        description="What tells this set-up from the usual one, such as `With tools` or `chain-of-thought`.",
    )
