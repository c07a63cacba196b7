"""A verdict that may be looked at after every sample: four bets at once, and the exact answer once all samples ran.

Feed the scores in the order that was drawn at random beforehand, never in the order in which they were finished:
wrong answers take longer. Whoever stops at the first verdict errs in at most `alpha` of all runs, half on each side;
an error is an answer that the completed rerun contradicts.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from math import exp, inf, log

from evalmark.stats.betting import Evidence
from evalmark.stats.counting import Tally
from evalmark.stats.interval import Interval
from evalmark.stats.inversion import PRECISION, lowest_count, lowest_score
from evalmark.stats.question import Answer, Direction, Question, TestName
from evalmark.stats.scale import Known


@dataclass(frozen=True, slots=True)
class Result:
    """What the scores so far say.

    `direction` of a mismatch: −1 if the rerun scores lower than claimed, 1 if higher. The answer has stood since
    `decided_after` of the `samples` seen, or does not stand yet (None). `interval` is for R, the score over all N;
    it holds at every look and agrees with the answer. `log_e` is the logarithm of the evidence now that R is beyond the
    mismatch margin, and `p_value` the anytime p-value of its being within. After `soonest` further samples there
    may be a verdict.
    """

    answer: Answer
    direction: Direction
    samples: int
    decided_after: int | None
    interval: Interval
    log_e: float
    p_value: float
    soonest: int


class Sequential:
    """Answers a question sample by sample. `answer`, `direction`, `samples` and `decided_after` are as in `Result`."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.answer: Answer = "inconclusive"
        self.direction: Direction = 0
        self.samples = 0
        self.decided_after: int | None = None
        self._tests = [(name, bound.upward, question.evidence(bound)) for name, bound in question.bounds.items()]
        self._rejected: set[TestName] = set()
        self._low = self._high = Fraction(0)
        self._path: list[Known] = []
        self.log_e = self._log_most = 0.0

    @property
    def decided(self) -> bool:
        """Whether no further sample is needed: there is a verdict, or all samples ran."""
        return self.decided_after is not None

    @property
    def p_value(self) -> float:
        """Anytime p-value of "R is within the mismatch margin": 1 over the most evidence against it so far (Ville)."""
        return exp(-self._log_most)

    def add(self, known: Known) -> None:
        """Take the next sample: the lowest and the highest score that it may have, the same if it was scored.

        Each test counts a sample without a score as what serves its rejection least. Raises ValueError if all samples
        were seen, or if the score is not in [0, 1], or neither 0 nor 1 though the question is `binary`.
        """
        self._check(known)
        low, high = known
        self.samples += 1
        self._low += low
        self._high += high
        if not self.question.binary:
            self._path.append(known)
        for _, upward, evidence in self._tests:
            evidence.add(low if upward else 1 - high)
        self._look()

    def _check(self, known: Known) -> None:
        low, high = known
        if self.samples == self.question.total:
            raise ValueError(f"more than {self.question.total} samples")
        if not 0 <= low <= high <= 1:
            raise ValueError(f"a score of {float(low)} to {float(high)} is not between 0 and 1")
        if self.question.binary and not {low, high} <= {0, 1}:
            raise ValueError(f"a score of {float(low)} to {float(high)} is neither 0 nor 1")

    def _look(self) -> None:
        question = self.question
        log_es: dict[TestName, float] = {name: evidence.log_e for name, _, evidence in self._tests}
        against = [log_es[name] for name in log_es if name.startswith("too")]
        self.log_e = _log_mean(against)
        self._log_most = max(self._log_most, self.log_e)
        if self.samples >= question.first_look:
            self._rejected.update(name for name in log_es if log_es[name] >= question.threshold)
        if self.samples == question.total:
            self._decide(*question.answer_to(*self._possible()))
        elif not self.decided and (found := question.answer_of(self._rejected)):
            self._decide(*found)

    def _decide(self, answer: Answer, direction: Direction) -> None:
        if self.decided_after is None or (answer, direction) != (self.answer, self.direction):
            self.answer, self.direction, self.decided_after = answer, direction, self.samples

    def _possible(self) -> Interval:
        """Where R may lie by logic alone."""
        question = self.question
        return self._low / question.total, (self._high + question.total - self.samples) / question.total

    def soonest(self) -> int:
        """The fewest further samples after which a verdict may stand: 0 if one does, else at least 1.

        To look earlier is useless: not even samples that each serve a test best could decide it. `verified` needs
        samples for one test that speak against the other.
        """
        if self.decided:
            return 0
        left = self.question.total - self.samples
        needed = {name: self._fewest(evidence, left) for name, _, evidence in self._tests if name not in self._rejected}
        same = sum(needed.get(name, 0) for name in needed if name.startswith("not"))
        other = [needed[name] for name in needed if name.startswith("too")]
        return max(min(same, *other, left), self.question.first_look - self.samples, 1)

    def _fewest(self, evidence: Evidence | Tally, most: int) -> int:
        """Best scores in a row until a test rejects."""
        ahead, count = copy(evidence), 0
        while ahead.log_e < self.question.threshold and count < most:
            ahead.add(Fraction(1))
            count += 1
        return count

    def interval(self) -> Interval:
        """For R, the score over all samples: holds with 1 − alpha at every look, whenever one stops.

        What betting does not reject now, cut at every bound of the question that was rejected at some look. A bound
        that was not is kept in, so that the interval never claims more than the answer. Fractions of the unit scale;
        for a `binary` question multiples of 1/total.
        """
        least, most = self._possible()
        if not 0 < self.samples < self.question.total:
            return least, most
        low, high = self._unrejected()
        if self.samples >= self.question.first_look:
            low, high = self._agreeing(low, high)
        # Contradictory evidence, as rare as an error, shows nothing.
        return (max(low, least), min(high, most)) if low <= high else (least, most)

    def _unrejected(self) -> Interval:
        question, mirrored = self.question, self.question.mirrored
        if question.binary:
            fewest_ones = lowest_count(question, self.samples, int(self._low))
            fewest_zeros = lowest_count(mirrored, self.samples, self.samples - int(self._high))
            return Fraction(fewest_ones, question.total), 1 - Fraction(fewest_zeros, question.total)
        low = lowest_score(question, [float(low) for low, _ in self._path])
        high = 1 - lowest_score(mirrored, [float(1 - high) for _, high in self._path])
        return Fraction(low), Fraction(high)

    def _agreeing(self, low: Fraction, high: Fraction) -> Interval:
        # Between the scores of a fractional question there is no next one beyond a margin.
        beyond = Fraction(0) if self.question.binary else Fraction(PRECISION)
        bounds = self.question.bounds
        for name in sorted(bounds, key=self._rejected.__contains__):
            bound, rejected = bounds[name], name in self._rejected
            if bound.upward:
                low = max(low, bound.implied) if rejected else min(low, bound.value - beyond)
            else:
                high = min(high, bound.implied) if rejected else max(high, bound.value + beyond)
        return low, high

    def result(self) -> Result:
        """What the scores so far say, as one value."""
        return Result(
            answer=self.answer,
            direction=self.direction,
            samples=self.samples,
            decided_after=self.decided_after,
            interval=self.interval(),
            log_e=self.log_e,
            p_value=self.p_value,
            soonest=self.soonest(),
        )


def decide(question: Question, scores: Iterable[Known]) -> Result:
    """Take scores until there is a verdict or no score is left."""
    sequential = Sequential(question)
    for known in scores:
        sequential.add(known)
        if sequential.decided:
            break
    return sequential.result()


def _log_mean(logs: list[float]) -> float:
    """Logarithm of the mean of numbers, from their logarithms."""
    most = max(logs)
    if most in (inf, -inf):
        return most
    return most + log(sum(exp(value - most) for value in logs) / len(logs))
