"""How many samples a verdict will take, before anything runs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from evalmark.stats.question import Question, TestName

LOOKS = 64
# A prime, and a primitive root of it: the steps of the paths form a lattice (Korobov), so a few paths stand for many.
PATHS, ROOT = 127, 3
QUANTILES = [NormalDist().inv_cdf((path + 0.5) / PATHS) for path in range(PATHS)]


@dataclass(frozen=True, slots=True)
class Expected:
    """Median number of samples to a verdict, or of all samples, if the rerun scores what was claimed (`honest`), or 5
    or 10 points less; None if no score is that low.
    """

    honest: int | None
    five_points_less: int | None
    ten_points_less: int | None


def expected(question: Question) -> Expected:
    """For scores of 0 and 1, within about a tenth; fractional scores vary less and need fewer. The same every time."""
    walk = _Walk(replace(question, binary=True))
    return Expected(
        walk.samples(question.claim),
        walk.samples(question.claim - Fraction(1, 20)),
        walk.samples(question.claim - Fraction(1, 10)),
    )


def samples_to_decide(question: Question, truth: Fraction) -> int:
    """Median number of samples to a verdict, or of all samples, if the rerun scores `truth`, in [0, 1], over all."""
    return _Walk(replace(question, binary=True)).samples(truth) or question.total


class _Walk:
    """Evenly spread paths of the number of ones, seen at some looks, against the counts at which tests reject."""

    def __init__(self, question: Question) -> None:
        self._question = question
        first, total = question.first_look, question.total
        growth: float = (total / first) ** (1 / LOOKS)
        self._looks = sorted({round(first * growth**look) for look in range(LOOKS + 1)})
        self._needed: dict[TestName, list[int]] = {
            name: list(question.counting(bound).fewest_ones(question.threshold, self._looks))
            for name, bound in question.bounds.items()
        }

    def samples(self, truth: Fraction) -> int | None:
        """Median samples to a verdict if the score over all samples is `truth`; None if it cannot be."""
        ones = round(truth * self._question.total)
        if not 0 <= ones <= self._question.total:
            return None
        stops = sorted(self._stop(path, ones) for path in range(PATHS))
        middle = stops[PATHS // 2]
        if middle == len(self._looks) - 1:
            return self._question.total
        # Verdicts are seen at a look but fall between two: the median path is as far between as its rank among these.
        earlier, here = stops.index(middle), stops.count(middle)
        before, look = self._looks[max(middle - 1, 0)], self._looks[middle]
        return round(before + (look - before) * (PATHS / 2 - earlier) / here)

    def _stop(self, path: int, ones: int) -> int:
        """The look at which the verdict is there, else the last one."""
        rejected: set[TestName] = set()
        for index, seen in enumerate(self._counts(path, ones)):
            rejected.update(name for name in self._needed if self._rejects(name, index, seen))
            if self._question.answer_of(rejected):
                return index
        return len(self._looks) - 1

    def _rejects(self, name: TestName, index: int, seen: float) -> bool:
        counted = seen if self._question.bounds[name].upward else self._looks[index] - seen
        return counted >= self._needed[name][index] - 0.5

    def _counts(self, path: int, ones: int) -> Iterator[float]:
        """The ones seen at each look: hypergeometric steps, in the normal approximation."""
        total, drawn, seen = self._question.total, 0, 0.0
        for index, look in enumerate(self._looks):
            left, step = total - drawn, look - drawn
            share = min(max((ones - seen) / left, 0), 1)
            spread = sqrt(step * share * (1 - share) * (left - step) / max(left - 1, 1))
            seen += step * share + spread * QUANTILES[path * ROOT**index % PATHS]
            drawn = look
            yield seen
