"""Is the log whole and as it was measured, and what is its score?"""

from collections.abc import Iterator
from fractions import Fraction

from evalmark.judge.log_count import Counted
from evalmark.logged import Check, EditedSample, Logged, Wanted
from evalmark.stats.claimed import Reading

SAME = 1e-9
# `results` are floats that Inspect added up in another order.
STATED_SAME = Fraction(1, 1_000_000)
MORE_DIGITS = 2


def samples_check(logged: Logged, counted: Counted) -> Check:
    problems = tuple(_problems(logged, counted))
    if problems:
        return Check(name="samples", state="wrong", says="; ".join(problems))
    limited = sum(sample.limited for sample in logged.samples)
    cut = f", and {limited} were cut short by a limit" if limited else ""
    if not counted.known:
        says = f"the log says that its {counted.total} samples are all; the benchmark's own are not known{cut}"
        return Check(name="samples", state="not recorded", says=says)
    return Check(name="samples", state="right", says=f"all {counted.total} samples are there, each with a score{cut}")


def _problems(logged: Logged, counted: Counted) -> Iterator[str]:
    if logged.status != "success":
        yield f"the evaluation ended with the status `{logged.status}`"
    if counted.missing:
        causes = ", ".join(_causes(logged))
        yield f"{counted.missing} of {counted.total} samples have no score" + (f" ({causes})" if causes else "")
    if counted.foreign:
        yield f"{counted.foreign} samples are not the benchmark's"
    if logged.unplanned:
        yield f"{logged.unplanned} samples were not to run"


def _causes(logged: Logged) -> Iterator[str]:
    if logged.selection:
        yield logged.selection
    if logged.early_stops:
        yield f"{logged.early_stops} stopped early"
    failed = sum(sample.failed for sample in logged.samples)
    if failed:
        yield f"{failed} ended in an error"


def unedited_check(logged: Logged) -> Check:
    edited = sum(sample.edited > 0 for sample in logged.samples)
    told = [f"the scores of {edited} samples were changed or invalidated afterwards"] if edited else []
    told += ["the log is marked as invalidated"] if logged.invalidated else []
    told += [f"the log or its settings were changed {logged.updates} times"] if logged.updates else []
    if told:
        return Check(name="unedited", state="wrong", says="; ".join(told))
    return Check(name="unedited", state="right", says="the log records no change of a score")


def rescored_check(wanted: Wanted, logged: Logged, counted: Counted, edited: tuple[EditedSample, ...]) -> Check:
    if wanted.not_rescored:
        return Check(name="rescored", state="not recorded", says=f"not rescored: {wanted.not_rescored}")
    if logged.rescore(wanted) is None:
        says = f"not rescored: `{wanted.scorer}` could not be run on the log"
        return Check(name="rescored", state="not recorded", says=says)
    if not edited:
        says = f"`{wanted.scorer}`, run again on the transcripts, gives every score of the log"
        return Check(name="rescored", state="right", says=says)
    versions = "" if same_inspect(logged) else f" (Inspect {logged.inspect} wrote it, {logged.read_with} scored again)"
    says = f"{len(edited)} of {len(counted.mine)} samples have another score than their transcripts give{versions}"
    return Check(name="rescored", state="wrong", says=says)


def same_inspect(logged: Logged) -> bool:
    """Whether the scorers are those that the log was made with."""
    return logged.inspect == logged.read_with


def edited_samples(wanted: Wanted, logged: Logged, counted: Counted) -> Iterator[EditedSample]:
    """The samples whose logged value is not what the benchmark's scorer gives."""
    rescore = logged.rescore(wanted)
    if rescore is None:
        return
    for position in counted.mine:
        sample, again = logged.samples[position], rescore.values[position]
        if not all(map(_same, sample.values, again)):
            yield EditedSample(
                key=sample.key, id=sample.id, question=sample.question, logged=sample.values, rescored=again
            )


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= SAME


def score_check(readings: tuple[Reading, ...], digits: str, counted: Counted) -> Check:
    """The claim against the mean, in each way that it can be read: one that agrees is enough."""
    agreeing = [reading for reading in readings if agrees(reading, counted)]
    reading = (agreeing or readings)[0]
    found = between(reading, digits, counted)
    if not agreeing:
        return Check(name="score", state="wrong", says=f"the samples give {found}, and the claim is {digits}")
    if counted.low < counted.high:
        return Check(name="score", state="not recorded", says=f"the samples leave the score at {found}")
    unit = f", read as a {reading.unit}" if len(readings) > 1 else ""
    return Check(name="score", state="right", says=f"the samples give {found}, as claimed{unit}")


def agrees(reading: Reading, counted: Counted) -> bool:
    """Whether the claim, before it was rounded, can have been the mean."""
    return counted.low - reading.rounding <= reading.score <= counted.high + reading.rounding


def between(reading: Reading, digits: str, counted: Counted) -> str:
    """The mean, or what it lies between, with more digits than the claim has."""
    decimals = len(digits.lower().partition("e")[0].partition(".")[2]) + MORE_DIGITS
    low, high = (f"{float(end * reading.scale):.{decimals}f}" for end in (counted.low, counted.high))
    return low if counted.low == counted.high else f"{low} to {high}, whatever the missing ones scored"


def stated_check(logged: Logged, counted: Counted) -> Check:
    if logged.stated is None:
        return Check(name="stated score", state="not recorded", says="the log's results state no mean")
    says = f"the log's results state {logged.stated_as} {logged.stated:.6g}"
    if abs(Fraction(logged.stated) - counted.logged) <= STATED_SAME:
        return Check(name="stated score", state="right", says=f"{says}, as its samples give")
    own = f"{float(counted.logged):.6g}"
    return Check(name="stated score", state="wrong", says=f"{says}, and its scores over all samples give {own}")
