"""Why a verdict is what it is, in a sentence, and what would settle or mend it."""

from collections.abc import Iterator
from fractions import Fraction

from evalmark.amounts import points, round_tokens
from evalmark.formats.declaration import Unit
from evalmark.formats.variants import usual_notes
from evalmark.judge.case import Case, unscored
from evalmark.outcome import Failure
from evalmark.plan.cost import cost, measured_tokens
from evalmark.plan.steps import FEWEST_SAMPLES
from evalmark.stats.claimed import readings
from evalmark.stats.expected import samples_to_decide
from evalmark.verdict import Answer

MOST_UNSCORED = Fraction(1, 50)
NOUNS: dict[Unit, str] = {"fraction": "fraction", "percent": "percentage"}

FAILURES: dict[Failure, tuple[str, str]] = {
    "model-did-not-start": (
        "the model did not start",
        "check the model's name, its packages and its key; then run again",
    ),
    "model-failed": ("the model's provider kept failing", "check the provider's address and key; then run again"),
    "grader-failed": (
        "the judge could not be asked",
        "check the grader's name, its packages and its key; then run again",
    ),
    "benchmark-did-not-load": ("Inspect could not load the benchmark", "see rerun.log beside the artifacts"),
    "disk-full": (
        "the disk is full, so the log could not be written",
        "free some space, or give another folder with --out",
    ),
    "log-unreadable": ("the rerun left no readable log", "see rerun.log beside the artifacts; then run again"),
    "crashed": ("the rerun's process ended unexpectedly", "see rerun.log beside the artifacts; then run again"),
    "time-limit": ("the time limit ended the rerun before its first samples had run", "give more time"),
    "token-limit": ("earlier reruns have used all tokens that the budget allows", "give more tokens"),
    "not-handed-over": (
        "the rerun handed nothing over for this claim",
        "see the log of the job that reran it; then run again",
    ),
}


def doubts(case: Case) -> Iterator[tuple[str, str]]:
    """What forbids a verdict that the numbers alone would allow: reason and advice."""
    drawn, total = len(case.measured.samples), case.measured.total
    lost = unscored(case.measured)
    if Fraction(lost, drawn) > MOST_UNSCORED:
        yield (
            f"harness problem: {lost} of {drawn} samples ended in an error or could not be scored",
            "find the cause in the log; then run again",
        )
    if drawn < min(total, FEWEST_SAMPLES):
        yield (
            f"{drawn} of {total} samples are too few for a verdict",
            f"run at least {min(total, FEWEST_SAMPLES)} samples",
        )
    if case.answer is Answer.MISMATCH and not case.rerun.job.settings_known:
        yield (
            f"settings unknown: the rerun is {_gap(case)} than claimed, but the task does not say how the "
            "model samples, so the claim may have been measured with other settings",
            "the benchmark's owner can pin `temperature` in the task's `generate`, or declare `[settings]` in "
            ".evalmark.toml",
        )
    if case.answer is Answer.MISMATCH and usual_notes(case.claim.notes) and case.rerun.job.variant is None:
        yield (
            f"variant unknown: the rerun is {_gap(case)} than claimed, but the entry's notes may describe another "
            "set-up than the task's",
            "leave `notes` out if the score was measured as the task says",
        )


def because(case: Case) -> tuple[str, str]:
    scale = case.reading.scale
    inside, outside = points(case.margins.verified, scale), points(case.margins.mismatch, scale)
    if case.answer is Answer.VERIFIED:
        return f"the rerun is within ±{inside} of the claim", ""
    if case.answer is Answer.MISMATCH:
        return f"the rerun is {_gap(case)} than claimed, outside ±{outside}", _unit_hint(case)
    if len(case.measured.samples) < case.measured.total:
        return _undecided(case)
    if case.depends_on_unscored:
        return (
            f"{unscored(case.measured)} of {len(case.measured.samples)} samples ended in an error or could not be "
            "scored, and the answer depends on them",
            "find the cause in the log; then run again",
        )
    return (
        f"the rerun differs by more than the tolerance of ±{inside}, but two honest runs can differ by {outside}",
        "the benchmark's owner can declare the measured `noise` in .evalmark.toml"
        if not case.noise.is_known
        else "run more passes with --epochs, and ask the claimant for theirs",
    )


def _undecided(case: Case) -> tuple[str, str]:
    done, total = len(case.measured.samples), case.measured.total
    needed = samples_to_decide(case.question, case.mean)
    more = max(needed - done, 1) if needed < total else total - done
    each = measured_tokens(case.measured.input_tokens, case.measured.output_tokens, done)
    tokens = cost(more, each, None).tokens
    costs = f", about {round_tokens(tokens)} tokens" if tokens else ""
    how = "all the others" if done + more >= total else f"about {more} more"
    return (
        f"{done} of {total} samples do not decide it",
        f"{how} would, if the score stays where it is: {more} samples{costs}; the same command with a larger budget "
        "goes on where this one stopped",
    )


def _gap(case: Case) -> str:
    gap = case.mean - case.reading.score
    return f"{points(abs(gap), case.reading.scale)} {'lower' if gap < 0 else 'higher'}"


def _unit_hint(case: Case) -> str:
    """Advice when the claim would agree in the other unit: a common slip."""
    low, high = case.interval
    for other in readings(case.claim.digits, "fraction" if case.reading.unit == "percent" else "percent"):
        if low - case.margins.verified <= other.score <= high + case.margins.verified:
            read, write = NOUNS[other.unit], NOUNS[case.reading.unit]
            return f"read as a {read} the claim would agree: write the value as a {write}"
    return ""
