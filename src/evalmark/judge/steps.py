"""How far a rerun goes: until every claim that it answers is decided, or a limit is met."""

from dataclasses import dataclass
from functools import cached_property

from evalmark.judge.case import Case, Unfinished, case_of, passes_of
from evalmark.judge.noise import NOISE_SAMPLES
from evalmark.outcome import Ended, Measured
from evalmark.plan.claims import Claim
from evalmark.plan.making import Limits
from evalmark.plan.steps import Step, next_stop
from evalmark.stats.claimed import readings
from evalmark.verdict import Answer


@dataclass(frozen=True)
class Look:
    """What has been measured so far, and the claims that wait for it."""

    claims: tuple[Claim, ...]
    rerun: Unfinished
    limits: Limits
    measured: Measured

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Each claim in each way that it can be read; none if the scores are off the scale, where no case is."""
        unit = self.rerun.unit
        asked = [(claim, reading) for claim in self.claims for reading in readings(claim.digits, unit)]
        try:
            return tuple(case_of(claim, self.rerun, self.measured, reading) for claim, reading in asked)
        except ValueError:
            return ()

    @property
    def is_whole(self) -> bool:
        """Whether all samples ran."""
        return len(self.measured.samples) == self.measured.total

    @property
    def is_decided(self) -> bool:
        """Whether the numbers settle all claims. Off the scale there is no interval: only all samples say anything."""
        if not self.cases:
            return self.is_whole
        return not any(self.open_cases)

    @property
    def open_cases(self) -> tuple[Case, ...]:
        """Those that the numbers do not settle yet."""
        return tuple(case for case in self.cases if case.answer is Answer.INCONCLUSIVE)

    @property
    def soonest(self) -> int:
        """Samples until all claims may be decided."""
        return max((case.result.soonest for case in self.cases), default=self.measured.total)


def first_step(limits: Limits, total: int) -> Step:
    """Before anything has been measured."""
    return Step(min(next_stop(0, limits.connections), _last(limits, total)))


def next_step(look: Look) -> Step | None:
    """The next part of a rerun, or None if no more is needed or allowed.

    First the samples of the order, until all claims are decided. If all have run and noise of unknown size leaves one
    open, a second pass over some of them measures it; then whole passes, as many as `limits.epochs` allows. A judge's
    own noise is measured as soon as there are enough transcripts, since it stands in the margins.
    """
    done, last = len(look.measured.samples), _last(look.limits, look.measured.total)
    ended = why_ended(look) is not None
    if _judge_is_unmeasured(look) and (ended or done >= min(NOISE_SAMPLES, last)):
        return Step(done, regrade=True)
    if ended:
        return None
    if done < last:
        return Step(min(next_stop(done, look.limits.connections, look.soonest), last))
    return _another_pass(look)


def why_ended(look: Look) -> Ended | None:
    """Why nothing more is to run, or None if something is."""
    measured, limits = look.measured, look.limits
    if look.is_decided:
        return "all" if look.is_whole else "decided"
    if limits.all_tokens is not None and measured.input_tokens + measured.output_tokens >= limits.all_tokens:
        return "tokens"
    if look.is_whole:
        return None if _another_pass(look) else "all"
    return "samples" if limits.samples is not None and len(measured.samples) >= limits.samples else None


def _last(limits: Limits, total: int) -> int:
    return min(total, limits.samples or total)


def _judge_is_unmeasured(look: Look) -> bool:
    """Whether a model grades whose noise would add to a declared one; without that, noise is unknown anyway."""
    rerun = look.rerun
    return rerun.job.grader is not None and rerun.declaration.noise is not None and not look.measured.regraded


def _another_pass(look: Look) -> Step | None:
    measured = look.measured
    if measured.epochs > 1:  # the task says itself how often each sample runs
        return None
    passes = passes_of(measured)
    if passes < look.limits.epochs:
        return Step(measured.total, passes + 1)
    seen = min(NOISE_SAMPLES, measured.total)
    noise_is_open = any(not case.noise.is_known for case in look.open_cases)
    if noise_is_open and passes == 1 and not measured.samples[seen - 1].again:
        return Step(seen, 2)
    return None
