"""Entries that stand twice, or contradict each other, also in different files of one repo."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evalmark.checks.registry import found
from evalmark.finding import Finding, Place
from evalmark.formats.nodes import shown
from evalmark.formats.parse_results import LocatedEntry
from evalmark.formats.variants import usual_notes


class Variant(NamedTuple):
    """What tells one score from another: two entries with the same variant speak of one number."""

    dataset_id: str
    task_id: str
    revision: str | None
    notes: str
    source_url: str


def variant_of(located: LocatedEntry) -> Variant:
    """The variant of an entry. `w/ tools` and `With tools` are one."""
    entry = located.entry
    dataset, source = entry.dataset, entry.source
    url = source.url if source is not None else ""
    return Variant(dataset.id, dataset.task_id, dataset.revision, usual_notes(entry.notes), url)


class Seen(NamedTuple):
    """What is kept of an entry, so that its file can be forgotten."""

    value: float
    digits: str
    place: Place


class Twice:
    """Looks at the entries of one repo, file by file, and remembers what each variant said first."""

    def __init__(self) -> None:
        self._first: dict[Variant, Seen] = {}

    def findings(self, entries: Iterable[LocatedEntry]) -> Iterator[Finding]:
        """What the entries of the next file say against those before."""
        for located in entries:
            variant = variant_of(located)
            earlier = self._first.get(variant)
            if earlier is None:
                self._first[variant] = Seen(located.entry.value, located.value_text, located.place)
            elif earlier.value == located.entry.value:
                yield _twice(located, earlier.place)
            else:
                yield _contradicts(located, earlier)


def _twice(located: LocatedEntry, earlier: Place) -> Finding:
    return found(
        "entry-twice",
        located.place,
        f"the same score is already reported {_where(earlier, located.place)}",
        "keep one of them",
    )


def _contradicts(located: LocatedEntry, earlier: Seen) -> Finding:
    dataset = located.entry.dataset
    return found(
        "entry-contradicts",
        located.places["value"],
        f"`value` is {shown(located.value_text)}, but {shown(earlier.digits)} for the same set-up of "
        f"{dataset.id} · {shown(dataset.task_id)} {_where(earlier.place, located.place)}",
        "keep one, or say with `notes` what tells them apart, such as With tools",
    )


def _where(earlier: Place, later: Place) -> str:
    return f"on line {earlier.line}" if earlier.path == later.path else f"in {earlier.path}, line {earlier.line}"
