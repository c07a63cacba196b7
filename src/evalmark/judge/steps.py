"""How far a rerun goes: until every claim that it answers is decided, or a limit is met."""

from evalmark.judge.case import Case, Unfinished, case_of, passes_of
from evalmark.judge.noise import NOISE_SAMPLES
from evalmark.outcome import Ended, Measured
from evalmark.plan.claims import Claim
from evalmark.plan.making import Limits
from evalmark.plan.steps import Step, next_stop
from evalmark.stats.claimed import readings
from evalmark.verdict import Answer


def next_step(
    claims: tuple[Claim, ...], rerun: Unfinished, limits: Limits, total: int, measured: Measured | None
) -> Step | None:
    """The next part of a rerun, or None if no more is needed or allowed.

    First the samples of the order, until all claims are decided. If all have run and noise of unknown size leaves one
    open, a second pass over some of them measures it; then whole passes, as many as `limits.epochs` allows. A judge's
    own noise is measured as soon as there are enough transcripts, since it stands in the margins.
    """
    last = min(total, limits.samples or total)
    if measured is None:
        return Step(min(next_stop(0, limits.connections), last))
    done = len(measured.samples)
    ended = why_ended(claims, rerun, limits, measured) is not None
    if _judge_is_unmeasured(rerun, measured) and (ended or done >= min(NOISE_SAMPLES, last)):
        return Step(done, regrade=True)
    if ended:
        return None
    if done < last:
        return Step(min(next_stop(done, limits.connections, _soonest(claims, rerun, measured)), last))
    return _another_pass(claims, rerun, limits, measured)


def _judge_is_unmeasured(rerun: Unfinished, measured: Measured) -> bool:
    """Whether a model grades whose noise would add to a declared one; without that, noise is unknown anyway."""
    return rerun.job.grader is not None and rerun.declaration.noise is not None and not measured.regraded


def why_ended(claims: tuple[Claim, ...], rerun: Unfinished, limits: Limits, measured: Measured) -> Ended | None:
    """Why nothing more is to run, or None if something is."""
    if all(is_decided(claim, rerun, measured) for claim in claims):
        return "all" if len(measured.samples) == measured.total else "decided"
    if limits.all_tokens is not None and measured.input_tokens + measured.output_tokens >= limits.all_tokens:
        return "tokens"
    if len(measured.samples) == measured.total:
        return None if _another_pass(claims, rerun, limits, measured) else "all"
    return "samples" if limits.samples is not None and len(measured.samples) >= limits.samples else None


def is_decided(claim: Claim, rerun: Unfinished, measured: Measured) -> bool:
    """Whether the numbers so far settle a claim, in every way that it can be read."""
    try:
        return all(_is_settled(case) for case in _cases(claim, rerun, measured))
    except ValueError:  # scores outside the scale: no interval, so only all samples say anything
        return len(measured.samples) == measured.total


def _cases(claim: Claim, rerun: Unfinished, measured: Measured) -> list[Case]:
    return [case_of(claim, rerun, measured, reading) for reading in readings(claim.digits, rerun.declaration.unit)]


def _soonest(claims: tuple[Claim, ...], rerun: Unfinished, measured: Measured) -> int:
    """Samples until all claims may be decided, in every way that they can be read."""
    if any(score is not None and not 0 <= score <= 1 for score in (sample.score for sample in measured.samples)):
        return measured.total
    return max(case.result.soonest for claim in claims for case in _cases(claim, rerun, measured))


def _is_settled(case: Case) -> bool:
    return case.answer is not Answer.INCONCLUSIVE


def _another_pass(claims: tuple[Claim, ...], rerun: Unfinished, limits: Limits, measured: Measured) -> Step | None:
    if measured.epochs > 1:  # the task says itself how often each sample runs
        return None
    passes = passes_of(measured)
    if passes < limits.epochs:
        return Step(measured.total, passes + 1)
    cases = [case for claim in claims for case in _cases(claim, rerun, measured) if not _is_settled(case)]
    # A greedy model may vary as well, but then it is the engine that does, and all samples show it at once.
    unknown = [case for case in cases if not case.noise.is_known]
    seen = min(NOISE_SAMPLES, measured.total)
    if unknown and passes == 1 and not measured.samples[seen - 1].again:
        return Step(seen, 2)
    return None
