"""What entries say about the Hub, beside what the Hub says. The facts were fetched before, by others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from evalmark.checks.registry import found
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.checks.twice import variant_of
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, BoardRow, RefusedFile, unit_of_board
from evalmark.finding import Finding, Place
from evalmark.formats.digits import same_score
from evalmark.formats.nodes import shown
from evalmark.formats.parse_results import LocatedEntry
from evalmark.formats.translate import did_you_mean


@dataclass(frozen=True, slots=True)
class OtherClaim:
    """An entry that the model's repo already has: on main, or in an open pull request. `path` is inside the repo."""

    path: str
    entry: LocatedEntry
    pull_request: int | None = None


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What was found out about the entries. `trouble` says why something is left out, if it is.

    `boards` has the rows of other models, by dataset and task id.
    """

    benchmarks: Mapping[BenchmarkRef, BenchmarkFound | BenchmarkMissing]
    boards: Mapping[tuple[str, str], tuple[BoardRow, ...]] = field(default_factory=dict)
    claims: tuple[OtherClaim, ...] = ()
    trouble: str = ""


def needed(entries: Iterable[LocatedEntry]) -> tuple[BenchmarkRef, ...]:
    """The benchmarks to look up: as they are now, and at each revision that an entry names."""
    refs: dict[BenchmarkRef, None] = {}
    for located in entries:
        dataset = located.entry.dataset
        refs[BenchmarkRef(dataset.id)] = None
        refs[BenchmarkRef(dataset.id, dataset.revision)] = None
    return tuple(refs)


def link_findings(entries: Iterable[LocatedEntry], facts: LinkFacts) -> tuple[Finding, ...]:
    """Everything that the facts say about the entries; at most one `hub-unreachable`."""
    located = tuple(entries)
    findings = [finding for entry in located for finding in _of_entry(entry, facts)]
    return (*findings, *_unreachable(located, facts))


def refusal_findings(refused: Iterable[RefusedFile]) -> tuple[Finding, ...]:
    """Files of which the Hub shows nothing, in its own words."""
    return tuple(
        found(
            "hub-refuses",
            Place(file.path),
            f"the Hub shows no score of this file: {shown(file.error)}",
            "mend it as the Hub says, or as evalmark check does, and push it again",
        )
        for file in refused
    )


def _of_entry(located: LocatedEntry, facts: LinkFacts) -> Iterator[Finding]:
    dataset = located.entry.dataset
    now = facts.benchmarks.get(BenchmarkRef(dataset.id))
    if isinstance(now, BenchmarkMissing) and now.surely:
        yield _no_benchmark(located, now)
        return
    then = facts.benchmarks.get(BenchmarkRef(dataset.id, dataset.revision))
    if isinstance(then, BenchmarkMissing) and then.surely:
        yield _no_revision(located, then)
    elif isinstance(then, BenchmarkFound):
        yield from _task_findings(located, then)
    yield from _unit_findings(located, facts.boards.get((dataset.id, dataset.task_id), ()))
    yield from _claim_findings(located, facts.claims)


def _no_benchmark(located: LocatedEntry, missing: BenchmarkMissing) -> Finding:
    return found("benchmark-exists", located.places["dataset.id"], missing.reason, missing.advice)


def _no_revision(located: LocatedEntry, missing: BenchmarkMissing) -> Finding:
    return found("revision-exists", located.places["dataset.revision"], missing.reason, missing.advice)


def _task_findings(located: LocatedEntry, there: BenchmarkFound) -> Iterator[Finding]:
    dataset = located.entry.dataset
    if there.benchmark is None:
        yield found(
            "benchmark-unusable",
            located.places["dataset.id"],
            f"the eval.yaml of {dataset.id} has errors, so its tasks are not known",
            "tell the benchmark's owner; `evalmark check` on its eval.yaml shows them",
        )
        return
    ids = [task.id for task in there.benchmark.tasks if task.id is not None]
    if ids and dataset.task_id not in ids:
        meant = did_you_mean(dataset.task_id, ids) or (ids[0] if len(ids) == 1 else _contained(dataset.task_id, ids))
        yield found(
            "task-exists",
            located.places["dataset.task_id"],
            f"{dataset.id} defines no task `{shown(dataset.task_id)}`",
            f"did you mean `{shown(meant)}`?" if meant else f"its tasks are: {', '.join(map(shown, ids[:20]))}",
        )


def _contained(task_id: str, ids: Iterable[str]) -> str | None:
    """`gpqa_diamond` is the task `diamond` with its benchmark's name before it."""
    return next((known for known in ids if known in task_id), None)


def _unit_findings(located: LocatedEntry, rows: tuple[BoardRow, ...]) -> Iterator[Finding]:
    unit, value = unit_of_board(rows), abs(located.entry.value)
    if unit == "fraction" and value > 1:
        yield _other_unit(located, "from 0 to 1", Decimal(located.value_text) / 100, rows)
    elif unit == "percent" and 0 < value <= 1 and value * 100 <= 2 * max(abs(row.value) for row in rows):
        yield _other_unit(located, "from 0 to 100", Decimal(located.value_text) * 100, rows)


def _other_unit(located: LocatedEntry, scale: str, meant: Decimal, rows: tuple[BoardRow, ...]) -> Finding:
    return found(
        "unit-disagrees",
        located.places["value"],
        f"`value` is {shown(located.value_text)}, and the leaderboard counts {scale}: {rows[0].value:g}, "
        f"{rows[1].value:g}, {rows[2].value:g}",
        f"write {meant.normalize():f}, if that is what was measured",
    )


def _claim_findings(located: LocatedEntry, claims: tuple[OtherClaim, ...]) -> Iterator[Finding]:
    variant = variant_of(located)
    for claim in claims:
        if _is_itself(located, claim) or variant_of(claim.entry) != variant:
            continue
        where = f"in the open pull request {claim.pull_request}" if claim.pull_request else f"on main, in {claim.path}"
        if same_score(claim.entry.value_text, located.value_text):
            yield found(
                "already-claimed",
                located.place,
                f"the same score is already reported {where}",
                "nothing more is needed, unless that one is withdrawn",
            )
        else:
            yield found(
                "contradicts-a-claim",
                located.places["value"],
                f"`value` is {shown(located.value_text)}, but {shown(claim.entry.value_text)} is reported {where}",
                "correct one of them, or say with `notes` what tells them apart, such as With tools",
            )


def _is_itself(located: LocatedEntry, claim: OtherClaim) -> bool:
    """Whether this file replaces the one on main that holds the claim."""
    inside = located.place.path.rpartition(f"{RESULTS_FOLDER}/")[2]
    return claim.pull_request is None and claim.path == f"{RESULTS_FOLDER}/{inside}"


def _unreachable(entries: tuple[LocatedEntry, ...], facts: LinkFacts) -> Iterator[Finding]:
    unsure = [
        (located, missing)
        for located in entries
        for missing in (facts.benchmarks.get(ref) for ref in needed([located]))
        if isinstance(missing, BenchmarkMissing) and not missing.surely
    ]
    if unsure:
        located, missing = unsure[0]
        yield _not_asked(located.places["dataset.id"], missing.reason, missing.advice)
    elif facts.trouble and entries:
        yield _not_asked(entries[0].place, facts.trouble, "try again later")


def _not_asked(place: Place, reason: str, advice: str) -> Finding:
    return found("hub-unreachable", place, f"not everything could be checked: {reason}", advice)
