from evalmark.judge.scores import Asked, judge_scores
from evalmark.report.scores import scores_verdict_as_text
from tests.builders import ones

GOLDEN = """\
✔ verified: the rerun is within the margin of the claim
    claimed     50.0 %
    rerun       50.0 % on 20 of 20 samples
    all samples 50.0 to 50.0 (95%)
    difference  +0.0 [+0.0, +0.0]
    margins     ±2.0 % the same, ±2.0 % two honest runs (default tolerance of 0.02, given noise, rounding of the claim)
    p-value     0.73, at any time
"""


def test_scores__as_text() -> None:
    verdict = judge_scores(Asked("50.0", 20, "percent", noise=0.0), ones(10, 20))

    assert scores_verdict_as_text(verdict) == GOLDEN


def test_scores__names_samples_without_a_score() -> None:
    verdict = judge_scores(Asked("50.0", 20, "percent", noise=0.0), ones(10, 20, lost=2))

    assert "of 20 samples, 2 of them without a score" in scores_verdict_as_text(verdict)
