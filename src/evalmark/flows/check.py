"""Check files: parse each once, by what its name says it is, and run every rule over all of them together."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from evalmark.checks.declared import DeclaredTasks
from evalmark.checks.places import BENCHMARK_FILE, DECLARATION
from evalmark.checks.registry import known_rules
from evalmark.checks.results import repo_of, results_findings
from evalmark.checks.twice import Twice
from evalmark.finding import Finding, by_place
from evalmark.formats.parse_results import LocatedEntry, Parse, parse_results

# When nobody says what day it is, no date is in the future.
END_OF_TIME = date.max


class Selection(NamedTuple):
    """Which rules are told about: those of `select` if it has any, without those of `ignore`."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def keeps(self, finding: Finding) -> bool:
        """Whether a finding is told about."""
        return finding.rule not in self.ignore and (not self.select or finding.rule in self.select)


EVERYTHING = Selection()


class Checked(NamedTuple):
    """The findings, sorted by place, and the good entries, for rules that need facts."""

    findings: tuple[Finding, ...]
    entries: tuple[LocatedEntry, ...]


def selection(select: Collection[str], ignore: Collection[str]) -> Selection:
    """The rules that a person names. Raises `UsageProblem` for an id that no rule has."""
    return Selection(known_rules(select), known_rules(ignore))


def check(
    files: Mapping[str, bytes],
    now: date = END_OF_TIME,
    *,
    selected: Selection = EVERYTHING,
    dataset_id: str | None = None,
    parse: Parse = parse_results,
) -> tuple[Finding, ...]:
    """Findings of all files (bytes by path), sorted by place.

    `now` is today; `dataset_id` the `owner/name` of the benchmark's repo, if it is known; `parse` may remember what it
    has read.
    """
    return check_with_entries(
        files, now, selected=selected, dataset_id=dataset_id, keep_entries=False, parse=parse
    ).findings


def check_with_entries(
    files: Mapping[str, bytes],
    now: date = END_OF_TIME,
    *,
    selected: Selection = EVERYTHING,
    dataset_id: str | None = None,
    keep_entries: bool = True,
    parse: Parse = parse_results,
) -> Checked:
    """`check`, with the good entries of all results files.

    A thousand entries in memory cost as much time as the check itself: keep them only for rules that need facts.
    """
    checker = _Files(now, dataset_id, parse)
    entries: list[LocatedEntry] | None = [] if keep_entries else None
    findings = [
        finding
        for path, content in files.items()
        for finding in checker.findings(path, content, entries)
        if selected.keeps(finding)
    ]
    return Checked(by_place(findings), tuple(entries or ()))


def kind_of(path: str) -> str:
    """What a file's name says it is: `benchmark`, `declaration`, or else `results`."""
    name = path.rpartition("/")[2]
    return {BENCHMARK_FILE: "benchmark", DECLARATION: "declaration"}.get(name, "results")


class _Files:
    """Checks file after file, and forgets each: a thousand trees in memory cost more time than the rules."""

    def __init__(self, now: date, dataset_id: str | None, parse: Parse) -> None:
        self.now = now
        self.parse = parse
        self.dataset_id = dataset_id
        self.repos: defaultdict[str, Twice] = defaultdict(Twice)
        self.tasks = DeclaredTasks()

    def findings(self, path: str, content: bytes, entries: list[LocatedEntry] | None) -> Iterator[Finding]:
        """What is wrong with one file, also in view of those before. Its good entries go to `entries`, if any."""
        match kind_of(path):
            case "benchmark":
                yield from self._of_benchmark(path, content)
            case "declaration":
                yield from self._of_declaration(path, content)
            case _:
                parsed = self.parse(path, content)
                yield from parsed.findings
                yield from results_findings(parsed, self.now)
                yield from self.repos[repo_of(path)].findings(parsed.entries)
                if entries is not None:
                    entries.extend(parsed.entries)

    # A commit hook checks one file of one kind, and should not wait for the models of the others.

    def _of_benchmark(self, path: str, content: bytes) -> Iterator[Finding]:
        from evalmark.checks.benchmark import benchmark_findings  # noqa: PLC0415
        from evalmark.formats.parse_benchmark import parse_benchmark  # noqa: PLC0415

        parsed = parse_benchmark(path, content)
        yield from benchmark_findings(parsed, self.dataset_id)
        yield from self.tasks.benchmark(path.rpartition("/")[0], parsed.root)

    def _of_declaration(self, path: str, content: bytes) -> Iterator[Finding]:
        from evalmark.checks.declaration import declaration_findings, tasks_named  # noqa: PLC0415
        from evalmark.formats.parse_declaration import parse_declaration  # noqa: PLC0415

        parsed = parse_declaration(path, content)
        yield from declaration_findings(parsed)
        if parsed.root is not None:
            yield from self.tasks.declaration(path.rpartition("/")[0], tasks_named(parsed.root))
