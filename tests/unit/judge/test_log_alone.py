"""Claims that only a log speaks about, and reruns beside a log."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from evalmark.formats.declaration import TaskDeclaration
from evalmark.judge.case import LinkedLog, Rerun
from evalmark.judge.log_alone import is_settled_by_log
from evalmark.judge.noise import noise_of
from evalmark.judge.pairing import LoggedScores, pairing_of
from evalmark.judge.verdicts import judge
from evalmark.logged import LogEvidence
from evalmark.outcome import Measured
from evalmark.verdict import Answer, Rung, Verdict
from tests.builders import claim, job, measured, ones, outcome, plan

NOISELESS = TaskDeclaration(unit="percent", tolerance=0.05, noise=0.0)
CLAIM = claim()


def linked(state: str, rung: str = "rescored", scores: LoggedScores | None = None, **more: object) -> LinkedLog:
    says = LogEvidence.model_validate({"file": "a.eval", "state": state, "rung": rung, "reason": "so it is"} | more)
    return LinkedLog(says, scores or {})


@pytest.mark.parametrize(
    ("log", "answer", "rung", "reason"),
    [
        (linked("consistent"), Answer.INCONCLUSIVE, Rung.RESCORED, "log consistent: so it is; but transcripts can be"),
        (
            linked("consistent", "log"),
            Answer.INCONCLUSIVE,
            Rung.LOG,
            "log consistent: so it is; but transcripts can be",
        ),
        (linked("contradicts"), Answer.MISMATCH, Rung.RESCORED, "log contradicts the claim: so it is"),
        (linked("unusable", "benchmark"), Answer.INCONCLUSIVE, Rung.BENCHMARK, "log of no use: so it is"),
        (None, Answer.INCONCLUSIVE, Rung.SYNTAX, "nothing was rerun, and no log was given"),
    ],
    ids=["rescored", "log", "contradicts", "unusable", "none"],
)
def test_judge__by_the_log_alone(log: LinkedLog | None, answer: Answer, rung: Rung, reason: str) -> None:
    (verdict,) = judge(plan(CLAIM), (), {CLAIM: log} if log else {})

    assert (verdict.verdict, verdict.rung) == (answer, rung)
    assert verdict.reason.startswith(reason)
    assert verdict.log == (log.says if log else None)


@pytest.mark.parametrize(
    ("log", "settled"),
    [(None, False), (linked("consistent"), False), (linked("unusable"), False), (linked("contradicts"), True)],
)
def test_settled__only_by_a_log_that_contradicts(log: LinkedLog | None, settled: bool) -> None:
    assert is_settled_by_log(log) is settled


# ── paired ──────────────────────────────────────────────────────────────────────────────────


def logged_like(result: Measured, changed: Mapping[int, float] | None = None) -> dict[str, tuple[Fraction | None, ...]]:
    changes = changed or {}
    return {
        sample.key: (Fraction(changes.get(place, sample.score or 0.0)),) for place, sample in enumerate(result.samples)
    }


def judged(result: Measured, scores: LoggedScores, digits: str = "57.0") -> Verdict:
    about = claim(digits)
    finished = Rerun(job(), outcome(result), NOISELESS, {about: linked("consistent", scores=scores)})
    (verdict,) = judge(plan(about, jobs=[finished.job]), (finished,), finished.logs)
    return verdict


def part(result: Measured, count: int) -> Measured:
    return result.model_copy(update={"samples": result.samples[:count]})


def test_paired__a_log_that_is_reproduced_needs_fewer_samples() -> None:
    whole = measured(ones(570, 1000))
    scores = logged_like(whole)

    with_log = judged(part(whole, 200), scores)
    (without,) = judge(plan(CLAIM, jobs=[job()]), (Rerun(job(), outcome(part(whole, 200)), NOISELESS),))

    assert (with_log.verdict, without.verdict) == (Answer.VERIFIED, Answer.INCONCLUSIVE)
    assert with_log.paired is not None
    assert (with_log.paired.compared, with_log.paired.lost, with_log.paired.gained) == (200, 0, 0)


def test_paired__a_log_that_is_not_reproduced_is_flagged_and_the_samples_are_named() -> None:
    whole = measured(ones(570, 1000))
    invented = [place for place, sample in enumerate(whole.samples) if sample.score == 0][:30]

    verdict = judged(part(whole, 400), logged_like(whole, dict.fromkeys(invented, 1.0)))

    assert verdict.paired is not None
    lost = sum(place < 400 for place in invented)
    assert (verdict.paired.lost, verdict.paired.gained, verdict.paired.not_reproduced) == (lost, 0, True)
    assert {sample.key for sample in verdict.paired.differ} <= {whole.samples[place].key for place in invented}
    assert {(sample.logged, sample.rerun) for sample in verdict.paired.differ} == {(1.0, 0.0)}
    assert len(verdict.paired.differ) == min(lost, 20)


def test_paired__all_samples_give_the_exact_score() -> None:
    whole = measured(ones(47))

    verdict = judged(whole, logged_like(measured(ones(57))))

    assert verdict.verdict is Answer.MISMATCH
    assert verdict.interval == pytest.approx((47.0, 47.0))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda scores: dict(list(scores.items())[1:]), id="one-is-missing"),
        pytest.param(lambda scores: {**scores, next(iter(scores)): (None,)}, id="one-has-no-score"),
        pytest.param(lambda scores: {**dict(list(scores.items())[1:]), "f" * 64: (Fraction(1),)}, id="one-is-foreign"),
        pytest.param(lambda scores: {**scores, next(iter(scores)): (Fraction(7),)}, id="one-is-off-the-scale"),
    ],
)
def test_pairing__needs_a_score_for_every_sample(change: object) -> None:
    result = measured(ones(57))

    assert pairing_of(change(logged_like(result)), result.samples, 100) is None  # type: ignore[operator] # a table


def test_pairing__of_a_sample_that_is_asked_twice() -> None:
    result = measured([1.0, 0.0])
    twice = result.samples[0].key
    samples = tuple(sample.model_copy(update={"key": twice}) for sample in result.samples)

    pairing = pairing_of({twice: (Fraction(1), Fraction(0))}, samples, 2)

    assert pairing is not None
    assert pairing.logged == (Fraction(1), Fraction(0))


# ── noise ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("log", "variance"),
    [
        pytest.param(linked("consistent", noise=0.1), 0.1, id="between-its-epochs"),
        pytest.param(linked("consistent", noise=0.4), 0.25, id="never-above-the-largest"),
        pytest.param(linked("consistent"), None, id="one-epoch"),
        pytest.param(linked("unusable", noise=0.1), None, id="of-no-use"),
        pytest.param(linked("consistent", noise=0.1, generation={"seed": 1, "temperature": 0.7}), None, id="one-seed"),
        pytest.param(linked("consistent", noise=0.1, generation={"seed": 1, "temperature": 0}), 0.1, id="greedy"),
    ],
)
def test_noise__of_a_linked_log(log: LinkedLog, variance: float | None) -> None:
    found = noise_of(TaskDeclaration(), measured(ones(57)), log.says, binary=True)

    assert found.variance == variance
    assert ("a single draw" in found.words) == ("seed" in log.says.generation and variance is None)
