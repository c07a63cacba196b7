"""What a rerun will probably take, before its first sample has run."""

from dataclasses import dataclass

from evalmark.judge.case import ALPHA, Unfinished, exact_tolerance
from evalmark.plan.claims import Claim
from evalmark.stats.claimed import readings
from evalmark.stats.expected import Expected, expected
from evalmark.stats.margins import Margins, Runs, margins
from evalmark.stats.question import Question


@dataclass(frozen=True, slots=True)
class Forecast:
    """Median samples until one claim is decided, with the margins on the scale [0, 1]."""

    claim: Claim
    samples: Expected
    margins: Margins
    scale: int


def forecast(claim: Claim, rerun: Unfinished, total: int) -> Forecast:
    """For a claim about a task of `total` samples; one that can be read in two units is read as a fraction."""
    reading = readings(claim.digits, rerun.unit)[0]
    declared = rerun.declaration
    tolerance = exact_tolerance(declared)
    epochs = rerun.job.epochs if rerun.job.settings_known else 1
    within = margins(total, reading.score, reading.rounding, declared.noise, tolerance, Runs(epochs, epochs))
    question = Question(total=total, claim=reading.score, margins=within, binary=True, alpha=ALPHA)
    return Forecast(claim, expected(question), within, reading.scale)
