"""From a plan and its outcomes to a verdict for every claim."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from types import MappingProxyType

from evalmark.formats.digits import exact, half_width
from evalmark.judge.case import Case, LinkedLog, Rerun, case_of, comparison_of, known_scores, passes_of
from evalmark.judge.log_alone import by_log_alone
from evalmark.judge.pairing import record_of
from evalmark.judge.words import FAILURES, because, doubts
from evalmark.outcome import Failed, Measured
from evalmark.plan.claims import Claim
from evalmark.plan.making import Plan, Skip
from evalmark.stats.claimed import readings
from evalmark.verdict import Answer, Comparison, PairedRecord, Rung, RunRecord, Verdict

OUT_OF_BUDGET = ("time-limit", "token-limit")
NO_LOGS: Mapping[Claim, LinkedLog] = MappingProxyType({})


def judge(plan: Plan, reruns: tuple[Rerun, ...], logs: Mapping[Claim, LinkedLog] = NO_LOGS) -> tuple[Verdict, ...]:
    """Judge every claim of the plan, in the plan's order. Each job must have its outcome in `reruns`.

    A claim that has neither a job nor a skip is judged by its log alone.
    """
    verdicts = {skip.claim: _skipped(plan.claims[skip.claim], skip) for skip in plan.skips}
    for rerun in reruns:
        for index in rerun.job.claims:
            verdicts[index] = _judged(plan.claims[index], plan, rerun)
    for index, claim in enumerate(plan.claims):
        if index not in verdicts:
            verdicts[index] = by_log_alone(claim, logs.get(claim))
    return tuple(_with_log(verdicts[index], logs.get(claim)) for index, claim in enumerate(plan.claims))


def _with_log(verdict: Verdict, linked: LinkedLog | None) -> Verdict:
    return verdict if linked is None else verdict.model_copy(update={"log": linked.says})


def _skipped(claim: Claim, skip: Skip) -> Verdict:
    return Verdict(claim=claim, verdict=Answer(skip.verdict), rung=Rung.SYNTAX, reason=skip.reason, advice=skip.advice)


def _judged(claim: Claim, plan: Plan, rerun: Rerun) -> Verdict:
    run = _record(plan, rerun)
    result = rerun.outcome.result
    if isinstance(result, Failed):
        reason, advice = FAILURES[result.failure]
        answer = Answer.INCONCLUSIVE if result.failure in OUT_OF_BUDGET else Answer.ERROR
        return Verdict(
            claim=claim,
            verdict=answer,
            rung=Rung.BENCHMARK,
            reason=reason,
            advice=advice,
            detail=result.detail,
            run=run,
        )
    rung = Rung.FULL if len(result.samples) == result.total else Rung.SAMPLED
    finding = _compare(claim, rerun, result)
    return Verdict(
        claim=claim,
        verdict=finding.answer,
        rung=rung,
        reason=finding.reason,
        advice=finding.advice,
        run=run,
        paired=finding.paired,
        **(asdict(finding.comparison) if finding.comparison else {}),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    answer: Answer
    reason: str
    advice: str = ""
    comparison: Comparison | None = None
    paired: PairedRecord | None = None


def _compare(claim: Claim, rerun: Rerun, measured: Measured) -> _Found:
    try:
        ways = readings(claim.digits, rerun.unfinished.unit)
        cases = [case_of(claim, rerun.unfinished, measured, reading) for reading in ways]
    except ValueError:
        return _off_the_scale(claim, measured)
    answers = {case.answer for case in cases}
    found = _explained(cases[0])
    if len(answers) > 1:
        return _Found(
            Answer.INCONCLUSIVE,
            f"{claim.digits} can be a fraction or a percentage, the benchmark does not say which, "
            "and the two readings lead to different verdicts",
            'the benchmark\'s owner can declare `unit = "percent"` or `"fraction"` in .evalmark.toml',
            found.comparison,
            found.paired,
        )
    return found


def _off_the_scale(claim: Claim, measured: Measured) -> _Found:
    """Values outside 0 to 1 have no interval: only all samples say something, and only if it is the very number."""
    why = f"the scorer `{measured.scorer}` gives values outside 0 to 1, for which no interval and no tolerance is known"
    scores = [Fraction(sample.score) for sample in measured.samples if sample.score is not None]
    if len(scores) < measured.total:
        return _Found(Answer.INCONCLUSIVE, why, "it takes all samples, each with a score")
    mean = sum(scores, Fraction(0)) / len(scores)
    if abs(mean - exact(claim.digits)) <= half_width(claim.digits):
        return _Found(Answer.VERIFIED, f"all samples ran, and their mean is the claimed number; {why}")
    return _Found(
        Answer.INCONCLUSIVE,
        f"all samples ran, and their mean is {float(mean):g}; {why}",
        "the benchmark's owner can use a scorer whose values lie between 0 and 1",
    )


def _explained(case: Case) -> _Found:
    comparison, paired = comparison_of(case), _paired(case)
    for doubt in doubts(case):
        return _Found(Answer.INCONCLUSIVE, *doubt, comparison, paired)
    return _Found(case.answer, *because(case), comparison, paired)


def _paired(case: Case) -> PairedRecord | None:
    linked = case.rerun.logs.get(case.claim)
    if case.pairing is None or linked is None:
        return None
    return record_of(case.pairing, known_scores(case.measured), case.measured.samples, linked.ids)


def _record(plan: Plan, rerun: Rerun) -> RunRecord:
    job, outcome, model = rerun.job, rerun.outcome, plan.model
    measured = outcome.result if isinstance(outcome.result, Measured) else None
    return RunRecord(
        model=model.spec,
        model_revision=model.revision,
        identity=model.identity,
        model_args={**model.args, **outcome.model_args},
        model_base_url=model.base_url,
        generation={**model.generation, **job.generation},
        settings_from=job.settings_from,
        variant=job.variant,
        grader=job.grader,
        grader_is_model=job.grader_is_model,
        clusters=rerun.declaration.clusters,
        task=job.task,
        dataset_revision=job.dataset_revision,
        epochs=job.epochs,
        passes=passes_of(measured) if measured else 1,
        ended=measured.ended if measured else None,
        shuffle_seed=job.shuffle_seed,
        scorer=measured.scorer if measured else None,
        reducer=measured.reducer if measured else None,
        input_tokens=measured.input_tokens if measured else None,
        output_tokens=measured.output_tokens if measured else None,
        seconds=outcome.seconds,
        versions=outcome.versions,
        platform=outcome.platform,
        logs=outcome.logs,
    )
