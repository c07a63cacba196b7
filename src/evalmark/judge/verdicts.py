"""From a plan and its outcomes to a verdict for every claim."""

from dataclasses import asdict, dataclass

from evalmark.judge.case import Case, Rerun, case_of, comparison_of
from evalmark.judge.words import FAILURES, because, doubts
from evalmark.outcome import Failed, Measured
from evalmark.plan.claims import Claim
from evalmark.plan.making import Plan, Skip
from evalmark.stats.claimed import readings
from evalmark.verdict import Answer, Comparison, Rung, RunRecord, Verdict


def judge(plan: Plan, reruns: tuple[Rerun, ...]) -> tuple[Verdict, ...]:
    """Judge every claim of the plan, in the plan's order. Each job must have its outcome in `reruns`."""
    verdicts = {skip.claim: _skipped(plan.claims[skip.claim], skip) for skip in plan.skips}
    for rerun in reruns:
        for index in rerun.job.claims:
            verdicts[index] = _judged(plan.claims[index], plan, rerun)
    return tuple(verdicts[index] for index in range(len(plan.claims)))


def _skipped(claim: Claim, skip: Skip) -> Verdict:
    return Verdict(claim=claim, verdict=Answer(skip.verdict), rung=Rung.SYNTAX, reason=skip.reason, advice=skip.advice)


def _judged(claim: Claim, plan: Plan, rerun: Rerun) -> Verdict:
    run = _record(plan, rerun)
    result = rerun.outcome.result
    if isinstance(result, Failed):
        reason, advice = FAILURES[result.failure]
        answer = Answer.INCONCLUSIVE if result.failure == "time-limit" else Answer.ERROR
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
        **(asdict(finding.comparison) if finding.comparison else {}),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    answer: Answer
    reason: str
    advice: str = ""
    comparison: Comparison | None = None


def _compare(claim: Claim, rerun: Rerun, measured: Measured) -> _Found:
    if any(sample.score is not None and not 0 <= sample.score <= 1 for sample in measured.samples):
        return _Found(
            Answer.INCONCLUSIVE,
            f"the scorer `{measured.scorer}` gives values outside 0 to 1, for which no interval is known",
            "only scores between 0 and 1 can be judged",
        )
    cases = [case_of(claim, rerun, measured, reading) for reading in readings(claim.digits, rerun.declaration.unit)]
    answers = {case.answer for case in cases}
    found = _explained(cases[0])
    if len(answers) > 1:
        return _Found(
            Answer.INCONCLUSIVE,
            f"{claim.digits} can be a fraction or a percentage, the benchmark does not say which, "
            "and the two readings lead to different verdicts",
            'the benchmark\'s owner can declare `unit = "percent"` or `"fraction"` in .evalmark.toml',
            found.comparison,
        )
    return found


def _explained(case: Case) -> _Found:
    comparison = comparison_of(case)
    for doubt in doubts(case):
        return _Found(Answer.INCONCLUSIVE, *doubt, comparison)
    return _Found(case.answer, *because(case), comparison)


def _drawn(plan: Plan, measured: Measured | None) -> bool:
    return plan.limits.samples is not None and (measured is None or len(measured.samples) < measured.total)


def _record(plan: Plan, rerun: Rerun) -> RunRecord:
    job, outcome, model = rerun.job, rerun.outcome, plan.model
    measured = outcome.result if isinstance(outcome.result, Measured) else None
    return RunRecord(
        model=model.spec,
        model_revision=model.revision,
        identity=model.identity,
        model_args={**model.args, **outcome.model_args},
        model_base_url=model.base_url,
        generation=model.generation,
        settings_known=job.settings_known,
        task=job.task,
        dataset_revision=job.dataset_revision,
        epochs=job.epochs,
        shuffle_seed=job.shuffle_seed if _drawn(plan, measured) else None,
        scorer=measured.scorer if measured else None,
        reducer=measured.reducer if measured else None,
        input_tokens=measured.input_tokens if measured else None,
        output_tokens=measured.output_tokens if measured else None,
        seconds=outcome.seconds,
        versions=outcome.versions,
        platform=outcome.platform,
        log=outcome.log,
        log_sha256=outcome.log_sha256,
    )
