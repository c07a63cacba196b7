"""The Python API: load, check, add, dump and convert entries. `from evalmark import …` gives all of it.

For authors of harnesses, who have a score and want the right file. What is here stays, with the same meaning, until a
major version. A problem in a file is a `Finding`; what cannot be done is an `EvalmarkError`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import JsonValue, ValidationError

from evalmark.adapters.artifacts import write_whole
from evalmark.adapters.tree.checked import checked_files
from evalmark.adapters.tree.reading import read_regular
from evalmark.authoring.every_eval_ever import UNKNOWN, Told, record
from evalmark.authoring.proposal import change
from evalmark.checks.places import place_findings
from evalmark.cli.add.reading import inspect_logs, results_of
from evalmark.cli.model_repo import repo_in_folder
from evalmark.errors import CouldNotFinish, EvalmarkError, MissingExtra, UsageProblem
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
    "CouldNotFinish",
    "DatasetRef",
    "DatasetUsed",
    "Entry",
    "EvalmarkError",
    "Finding",
    "Loaded",
    "Metric",
    "MissingExtra",
    "Place",
    "Result",
    "Severity",
    "Source",
    "UsageProblem",
    "add",
    "check",
    "dump",
    "dumps",
    "from_huggingface",
    "load",
    "loads",
    "read_results",
    "to_every_eval_ever",
    "to_huggingface",
]


class Loaded(NamedTuple):
    """The good entries of a file or a model repo, and what is wrong with the others, sorted by place."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]


class Added(NamedTuple):
    """The file in which an entry stands now; `changed` is False if it stood there before."""

    path: Path
    changed: bool


def load(path: str | Path) -> Loaded:
    """Read a results file, or all `.eval_results/*.yaml` of a model repo's folder. A bad entry hides no good one.

    Raises `EvalmarkError` for a path that cannot be read.
    """
    place = Path(path)
    files = repo_in_folder(place).files if place.is_dir() else {"": read_regular(place)}
    parsed = [parse_results((place / name).as_posix(), content) for name, content in files.items()]
    return Loaded(
        tuple(each.entry for one in parsed for each in one.entries),
        by_place(finding for one in parsed for finding in one.findings),
    )


def loads(text: str | bytes, name: str = ".eval_results/results.yaml") -> Loaded:
    """Read the text of a results file; `name` is what findings call it."""
    parsed = parse_results(name, text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    return Loaded(tuple(each.entry for each in parsed.entries), parsed.findings)


def check(path: str | Path) -> tuple[Finding, ...]:
    """What `evalmark check PATH` finds in a file, a model repo or a benchmark, without asking the Hub; sorted by place.

    Raises `EvalmarkError` for a path that cannot be read, or holds nothing to check.
    """
    found: list[Finding] = []
    for repo in checked_files([Path(path)]):
        found += place_findings(repo.listing, is_dataset=repo.is_dataset)
        found += check_files(repo.files, datetime.now(UTC).date())
    return by_place(found)


def dump(entries: Iterable[Entry], path: str | Path) -> Path:
    """Write a new results file, whole or not at all; one that is there is replaced. Raises `EvalmarkError`.

    To put an entry beside others and keep their comments, use `add`.
    """
    target, text = Path(path), dumps(entries)
    write_whole(target, text)
    return target


def dumps(entries: Iterable[Entry]) -> str:
    """The text of a results file with these entries, in the usual order and quotes. Raises `UsageProblem` for none."""
    drafts = [draft(entry) for entry in entries]
    if not drafts:
        raise UsageProblem("a results file has at least one entry", "give an entry")
    return results_text(drafts).decode()


def add(model_repo: str | Path, entry: Entry) -> Added:
    """Write an entry into the folder of a model repo: in place of one of the same set-up, else as a new one.

    The same set-up is the same dataset, task and notes. Comments and other entries stay as they are, byte by byte.
    Raises `UsageProblem`, and writes nothing, if the file would have an error that the Hub refuses.
    """
    repo = repo_in_folder(Path(model_repo))
    try:
        done = change(repo.files, draft(entry))
    except NotEditable as problem:
        raise UsageProblem(str(problem), "mend the file by hand") from problem
    if done.kind == "nothing":
        return Added(repo.path(done.path), changed=False)
    for finding in check_files({done.path: done.after}, datetime.now(UTC).date()):
        if finding.severity is Severity.ERROR:
            raise UsageProblem(f"{finding.place} would have an error: {finding.message}", finding.help)
    return Added(repo.write(done.path, done.after), changed=True)


def read_results(*logs: str | Path) -> tuple[Result, ...]:
    """What logs report: Inspect (needs the extra `verify`), lm-eval, lighteval, HELM, mteb, Every Eval Ever.

    A log is a file or a folder. Raises `EvalmarkError` for a path without a result that can be read.
    """
    found = results_of(map(str, logs), inspect_logs)
    if not found.results:
        raise UsageProblem("; ".join(found.troubles) or "there is no result", "give the results of an evaluation")
    return tuple(result for result, _path in found.results)


def to_huggingface(entries: Iterable[Entry]) -> "list[EvalResultEntry]":
    """The same for huggingface_hub. Raises `MissingExtra` if that is not installed."""
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
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise UsageProblem(f"entry {number} has a wrong {place}: {first['msg']}", "mend it, then convert") from None
    return tuple(found)


def to_every_eval_ever(  # noqa: PLR0913 - all but two are by name, and an entry does not say them
    entry: Entry,
    model: str,
    *,
    model_revision: str | None = None,
    unit: Literal["fraction", "percent"] | None = None,
    metric: str | None = None,
    lower_is_better: bool = False,
    harness: str = UNKNOWN,
    harness_version: str = UNKNOWN,
) -> dict[str, JsonValue]:
    """An entry of the repo `model` (`owner/name`) as a record of Every Eval Ever, made now: a body for `json.dumps`.

    `unit` says what the score is in, `harness` what measured it. `read_results` reads such records. Raises
    `UsageProblem` for a model that is not `owner/name`.
    """
    owner, _, name = model.partition("/")
    if not owner or not name or "/" in name:
        raise UsageProblem(f"`{model}` is no name of a repo", "write owner/name")
    told = Told(model, model_revision, unit, lower_is_better, metric, harness, harness_version)
    return record(entry, told, datetime.now(UTC))


def _huggingface_entry() -> "type[EvalResultEntry]":
    try:
        from huggingface_hub import EvalResultEntry  # noqa: PLC0415 - of an extra
    except ImportError:
        raise MissingExtra("hub", "to_huggingface") from None
    return EvalResultEntry
