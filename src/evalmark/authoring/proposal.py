"""From a result and what a person chose to an entry, and to the file in which it belongs."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from evalmark.checks.results import RESULTS_FOLDER
from evalmark.formats.declaration import Unit
from evalmark.formats.digits import same_score
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.formats.results import DatasetRef, Entry, Source
from evalmark.formats.variants import usual_notes
from evalmark.formats.writing import Draft, NotEditable, results_text, with_changes, with_entry
from evalmark.harness.result import Metric, Result

_STEPS: Mapping[Unit, Decimal] = {"percent": Decimal("0.01"), "fraction": Decimal("0.0001")}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]+")
SIGNIFICANT = 6
# Whatever a file says: neither a fraction nor a percentage is larger.
LARGEST_SHARE = 1_000_000
LONGEST_NAME = 60


class Chosen(NamedTuple):
    """What was found out or chosen about a result. `revision` is the benchmark's commit, if it is known."""

    dataset_id: str
    task_id: str
    metric: Metric
    unit: Unit | None
    revision: str | None = None
    notes: str | None = None
    source: Source | None = None
    date: str | None = None


class Change(NamedTuple):
    """What becomes of one file. `before` is None for a new one; `was` has the digits that are replaced."""

    path: str
    before: bytes | None
    after: bytes
    kind: Literal["new file", "new entry", "changed entry", "nothing"]
    was: str | None = None


def drafted(result: Result, chosen: Chosen) -> Draft:
    """The entry. Faults of the run stand in its notes: it was asked for all the same."""
    digits = digits_of(chosen.metric, chosen.unit)
    entry = Entry(
        dataset=DatasetRef(id=chosen.dataset_id, task_id=chosen.task_id, revision=chosen.revision),
        value=float(digits),
        date=chosen.date or day_of(result),
        source=chosen.source,
        notes=chosen.notes,
    )
    return Draft(entry, digits)


def notes_for(setup: Sequence[str], faults: Sequence[str]) -> str | None:
    """What tells a set-up from the usual one, in the usual spelling, and what is wrong with the run."""
    words = [usual for word in setup if (usual := usual_notes(word))]
    return "; ".join([", ".join(words), *faults]).strip("; ") or None


def day_of(result: Result) -> str | None:
    """The day on which it was measured, as the result says it."""
    match = _DATE.match(result.date or "")
    return match[0] if match else None


def digits_of(metric: Metric, unit: Unit | None) -> str:
    """The score as it is written: in hundredths of a percent, or with six digits where the unit is not known."""
    value = Decimal(repr(metric.value))
    if unit is None or metric.unit is None or abs(value) > LARGEST_SHARE:
        return _without_zeros(Decimal(f"{metric.value:.{SIGNIFICANT}g}"))
    if metric.unit != unit:
        value = value * 100 if unit == "percent" else value / 100
    return _without_zeros(value.quantize(_STEPS[unit]))


def _without_zeros(value: Decimal) -> str:
    whole, _, decimals = format(value, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}"


def file_for(dataset_id: str, notes: str | None) -> str:
    """One file a benchmark, and one a variant of it: `hle.yaml`, `hle_with_tools.yaml`."""
    name = _NOT_IN_NAMES.sub("-", dataset_id.rpartition("/")[2].lower()).strip("-.") or "benchmark"
    variant = _NOT_IN_NAMES.sub("_", (usual_notes(notes) or "").lower()).strip("_.-")[:LONGEST_NAME].rstrip("_.-")
    return f"{RESULTS_FOLDER}/{name}_{variant}.yaml" if variant else f"{RESULTS_FOLDER}/{name}.yaml"


def change(files: Mapping[str, bytes], new: Draft, given: frozenset[str] = frozenset()) -> Change:
    """Where the entry goes: in place of one of the same set-up, else behind the others of its benchmark and variant.

    `files` has the results files by path in the repo. Raises `NotEditable`.
    """
    entries = (each for path, content in files.items() for each in parse_results(path, content).entries)
    about = [each for each in entries if _is_about(each.entry, new.entry)]
    if len(about) > 1:
        places = " and ".join(str(each.place) for each in about[:2])
        raise NotEditable(f"the score stands twice, at {places}; delete one of them")
    if about:
        return _changed(files, about[0], _merged(about[0], new, given))
    path = file_for(new.entry.dataset.id, new.entry.notes)
    there = files.get(path)
    return Change(path, there, added(path, there, new), "new file" if there is None else "new entry")


def added(path: str, content: bytes | None, new: Draft) -> bytes:
    """A file with one entry more; a new one if there was none. Raises `NotEditable`."""
    return results_text([new]) if content is None else with_entry(path, content, new)


def _is_about(entry: Entry, new: Entry) -> bool:
    same = entry.dataset.id == new.dataset.id and entry.dataset.task_id == new.dataset.task_id
    return same and usual_notes(entry.notes).casefold() == usual_notes(new.notes).casefold()


def _changed(files: Mapping[str, bytes], old: LocatedEntry, merged: Draft) -> Change:
    path = old.place.path
    if merged == Draft(old.entry, old.value_text):
        return Change(path, files[path], files[path], "nothing")
    after = with_changes(path, files[path], old, merged)
    return Change(path, files[path], after, "changed entry", old.value_text)


def _merged(old: LocatedEntry, new: Draft, given: frozenset[str]) -> Draft:
    """The old entry with what is known anew. What supported another score is not kept: it does not support this one."""
    before, entry = old.entry, new.entry
    if same_score(old.value_text, new.digits):
        revisions = (entry.dataset.revision, before.dataset.revision)
        dates = (entry.date, before.date)
        kept = {
            "dataset": before.dataset.model_copy(update={"revision": _first(revisions, "revision" in given)}),
            "date": _first(dates, "date" in given),
            "source": entry.source or before.source,
        }
        return Draft(before.model_copy(update=kept), old.value_text)
    return Draft(entry.model_copy(update={"notes": before.notes}), new.digits)


def _first(new_and_old: tuple[str | None, str | None], new_counts: bool) -> str | None:  # noqa: FBT001 - read in place
    """The new one if it counts, else the old one if there is one."""
    new, old = new_and_old
    return new if new_counts else old or new
