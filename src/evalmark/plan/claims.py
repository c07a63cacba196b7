"""A claim: an entry plus where it stands."""

from collections.abc import Iterable

from pydantic import Field

from evalmark.artifact import Frozen
from evalmark.facts import BenchmarkRef, ModelFacts
from evalmark.formats.parse_results import LocatedEntry


class Claim(Frozen):
    """One score that a model repo reports, with the exact place that reports it."""

    model: str = Field(description="The claimed model repo, `owner/name`.")
    model_revision: str = Field(description="Commit of the model repo that holds the claim, 40 hex digits.")
    dataset_id: str = Field(description="The benchmark's dataset repo, `owner/name`.")
    task_id: str = Field(description="The task of the benchmark.")
    dataset_revision: str | None = Field(description="Commit of the benchmark, if the entry names one.")
    value: float = Field(description="The claimed score in the claim's own unit.")
    digits: str = Field(description="The claimed score as it is written in the file, for its rounding.")
    file: str = Field(description="Path of the results file inside the model repo.")
    line: int = Field(description="Line of `value`, from 1.")
    column: int = Field(description="Column of `value`, from 1.")
    position: int = Field(description="Index of the entry in its file, from 0.")
    date: str | None = Field(default=None, description="The entry's own date, as written.")
    notes: str | None = Field(default=None, description="The entry's notes, as written: foreign text.")
    source_url: str | None = Field(default=None, description="The entry's source, as written: never fetched.")
    source_name: str | None = Field(default=None, description="The source's display name: foreign text.")
    verify_token: bool = Field(
        default=False,
        description="A `verifyToken` is present. Only Hugging Face can check one; it proves nothing here.",
    )

    @property
    def benchmark(self) -> BenchmarkRef:
        """The benchmark, at the revision that the entry names if any."""
        return BenchmarkRef(self.dataset_id, self.dataset_revision)


def claims_in(entries: Iterable[LocatedEntry], model: ModelFacts) -> tuple[Claim, ...]:
    """Turn the good entries of a model repo's files into claims, in the files' order."""
    return tuple(_claim(located, model) for located in entries)


def _claim(located: LocatedEntry, model: ModelFacts) -> Claim:
    entry, place = located.entry, located.places["value"]
    source = entry.source
    return Claim(
        model=model.name,
        model_revision=model.revision,
        dataset_id=entry.dataset.id,
        task_id=entry.dataset.task_id,
        dataset_revision=entry.dataset.revision,
        value=entry.value,
        digits=located.value_text,
        file=place.path,
        line=place.line,
        column=place.column,
        position=located.position,
        date=entry.date,
        notes=entry.notes,
        source_url=source.url if source else None,
        source_name=source.name if source else None,
        verify_token=entry.verify_token is not None,
    )
