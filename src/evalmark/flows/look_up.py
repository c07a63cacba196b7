"""Gather what the rules about links need: each benchmark, board and model repo is asked for once."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalmark.checks.links import LinkFacts, OtherClaim, needed
from evalmark.errors import CouldNotFinish
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, BoardRow
from evalmark.flows.verify import looked_up
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.ports import Benchmarks, Claims


@dataclass(frozen=True, slots=True)
class Author:
    """Whose files are checked: the model repo, and the commits that the checked folder already holds.

    A pull request whose head is one of `commits` is the author's own, so what it says is no other claim.
    """

    model: str | None = None
    commits: frozenset[str] = frozenset()


def look_up(
    entries: tuple[LocatedEntry, ...], benchmarks: Benchmarks, claims: Claims | None, author: Author
) -> LinkFacts:
    """The facts about the entries. Without `claims` only the benchmarks are looked up. Trouble is told, not raised."""
    found = {ref: looked_up(ref, benchmarks) for ref in needed(entries)}
    if claims is None or all(_is_out_of_reach(benchmark) for benchmark in found.values()):
        return LinkFacts(found)
    try:
        boards = dict(_boards(found, claims, author.model))
        return LinkFacts(found, boards, tuple(_others(claims, author)))
    except CouldNotFinish as problem:
        return LinkFacts(found, trouble=problem.message)


def _is_out_of_reach(benchmark: BenchmarkFound | BenchmarkMissing) -> bool:
    """Whether asking for more would only cost another timeout."""
    return isinstance(benchmark, BenchmarkMissing) and not benchmark.surely


def _boards(
    found: dict[BenchmarkRef, BenchmarkFound | BenchmarkMissing], claims: Claims, model: str | None
) -> Iterator[tuple[tuple[str, str], tuple[BoardRow, ...]]]:
    """The boards of benchmarks with one task: the Hub's rows do not say which task they are about."""
    for ref, benchmark in found.items():
        if ref.revision is None and isinstance(benchmark, BenchmarkFound) and benchmark.benchmark is not None:
            tasks = benchmark.benchmark.tasks
            if len(tasks) == 1 and tasks[0].id is not None:
                rows = tuple(row for row in claims.board(ref.dataset_id) if row.model != model)
                yield (ref.dataset_id, tasks[0].id), rows


def _others(claims: Claims, author: Author) -> Iterator[OtherClaim]:
    if author.model is None:
        return
    for file in claims.results_files(author.model):
        if file.pull_request is not None and file.commit in author.commits:
            continue
        for entry in parse_results(file.path, file.content).entries:
            yield OtherClaim(file.path, entry, file.pull_request)
