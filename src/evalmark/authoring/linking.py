"""Which log supports which entry, and the entry with a link to it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from evalmark.authoring.matching import benchmarks_like
from evalmark.authoring.proposal import digits_of, notes_for
from evalmark.formats.digits import same_score
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.formats.results import Source
from evalmark.formats.variants import usual_notes
from evalmark.formats.writing import Draft, with_changes
from evalmark.harness.result import Metric, Result

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST_NAME = 80
SOURCE_NAME = "Evaluation log"


class Backed(NamedTuple):
    """An entry and the result that yields its score."""

    entry: LocatedEntry
    result: Result


def backed_by(result: Result, entries: Iterable[LocatedEntry]) -> tuple[Backed, ...]:
    """The entries whose score a result yields: those of its own benchmark, task and set-up, if any are.

    A result of another dataset supports a score only if there is no doubt which one.
    """
    found = [each for each in entries if _yields(result, each)]
    found = (
        [each for each in found if each.entry.dataset.id == result.dataset.id]
        or [each for each in found if benchmarks_like(result, [each.entry.dataset.id])]
        or (found if result.dataset.id is None or len(found) == 1 else [])
    )
    found = [each for each in found if each.entry.dataset.task_id == result.task] or found
    setup = usual_notes(notes_for(result.setup, result.faults)).casefold()
    found = [each for each in found if usual_notes(each.entry.notes).casefold() == setup] or found
    return tuple(Backed(each, result) for each in found)


def log_path(model: str, name: str, sha256: str) -> str:
    """Where a log goes in a repo of logs. By its content, so that the same log is uploaded once."""
    stem, _, suffix = name.rpartition(".")
    safe = _NOT_IN_NAMES.sub("-", stem)[:LONGEST_NAME].strip("-.") or "log"
    kind = _NOT_IN_NAMES.sub("", suffix)[:LONGEST_NAME] or "log"
    return f"{model.rpartition('/')[2]}/{safe}-{sha256[:12]}.{kind}"


def with_source(files: Mapping[str, bytes], entry: LocatedEntry, source: Source) -> dict[str, bytes]:
    """The files with a source in one entry. Raises `NotEditable`."""
    path = entry.place.path
    new = Draft(entry.entry.model_copy(update={"source": source}), entry.value_text)
    return {**files, path: with_changes(path, files[path], entry, new)}


def with_link(files: Mapping[str, bytes], entries: Iterable[LocatedEntry], source: Source) -> Mapping[str, bytes]:
    """The files with a source in those of the entries that have none. Raises `NotEditable`.

    A file may have got other sources since its entries were read, so each is looked up in it again.
    """
    for entry in entries:
        path = entry.place.path
        if entry.entry.source is None:
            there = parse_results(path, files[path]).entries
            now = next(each for each in there if each.position == entry.position)
            files = with_source(files, now, source)
    return files


def _yields(result: Result, entry: LocatedEntry) -> bool:
    return any(same_score(text, entry.value_text) for metric in result.metrics for text in _readings(metric))


def _readings(metric: Metric) -> Sequence[str]:
    """How a metric can be written, by its unit or by both."""
    if metric.unit is not None:
        return (digits_of(metric, "percent"), digits_of(metric, "fraction"))
    as_fraction = metric.model_copy(update={"unit": "fraction"})
    return (digits_of(metric, None), digits_of(as_fraction, "percent"))
