"""The Python API: load, check, add, dump and convert entries. `from evalmark import …` gives all of it.

For authors of harnesses, who have a score and want the right file. Stable: what is here stays, with the same meaning,
until a major version. A problem in a file is a `Finding`; what cannot be done is an `EvalmarkError`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from evalmark.adapters.tree.checked import checked_files
from evalmark.adapters.tree.reading import read_regular
from evalmark.authoring.proposal import change
from evalmark.checks.places import place_findings
from evalmark.cli.add_reading import inspect_logs, results_of
from evalmark.cli.model_repo import repo_in_folder
from evalmark.errors import EvalmarkError, MissingExtra, UsageProblem
from evalmark.finding import Finding, Place, Severity, by_place
from evalmark.flows.check import check as check_files
from evalmark.formats.parse_results import parse_results
from evalmark.formats.results import DatasetRef, Entry, Source
from evalmark.formats.writing import NotEditable, draft, results_text
from evalmark.harness.result import DatasetUsed, Metric, Result

if TYPE_CHECKING:
    from huggingface_hub import EvalResultEntry

__all__ = [
    "Added",
    "DatasetRef",
    "DatasetUsed",
    "Entry",
    "EvalmarkError",
    "Finding",
    "Loaded",
    "Metric",
    "Place",
    "Result",
    "Severity",
    "Source",
    "add",
    "check",
    "dump",
    "from_huggingface",
    "load",
    "loads",
    "read_results",
    "to_huggingface",
]


class Loaded(NamedTuple):
    """The good entries of a file or a model repo, and what is wrong with the others, sorted by place."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]


class Added(NamedTuple):
    """Where an entry stands now; `changed` is False if it stood there before."""

    path: Path
    changed: bool


def load(path: str | Path) -> Loaded:
    """Read a results file, or all of a model repo's folder. A bad entry hides no good one.

    Raises `EvalmarkError` for a path that cannot be read.
    """
    place = Path(path)
    files = repo_in_folder(place).files if place.is_dir() else {place.as_posix(): read_regular(place)}
    parsed = [parse_results(name, content) for name, content in files.items()]
    return Loaded(
        tuple(each.entry for one in parsed for each in one.entries),
        by_place(finding for one in parsed for finding in one.findings),
    )


def loads(text: str | bytes, name: str = ".eval_results/file.yaml") -> Loaded:
    """Read the text of a results file; `name` is what findings call it."""
    parsed = parse_results(name, text.encode() if isinstance(text, str) else text)
    return Loaded(tuple(each.entry for each in parsed.entries), parsed.findings)


def check(path: str | Path) -> tuple[Finding, ...]:
    """What `evalmark check PATH` finds in a file, a model repo or a benchmark, without asking the Hub.

    Raises `EvalmarkError` for a path that cannot be read, or holds nothing to check.
    """
    found: list[Finding] = []
    for repo in checked_files([Path(path)]):
        found += place_findings(repo.listing, is_dataset=repo.is_dataset)
        found += check_files(repo.files, datetime.now(UTC).date())
    return by_place(found)


def dump(entries: Iterable[Entry]) -> str:
    """The text of a results file with these entries, in the usual order and quotes. Raises `UsageProblem` for none."""
    drafts = [draft(entry) for entry in entries]
    if not drafts:
        raise UsageProblem("a results file has at least one entry", "give an entry")
    return results_text(drafts).decode()


def add(model_repo: str | Path, entry: Entry) -> Added:
    """Write an entry into a model repo's folder: in place of one of the same set-up, else as a new one.

    Comments and other entries stay as they are, byte by byte. Raises `EvalmarkError`.
    """
    repo = repo_in_folder(Path(model_repo))
    try:
        done = change(repo.files, draft(entry))
    except NotEditable as problem:
        raise UsageProblem(str(problem), "mend the file by hand") from problem
    if done.kind == "nothing":
        return Added(repo.path(done.path), changed=False)
    return Added(repo.write(done.path, done.after), changed=True)


def read_results(*logs: str | Path) -> tuple[Result, ...]:
    """What logs report: Inspect (needs the extra `verify`), lm-eval, lighteval, HELM, mteb, every-eval-ever.

    Raises `EvalmarkError` for a path without a result that can be read.
    """
    found = results_of(map(str, logs), inspect_logs)
    if not found.results:
        raise UsageProblem("; ".join(found.troubles) or "there is no result", "give the results of an evaluation")
    return tuple(result for result, _path in found.results)


def to_huggingface(entries: Iterable[Entry]) -> "list[EvalResultEntry]":
    """The same for huggingface_hub. Raises `MissingExtra` if it is not installed."""
    kind = _huggingface_entry()
    return [
        kind(
            dataset_id=entry.dataset.id,
            task_id=entry.dataset.task_id,
            value=entry.value,
            dataset_revision=entry.dataset.revision,
            verify_token=entry.verify_token,
            date=entry.date,
            source_url=entry.source.url if entry.source else None,
            source_name=entry.source.name if entry.source else None,
            source_user=entry.source.user if entry.source else None,
            source_org=entry.source.org if entry.source else None,
            notes=entry.notes,
        )
        for entry in entries
    ]


def from_huggingface(entries: "Iterable[EvalResultEntry]") -> tuple[Entry, ...]:
    """huggingface_hub's entries as ours, which are strict: raises `UsageProblem` for one that the Hub would refuse."""
    found: list[Entry] = []
    for number, given in enumerate(entries):
        source = {
            "url": given.source_url, "name": given.source_name, "user": given.source_user, "org": given.source_org
        }  # fmt: skip
        body = {
            "dataset": {"id": given.dataset_id, "task_id": given.task_id, "revision": given.dataset_revision},
            "value": given.value,
            "verifyToken": given.verify_token,
            "date": given.date,
            "source": source if given.source_url is not None else None,
            "notes": given.notes,
        }
        try:
            found.append(Entry.model_validate(body))
        except ValueError as error:
            raise UsageProblem(
                f"entry {number} is not valid: {_first(error)}", "mend it before it is converted"
            ) from None
    return tuple(found)


def _first(error: ValueError) -> str:
    lines = [line.strip() for line in str(error).splitlines()]
    return ": ".join(lines[1:3])


def _huggingface_entry() -> "type[EvalResultEntry]":
    try:
        from huggingface_hub import EvalResultEntry  # noqa: PLC0415 - of an extra
    except ImportError:
        raise MissingExtra("hub", "to_huggingface") from None
    return EvalResultEntry
