"""What a log says about a claim: one answer to each question, then whether it supports or contradicts the claim.

A log alone never proves a claim, for transcripts can be invented; and what it lacks is "not recorded", never
agreement. It contradicts a claim only if it is of the claimed model and task, and no score that it lacks could make
up the difference.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from evalmark.judge.log_checks import (
    between,
    edited_samples,
    rescored_check,
    same_inspect,
    samples_check,
    score_check,
    stated_check,
    unedited_check,
)
from evalmark.judge.log_count import Counted, count, fraction
from evalmark.judge.log_identity import identity_checks
from evalmark.logged import (
    Check,
    EditedSample,
    Key,
    LogEvidence,
    Logged,
    NoSampleSet,
    SampleSet,
    Unreadable,
    Wanted,
)
from evalmark.plan.claims import Claim
from evalmark.stats.claimed import Reading

MOST_NAMED = 20
RERUN = "rerun the benchmark: only a rerun can verify or contradict the claim then"


@dataclass(frozen=True, slots=True)
class Question:
    """A claim, how its number can be read, and the task of the benchmark that it is about."""

    claim: Claim
    readings: tuple[Reading, ...]
    wanted: Wanted
    sample_set: SampleSet | NoSampleSet


def unreadable(log: Unreadable) -> LogEvidence:
    """Evidence that is none."""
    reason = f"the log {log.file} was not read: {log.reason}"
    return LogEvidence(file=log.file, state="unusable", rung="benchmark", reason=reason, advice=log.advice)


def judge_log(question: Question, logged: Logged) -> LogEvidence:
    """Ask the log everything, and say what follows."""
    counted = count(question.wanted, logged, question.sample_set)
    asked = _ask(question, logged, counted)
    answer = _answer(asked)
    return LogEvidence(
        file=logged.file,
        sha256=logged.sha256,
        state=answer.state,
        rung=_rung(answer, asked),
        reason=answer.reason,
        advice=answer.advice,
        checks=asked.checks,
        score=float(counted.low) if counted.in_range else None,
        stated=logged.stated,
        samples=counted.total,
        missing=counted.missing,
        edited=asked.edited[:MOST_NAMED],
        edited_count=len(asked.edited),
        noise=logged.noise,
        generation=logged.generation,
    )


def scores_by_key(wanted: Wanted, logged: Logged) -> Mapping[Key, tuple[Fraction | None, ...]]:
    """The score of each sample, by what it asks: rescored where that was done. For a paired rerun.

    A benchmark may ask the same thing twice: then there are two scores. None is a sample without one.
    """
    rescore = logged.rescore(wanted)
    scores = [sample.score for sample in logged.samples] if rescore is None else rescore.scores
    found: dict[Key, list[Fraction | None]] = defaultdict(list)
    for sample, score in zip(logged.samples, scores, strict=True):
        found[sample.key].append(None if score is None else fraction(score))
    return {key: tuple(values) for key, values in found.items()}


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    logged: Logged
    counted: Counted
    identity: tuple[Check, ...]
    samples: Check
    unedited: Check
    rescored: Check
    score: Check
    stated: Check
    edited: tuple[EditedSample, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        return (*self.identity, self.samples, self.unedited, self.rescored, self.score, self.stated)


@dataclass(frozen=True, slots=True)
class _Answer:
    state: Literal["consistent", "contradicts", "unusable"]
    reason: str
    advice: str = ""


def _ask(question: Question, logged: Logged, counted: Counted) -> _Asked:
    wanted, samples = question.wanted, question.sample_set
    why_unknown = samples.reason if isinstance(samples, NoSampleSet) else ""
    edited = tuple(edited_samples(wanted, logged, counted))
    return _Asked(
        question=question,
        logged=logged,
        counted=counted,
        identity=identity_checks(question.claim, wanted, logged, counted, why_unknown),
        samples=samples_check(logged, counted),
        unedited=unedited_check(logged),
        rescored=rescored_check(wanted, logged, counted, edited),
        score=score_check(question.readings, question.claim.digits, counted),
        stated=stated_check(logged, counted),
        edited=edited,
    )


def _answer(asked: _Asked) -> _Answer:
    for reason in _other_log(asked):
        return _Answer("unusable", f"the log cannot be used: {reason}", "give the log that the claim was made from")
    if asked.score.state == "wrong":
        return _differs(asked)
    for reason in _not_as_measured(asked):
        return _Answer("unusable", f"the log does not support the claim: {reason}", RERUN)
    return _Answer("consistent", _consistent(asked), "rerun the benchmark: a log alone does not verify a claim")


def _other_log(asked: _Asked) -> Iterator[str]:
    """Why nothing about the claim follows from this log, whatever its score."""
    yield from (check.says for check in asked.identity if check.state == "wrong")
    if not asked.counted.in_range:
        yield "it has scores outside 0 to 1"
    if not asked.counted.scored:
        yield "none of its samples has a score"


def _differs(asked: _Asked) -> _Answer:
    """The claim is another number. An honest cause must be ruled out before the log is called a contradiction."""
    if asked.edited and not same_inspect(asked.logged):
        reason = f"{asked.score.says}, but {asked.rescored.says}, and two versions may score differently"
        return _Answer(
            "unusable", f"the log cannot be used: {reason}", "make the log again with this Inspect, or rerun"
        )
    if asked.unedited.state == "wrong" and asked.rescored.state == "not recorded":
        return _Answer("unusable", f"the log cannot be used: {asked.score.says}, but {asked.unedited.says}", RERUN)
    reading, digits = asked.question.readings[0], asked.question.claim.digits
    if asked.edited:
        gives = f"rescored, its samples give {between(reading, digits, asked.counted)}"
        return _Answer("contradicts", f"the log contradicts the claim of {digits}: {asked.rescored.says}; {gives}")
    return _Answer("contradicts", f"the log contradicts the claim: {asked.score.says}")


def _not_as_measured(asked: _Asked) -> Iterator[str]:
    yield from (check.says for check in (asked.samples, asked.rescored, asked.unedited) if check.state == "wrong")


def _consistent(asked: _Asked) -> str:
    again = ", and the benchmark's scorer gives each of them again" if asked.rescored.state == "right" else ""
    return f"the log is consistent with the claim: {asked.score.says}{again}"


def _rung(answer: _Answer, asked: _Asked) -> Literal["benchmark", "log", "rescored"]:
    if answer.state == "unusable":
        return "benchmark"
    return "log" if asked.rescored.state == "not recorded" else "rescored"
