"""A claim as it stands today: in a file of this machine, or on the Hub."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evalmark.adapters.git import checkout
from evalmark.adapters.hub import HubClient, HubReviews
from evalmark.adapters.signing import payload_of
from evalmark.adapters.tree.model import remote_name_of, repo_name_of
from evalmark.adapters.tree.reading import read_regular
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.cli.settings import Settings
from evalmark.errors import UsageProblem
from evalmark.facts import BenchmarkRef
from evalmark.flows.proposed import readable
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.formats.variants import usual_notes
from evalmark.ports import BenchmarkFiles
from evalmark.predicate import ClaimSubject
from evalmark.receipt import ClaimToday, NotAReceipt, Receipt, no_longer_said, read_statement, subject_of


def subject(claim: ClaimSubject) -> str:
    """What a claim is about, whatever its score."""
    return f"{claim.dataset_id} · {claim.task_id}" + (f" ({claim.variant})" if claim.variant else "")


def model_of(folder: Path) -> str:
    """The model that a folder holds: from its git remote."""
    return repo_name_of(folder)


@dataclass(frozen=True, slots=True)
class InFile:
    """An entry of a results file: the `number`th from 0, or the one that the receipt is about."""

    path: Path
    number: int | None = None

    def today(self, receipt: Receipt) -> ClaimToday | str:
        """The entry as it stands. Raises `UsageProblem` if there is none of that number."""
        entries = parse_results(self.path.as_posix(), read_regular(self.path)).entries
        if self.number is None:
            found = _about(entries, receipt.claim)
            if found is None:
                return f"{self.path} has no entry on {subject(receipt.claim)} any more"
        else:
            found = next((each for each in entries if each.position == self.number), None)
            if found is None:
                raise UsageProblem(f"{self.path} has no readable entry [{self.number}]", "count from 0")
        root = self.path.resolve().parent.parent if self.path.resolve().parent.name == RESULTS_FOLDER else None
        model = (remote_name_of(root) if root is not None else None) or receipt.claim.model
        return _as_it_stands(model, found, receipt, _weights(root), found.entry.dataset.revision)


@dataclass(frozen=True, slots=True)
class OnHub:
    """A model on the Hub."""

    client: HubClient
    settings: Settings
    model: str

    def today(self, receipt: Receipt) -> ClaimToday | str:
        """What it claims on main now. Raises what the Hub's adapters raise."""
        facts = self.client.model(self.model, "main")
        settings = self.settings
        reviews = HubReviews(settings.endpoint, settings.cache / "hub", settings.token, self.model)
        files = readable(reviews, facts.revision, RESULTS_FOLDER)
        found = _about(_entries(files), receipt.claim)
        if found is None:
            return f"{self.model} claims nothing on {subject(receipt.claim)} any more"
        return _as_it_stands(self.model, found, receipt, facts.weights_digest, self._benchmark(found))

    def _benchmark(self, found: LocatedEntry) -> str | None:
        """The commit that the entry names; else the benchmark's newest, if it can be had."""
        dataset = found.entry.dataset
        files = self.client.benchmark(BenchmarkRef(dataset.id, dataset.revision))
        return files.revision if isinstance(files, BenchmarkFiles) else dataset.revision


@dataclass(frozen=True, slots=True)
class InFolder:
    """An entry of a model repo's folder."""

    name: str
    entry: LocatedEntry
    weights: str | None

    def today(self, envelope: bytes, model: str) -> ClaimToday | str | None:
        """The entry as it stands, in the unit that a receipt about it has; None for a receipt about something else."""
        try:
            receipt = read_statement(payload_of(envelope))
        except NotAReceipt:
            return None
        if subject(receipt.claim) != self.name:
            return None
        return _as_it_stands(model, self.entry, receipt, self.weights, self.entry.entry.dataset.revision)


def claimed_in_folder(folder: Path, files: Mapping[str, bytes]) -> tuple[InFolder, ...]:
    """All entries of a model repo's files."""
    weights = _weights(folder)
    return tuple(InFolder(_name(entry), entry, weights) for entry in _entries(files))


def _entries(files: Mapping[str, bytes]) -> Iterator[LocatedEntry]:
    for path, content in files.items():
        yield from parse_results(path, content).entries


def _about(entries: "Iterator[LocatedEntry] | tuple[LocatedEntry, ...]", claim: ClaimSubject) -> LocatedEntry | None:
    """The entry on the same leaderboard with the same set-up; of several the one with the signed score."""
    found = [entry for entry in entries if _name(entry) == subject(claim)]
    same = [entry for entry in found if entry.entry.value == float(claim.value)]
    return next(iter(same or found), None)


def _name(entry: LocatedEntry) -> str:
    dataset, variant = entry.entry.dataset, usual_notes(entry.entry.notes)
    return f"{dataset.id} · {dataset.task_id}" + (f" ({variant})" if variant else "")


def _as_it_stands(
    model: str, found: LocatedEntry, receipt: Receipt, weights: str | None, benchmark: str | None
) -> ClaimToday | str:
    """A file does not say the unit; the benchmark does, and it is that of the receipt unless the benchmark changes."""
    dataset, unit = found.entry.dataset, receipt.claim.unit
    try:
        subject = subject_of(model, dataset.id, dataset.task_id, found.entry.notes, found.value_text, unit)
    except ValueError:
        return no_longer_said(found.value_text)
    return ClaimToday(subject, weights, benchmark)


def _weights(root: Path | None) -> str | None:
    commits = checkout(root) if root is not None else None
    head = commits.head() if commits is not None else None
    return commits.weights(head) if commits is not None and head is not None else None
