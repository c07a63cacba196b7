"""Several claims at once: the more there are, the more evidence it takes to say that one of them is wrong."""

from collections.abc import Sequence

from evalmark.judge.case import ALPHA
from evalmark.stats.holm import holm
from evalmark.verdict import Answer, Verdict


def wrong_together(verdicts: Sequence[Verdict]) -> tuple[int, ...]:
    """Positions of the mismatches that stand if all claims are looked at together, by Holm's method."""
    judged = [(place, verdict.p_value) for place, verdict in enumerate(verdicts) if verdict.p_value is not None]
    rejected = holm([p_value for _, p_value in judged], ALPHA)
    places = (judged[index][0] for index in rejected)
    return tuple(place for place in places if verdicts[place].verdict is Answer.MISMATCH)
