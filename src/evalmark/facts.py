"""What was found out about the world before anything is judged, as plain data: what is needed is listed first,
fetched once (by an adapter), then used by pure code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from evalmark.finding import Finding
from evalmark.formats.benchmark import Benchmark
from evalmark.formats.declaration import Declaration, Unit

# So many scores say what the unit of a board is.
FEWEST_ROWS = 3


@dataclass(frozen=True, slots=True, order=True)
class BenchmarkRef:
    """A benchmark that a claim speaks of: the dataset repo, and the revision if the claim names one."""

    dataset_id: str
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class BenchmarkFound:
    """A benchmark as it stands at one commit. `benchmark` is None when its eval.yaml cannot be used."""

    revision: str
    benchmark: Benchmark | None
    declaration: Declaration
    findings: tuple[Finding, ...] = ()
    eval_yaml: str | None = None
    """SHA-256 of its eval.yaml, in hex."""
    rows_outside: str | None = None
    """A place outside the repo from which its rows would come: foreign text."""


@dataclass(frozen=True, slots=True)
class BenchmarkMissing:
    """A benchmark that could not be had. `surely` when we know that it is not there, rather than out of reach.

    `allowed` is False when nobody asked for it, since it may not run.
    """

    reason: str
    advice: str
    surely: bool
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """The claimed model repo: `owner/name`, its commit, and the sha256 of each weights file that it lists there."""

    name: str
    revision: str
    weights: Mapping[str, str] = field(default_factory=dict)
    weights_digest: str | None = None
    """What changes when any of its weights files does, as a receipt has it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that planning may look at."""

    model: ModelFacts
    benchmarks: Mapping[BenchmarkRef, BenchmarkFound | BenchmarkMissing]
    log_settings: Mapping[int, Mapping[str, str | int | float | bool | None]] = field(default_factory=dict)
    """Generation options of the log that is linked to a claim, by the claim's position. Foreign data."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One score on a leaderboard."""

    model: str
    value: float


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A score of a model as the Hub shows it: from which file, from an open pull request or main, with its badge."""

    path: str
    dataset_id: str
    task_id: str
    value: float
    verified: bool
    pull_request: int | None = None


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A results file that the Hub shows nothing of, and what it says about it: foreign text."""

    path: str
    error: str


@dataclass(frozen=True, slots=True)
class ResultsFile:
    """A results file of a model repo as it stands at a commit: on main, or as an open pull request would have it."""

    path: str
    content: bytes
    commit: str
    pull_request: int | None = None


def unit_of_board(rows: Sequence[BoardRow]) -> Unit | None:
    """`fraction` if no score is above 1, `percent` if half of them are; None if the board does not say."""
    values = [abs(row.value) for row in rows]
    if len(values) < FEWEST_ROWS or max(values) == 0:
        return None
    if max(values) <= 1:
        return "fraction"
    return "percent" if median(values) > 1 else None
