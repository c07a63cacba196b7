"""What every report says alike: the order, the names and the short forms."""

from collections import Counter
from collections.abc import Iterable

from evalmark.amounts import score, signed
from evalmark.report.escape import plain
from evalmark.stats.claimed import SCALE
from evalmark.verdict import Answer, Comparison, RunRecord, Verdict

WORST_FIRST = tuple(Answer)
MARKS = {
    Answer.MISMATCH: "✘",
    Answer.ERROR: "!",
    Answer.INCONCLUSIVE: "?",
    Answer.NOT_RERUNNABLE: "–",
    Answer.VERIFIED: "✔",
}
SHORT_SHA = 12


def counted(verdicts: Iterable[Verdict]) -> str:
    """`1 mismatch, 1 verified`, worst first; `no claims` if there are none."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    return ", ".join(f"{counts[answer]} {answer}" for answer in WORST_FIRST if counts[answer]) or "no claims"


def claimed(verdict: Verdict) -> str:
    """The claimed score with its unit, as far as that is known."""
    unit = verdict.comparison.unit if verdict.comparison else None
    return f"{plain(verdict.claim.digits, 24)}{' %' if unit == 'percent' else ''}"


def measured(comparison: Comparison) -> str:
    """The rerun's score; for a part of the samples with the interval for all of them."""
    shown = score(comparison.measured, scale_of(comparison))
    low, high = comparison.interval
    return shown if low == high else f"{shown} {interval(comparison, low, high)}"


def interval(comparison: Comparison, low: float, high: float) -> str:
    """An interval in the claim's unit: `[71.3, 76.3]`."""
    scale = scale_of(comparison)
    return f"[{score(low, scale).removesuffix(' %')}, {score(high, scale).removesuffix(' %')}]"


def difference(comparison: Comparison) -> str:
    """measured − claimed, with its interval unless all samples are known."""
    scale = scale_of(comparison)
    low, high = comparison.difference_interval
    shown = signed(comparison.difference, scale)
    return shown if low == high else f"{shown} [{signed(low, scale)}, {signed(high, scale)}]"


def samples(comparison: Comparison) -> str:
    """`100 of 100`."""
    return f"{comparison.samples_used} of {comparison.samples_total}"


def graded_by(run: RunRecord) -> str:
    """Who graded, and whether that was the model under test."""
    return f"{plain(run.grader or '')}{' (the model under test itself)' if run.grader_is_model else ''}"


def clustered(run: RunRecord) -> str:
    """What the samples share: it narrows no interval, and widens none that is about these samples."""
    return f"several samples share one `{plain(run.clusters or '')}`: the score says little about new ones"


def runs_of(verdicts: Iterable[Verdict]) -> tuple[RunRecord, ...]:
    """Each rerun once; several claims may rest on one, and several reruns be of one task."""
    runs = (verdict.run for verdict in verdicts if verdict.run is not None)
    return tuple({(run.task, run.variant, run.shuffle_seed, run.grader): run for run in runs}.values())


def scale_of(comparison: Comparison) -> int:
    """How many of the claim's unit make a whole."""
    return SCALE[comparison.unit]


def short(revision: str) -> str:
    """A commit or digest short enough to read."""
    kind, _, digest = revision.rpartition(":")
    return f"{kind}:{digest[:SHORT_SHA]}" if kind else revision[:SHORT_SHA]
