"""How soon a verdict falls and how often it is wrong, beside three ways that others judge, in one run.

    python -m benchmarks.verdict [RUNS]

Each run is a walk through a benchmark in random order. The engine's own boundary is tabulated once for each claim and
compared with all walks at once; a few walks go through the engine sample by sample and must end the same. A verdict is
wrong if the completed rerun contradicts it. Seeded: the same numbers every time, but for the times.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from evalmark.stats.expected import expected
from evalmark.stats.margins import Margins, margins
from evalmark.stats.question import Question
from evalmark.stats.sequential import Sequential, decide

RUNS = 2000
CHUNK = 250
HONEST, FIVE, TEN = "honest", "5 points less", "10 points less"
SEED = 20261101
POINT = Fraction(1, 100)
NORMAL_95 = 1.959963984540054
# What a run of `samples` says: 1 verified, −1 mismatch, 0 undecided; and after how many samples.
Verdicts = tuple[NDArray[np.int64], NDArray[np.int64]]
Walks = NDArray[np.int32]


@dataclass(frozen=True)
class Benchmark:
    """A benchmark with a claim, and how far from it two scores are still the same."""

    name: str
    total: int
    claim: Fraction
    margin: Fraction = 2 * POINT

    @property
    def question(self) -> Question:
        """What the engine is asked."""
        return Question(self.total, self.claim, Margins(self.margin, self.margin, noise_known=True), binary=True)

    def ones(self, gap: Fraction) -> int:
        """Right answers of a rerun that scores `gap` less than claimed."""
        return round((self.claim - gap) * self.total)


@dataclass(frozen=True)
class Goal:
    """At most so many samples (median) for one rerun."""

    benchmark: Benchmark
    rerun: str
    most: float


MMLU_PRO = Benchmark("MMLU-Pro", 12032, Fraction(783, 1000))
MMLU_PRO_3 = Benchmark("MMLU-Pro", 12032, Fraction(783, 1000), 3 * POINT)
HLE = Benchmark("HLE", 2500, Fraction(1, 5))
GSM8K = Benchmark("GSM8K", 1319, Fraction(95, 100))
GPQA = Benchmark("GPQA-diamond", 198, Fraction(412, 1000), 5 * POINT)
GOALS = (
    Goal(MMLU_PRO, HONEST, 3500),
    Goal(MMLU_PRO_3, HONEST, 1900),
    Goal(MMLU_PRO, FIVE, 1600),
    Goal(MMLU_PRO, TEN, 270),
    Goal(GSM8K, HONEST, 0.50 * 1319),
    Goal(GSM8K, FIVE, 0.35 * 1319),
    Goal(GSM8K, TEN, 0.08 * 1319),
)


class Boundary:
    """The engine's decision for every number of samples and of right answers, as a table."""

    def __init__(self, question: Question) -> None:
        self.question = question
        draws = range(question.first_look, question.total + 1)
        self.needed = {
            name: (bound.upward, np.array(list(question.counting(bound).fewest_ones(question.threshold, draws))))
            for name, bound in question.bounds.items()
        }
        self.draws = np.array(draws)

    def verdicts(self, walks: Walks) -> Verdicts:
        """Of walks, which hold the right answers after 1, 2, … all samples."""
        seen, total = walks[:, self.draws - 1], self.question.total
        when = {}
        for name, (upward, needed) in self.needed.items():
            hit = (seen if upward else self.draws - seen) >= needed
            when[name] = np.where(hit.any(axis=1), self.draws[hit.argmax(axis=1)], total + 1)
        mismatch = np.minimum(when["too-low"], when["too-high"])
        verified = np.maximum(when["not-low"], when["not-high"])
        answers = np.where(mismatch <= verified, -1, 1)
        stopped = np.minimum(mismatch, verified)
        return np.where(stopped <= total, answers, 0), np.minimum(stopped, total)


def peeking(question: Question, walks: Walks) -> Verdicts:
    """Look at mean ± 1.96 standard errors after every sample from the 30th on, and stop when it is in or out."""
    draws = np.arange(30, question.total + 1)
    means = walks[:, 29:] / draws
    reach = NORMAL_95 * np.sqrt(means * (1 - means) / draws)
    gaps, margin = means - float(question.claim), float(question.margins.verified)
    # All alike so far has no spread at all, and would stop at once.
    alike = (means == 0) | (means == 1)
    outside = (np.abs(gaps) - reach > margin) & ~alike
    inside = (np.abs(gaps) + reach < margin) & ~alike
    stop = (outside | inside).argmax(axis=1)
    rows = np.arange(len(walks))
    answers = np.where(outside[rows, stop], -1, np.where(inside[rows, stop], 1, 0))
    return answers, np.where(answers == 0, question.total, draws[stop])


def wilson(ones: int, drawn: int) -> tuple[float, float]:
    """Wilson's 95 % interval (1927) for the mean of a population without end: it never becomes a point."""
    share, square = ones / drawn, NORMAL_95**2 / drawn
    middle = (share + square / 2) / (1 + square)
    reach = NORMAL_95 * sqrt(share * (1 - share) / drawn + square / (4 * drawn)) / (1 + square)
    return middle - reach, middle + reach


def wilson_on_all(question: Question, walks: Walks) -> Verdicts:
    """Run everything, then ask whether Wilson's interval lies inside the margins, or outside."""
    margin, claim = float(question.margins.verified), float(question.claim)
    ends = [wilson(int(ones), question.total) for ones in walks[:, -1]]
    low, high = np.array(ends).T - claim
    answers = np.where((low > margin) | (high < -margin), -1, np.where((low >= -margin) & (high <= margin), 1, 0))
    return answers, np.full(len(walks), question.total)


def tolerance_on_part(question: Question, walks: Walks) -> Verdicts:
    """Run 100 samples and call the claim right if their mean is within the margin: a fixed tolerance."""
    drawn = min(100, question.total)
    near = np.abs(walks[:, drawn - 1] / drawn - float(question.claim)) <= float(question.margins.verified)
    return np.where(near, 1, -1), np.full(len(walks), drawn)


OURS = "evalmark"
METHODS = (OURS, "naive peeking", "Wilson on all", "tolerance on 100")


def walks_of(total: int, ones: int, runs: int, rng: np.random.Generator) -> Iterator[Walks]:
    """Random orders of a benchmark with `ones` right answers, some at a time."""
    scores = np.zeros(total, dtype=np.int8)
    scores[:ones] = 1
    for start in range(0, runs, CHUNK):
        rows = min(CHUNK, runs - start)
        yield np.cumsum(rng.permuted(np.tile(scores, (rows, 1)), axis=1), axis=1, dtype=np.int32)


@dataclass(frozen=True)
class Cell:
    """What each method said to many runs of one rerun."""

    benchmark: Benchmark
    rerun: str
    truth: int
    verdicts: dict[str, Verdicts]

    def wrong(self, method: str) -> float:
        """How often the completed rerun contradicts the verdict."""
        return float(np.mean(self.verdicts[method][0] == -self.truth))

    def called(self, method: str, answer: int) -> float:
        """How often the verdict was `answer`."""
        return float(np.mean(self.verdicts[method][0] == answer))

    def samples(self, method: str, part: float = 0.5) -> float:
        """The median number of samples, or another quantile."""
        return float(np.quantile(self.verdicts[method][1], part))


def measure(benchmark: Benchmark, runs: int, rng: np.random.Generator) -> list[Cell]:
    """Run every rerun of one benchmark with every method."""
    boundary = Boundary(benchmark.question)
    return [
        Cell(benchmark, rerun, truth_of(benchmark, ones), compared(boundary, ones, runs, rng))
        for rerun, ones in reruns_of(benchmark).items()
    ]


def truth_of(benchmark: Benchmark, ones: int) -> int:
    """What the completed rerun says."""
    score = Fraction(ones, benchmark.total)
    return 1 if benchmark.question.answer_to(score, score)[0] == "verified" else -1


def compared(boundary: Boundary, ones: int, runs: int, rng: np.random.Generator) -> dict[str, Verdicts]:
    """What each method says to the same walks."""
    question = boundary.question
    parts: dict[str, list[Verdicts]] = {method: [] for method in METHODS}
    for walks in walks_of(question.total, ones, runs, rng):
        ours = boundary.verdicts(walks)
        same_as_engine(question, walks[0], ours)
        others = (judge(question, walks) for judge in (peeking, wilson_on_all, tolerance_on_part))
        for method, verdicts in zip(METHODS, (ours, *others), strict=True):
            parts[method].append(verdicts)
    return {
        method: (np.concatenate([answers for answers, _ in found]), np.concatenate([stops for _, stops in found]))
        for method, found in parts.items()
    }


def same_as_engine(question: Question, walk: NDArray[np.int32], of_table: Verdicts) -> None:
    """Hold the table's first verdict against the engine's own, sample by sample."""
    scores = np.diff(walk, prepend=0)
    result = decide(question, ((Fraction(int(score)),) * 2 for score in scores))
    answer = {"verified": 1, "mismatch": -1, "inconclusive": 0}[result.answer]
    if (answer, result.samples) != (of_table[0][0], of_table[1][0]):
        raise AssertionError(f"the engine says {result}, its table {of_table[0][0]} after {of_table[1][0]}")


def reruns_of(benchmark: Benchmark) -> dict[str, int]:
    """Right answers of the reruns to measure."""
    last_inside = ceil((benchmark.claim - benchmark.margin) * benchmark.total)
    return {
        HONEST: benchmark.ones(0 * POINT),
        "half the margin": benchmark.ones(benchmark.margin / 2),
        "on the margin": last_inside,
        "one beyond it": last_inside - 1,
        FIVE: benchmark.ones(5 * POINT),
        TEN: benchmark.ones(10 * POINT),
    }


def print_cells(cells: list[Cell]) -> None:
    """One row a rerun: how many samples the engine took, and how often each method is wrong."""
    print(f"{'':<37}{'evalmark: samples':>21}   " + "".join(f"{method:>24}" for method in METHODS))
    print(f"{'benchmark':<13}{'±':>2} {'rerun':<16}{'R':>5}{'median':>8}{'':>6}{'90 %':>7}   " + f"{'wrong':>24}" * 4)
    for cell in cells:
        bench, median = cell.benchmark, cell.samples(OURS)
        row = (
            f"{bench.name:<13}{float(bench.margin) * 100:>2.0f} {cell.rerun:<16}{'in' if cell.truth == 1 else 'out':>5}"
        )
        row += f"{median:>8.0f}{median / bench.total:>6.0%}{cell.samples(OURS, 0.9):>7.0f}   "
        print(row + "".join(f"{errors(cell, method):>24}" for method in METHODS))


def errors(cell: Cell, method: str) -> str:
    """How often a method is wrong, and how often it says nothing."""
    silent = cell.called(method, 0)
    return (f"silent {silent:.0%}, " if silent else "") + f"{cell.wrong(method):.2%}"


def goals_met(cells: list[Cell]) -> bool:
    """Print each goal beside what was measured."""
    found = {(cell.benchmark, cell.rerun): cell for cell in cells}
    met = []
    for goal in GOALS:
        bench, median = goal.benchmark, found[goal.benchmark, goal.rerun].samples(OURS)
        what = f"{bench.name} ±{float(bench.margin) * 100:.0f}, {goal.rerun}: median {median:.0f} of {bench.total}"
        met.append(_said(what, median / bench.total, goal.most / bench.total))
    met.append(_said("contradicted by the completed rerun, worst row", max(cell.wrong(OURS) for cell in cells), 0.05))
    accused = max(cell.called(OURS, -1) for cell in cells if cell.rerun == HONEST)
    return all([*met, _said("honest, called mismatch, worst row", accused, 0.005)])


def _said(what: str, measured: float, most: float) -> bool:
    met = measured <= most
    print(f"{'met   ' if met else 'MISSED'} {what} = {measured:.1%} (goal: at most {most:.1%})")
    return met


def honest_noise(runs: int, rng: np.random.Generator) -> None:
    """Honest claims of one noisy run each, rerun in full: a fixed tolerance against margins that hold the noise."""
    print("\nhonest single runs with generation noise (ρ = .3), full rerun: called mismatch")
    for bench in (MMLU_PRO, HLE, GSM8K, GPQA, Benchmark("AIME", 30, Fraction(1, 2))):
        variance = 0.3 * float(bench.claim * (1 - bench.claim))
        found = margins(bench.total, bench.claim, Fraction(1, 2000), variance)
        spread = np.sqrt(2 * variance / bench.total)
        gaps = np.abs(rng.normal(0, spread, runs))
        ours, fixed = np.mean(gaps > float(found.mismatch)), np.mean(gaps > 0.02)
        print(f"{bench.name:<14} evalmark (±{float(found.mismatch) * 100:.1f}) {ours:>6.2%}   fixed ±2.0 {fixed:>6.2%}")


def print_speed() -> bool:
    """Microseconds a sample, and seconds for a whole log."""
    question, steps = MMLU_PRO.question, MMLU_PRO.ones(0 * POINT)
    scores = [Fraction(place * steps // 12032 - (place - 1) * steps // 12032) for place in range(1, 12033)]
    met = []
    for name, asked in (
        ("0/1", question),
        ("fractional", Question(12032, question.claim, question.margins, binary=False)),
    ):
        sequential = Sequential(asked)
        started = time.perf_counter()
        for score in scores[:-1]:
            sequential.add((score, score))
        each = (time.perf_counter() - started) / len(scores) * 1e6
        sequential.interval()
        whole = time.perf_counter() - started
        met += [each < 100, whole < 2]
        print(
            f"{name:<10} {each:.1f} µs a sample (goal 100); {whole:.2f} s for 12,031 of 12,032 with interval (goal 2)"
        )
    started = time.perf_counter()
    foreseen = expected(question)
    print(f"foreseen in {time.perf_counter() - started:.2f} s: {foreseen}")
    return all(met)


def main(argv: list[str]) -> int:
    """Measure and print."""
    runs = int(argv[1]) if len(argv) > 1 else RUNS
    rng = np.random.default_rng(SEED)
    cells = [cell for bench in (MMLU_PRO, MMLU_PRO_3, HLE, GSM8K, GPQA) for cell in measure(bench, runs, rng)]
    print(
        f"{runs} runs a row; R: the score over all samples, in or out of the margin; wrong: R contradicts the verdict\n"
    )
    print_cells(cells)
    honest_noise(runs, rng)
    print()
    met = [goals_met(cells), print_speed()]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
