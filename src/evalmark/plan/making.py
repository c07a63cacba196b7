"""Make the plan: group claims that share one rerun, and say of every other claim why it is not rerun."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from pydantic import Field, model_validator

from evalmark.artifact import Frozen
from evalmark.facts import Facts
from evalmark.finding import Finding
from evalmark.formats.declaration import SELF, TaskDeclaration
from evalmark.formats.parse_results import LocatedEntry
from evalmark.plan.claims import Claim, claims_in
from evalmark.plan.graders import Asked
from evalmark.plan.identity import ModelChoice, ModelRun, identify
from evalmark.plan.order import Question, same_question, shuffle_seed, weights_digest
from evalmark.plan.settings import Option, SettingsFrom
from evalmark.plan.sorting import Rerun, Skipped, SkipVerdict, sort_out

__all__ = ["KIND", "Job", "Limits", "Plan", "Planned", "SettingsFrom", "Skip", "make_plan"]

KIND = "plan/1"


class Limits(Frozen):
    """What a rerun may use. None means no limit of ours."""

    samples: int | None = Field(default=None, ge=1, description="Most samples of one rerun.")
    minutes: float | None = Field(default=None, gt=0, description="Most wall time of one rerun; of all together in CI.")
    all_tokens: int | None = Field(
        default=None, ge=1, description="Most tokens of one rerun, in and out; of all together in CI."
    )
    tokens: int | None = Field(default=None, ge=1, description="Tokens of one sample, in and out.")
    epochs: int = Field(default=1, ge=1, description="Passes over all samples, if one leaves the answer open.")
    entries: int | None = Field(default=None, ge=1, description="Most claims that are rerun.")
    connections: int = Field(default=1, ge=1, description="Requests to the model at a time.")
    request_seconds: int = Field(default=600, ge=1, description="Wall time of one request to the model.")


class Job(Frozen):
    """One rerun: everything that Inspect is told, and which claims it answers."""

    id: str
    dataset_id: str
    dataset_revision: str = Field(description="Commit of the benchmark, 40 hex digits.")
    task_id: str
    task: str = Field(description="What Inspect evaluates: `hf/owner/name/task@<40 hex>`.")
    epochs: int = Field(ge=1)
    settings_from: SettingsFrom = Field(description="Who says how the model samples: then the claim was made so.")
    generation: Mapping[str, Option] = Field(
        default_factory=dict, description="Generation options that the claim was made with, beside those of the task."
    )
    variant: str | None = Field(default=None, description="The claim's notes, if it is declared what they mean.")
    grader: str | None = Field(default=None, description="The model that grades, if the scorer is one.")
    grader_is_model: bool = Field(default=False, description="The model under test grades itself.")
    greedy: bool = Field(default=False, description="Temperature 0: the likeliest token is taken, nothing is drawn.")
    nonce: str = Field(
        default="", description="What the order is drawn with: the plan's nonce, or an earlier one for the same claims."
    )
    shuffle_seed: int = Field(ge=1, description="Seed of the order in which the samples run.")
    claims: tuple[int, ...] = Field(description="Positions in the plan's `claims`.")

    @property
    def settings_known(self) -> bool:
        """Whether the rerun runs the settings that any claim about this task was made with."""
        return self.settings_from != "unknown"


class Skip(Frozen):
    """A claim that is not rerun."""

    claim: int
    verdict: SkipVerdict
    reason: str
    advice: str


class Bound(Frozen):
    """The pull request whose claims a plan is about: a plan for one commit says nothing about another."""

    repository: str = Field(description="`owner/name` at the pull request's host.")
    number: int = Field(ge=1)
    head: str = Field(pattern=r"^[0-9a-f]{40}$", description="The commit whose claims are rerun.")
    base: str = Field(pattern=r"^[0-9a-f]{40}$", description="The commit that it is compared with.")


class Plan(Frozen):
    """Which claims are rerun and how; which are not and why."""

    claims: tuple[Claim, ...]
    model: ModelRun
    jobs: tuple[Job, ...]
    skips: tuple[Skip, ...]
    weights: str = Field(default="", description="Names the claimed weights: their sha256, or the model's commit.")
    nonce: str = Field(description="Drawn after the claims were fixed, for what no earlier plan has asked.")
    limits: Limits
    pull_request: Bound | None = Field(default=None, description="Null if the claims are those of a folder.")

    def claims_of(self, job: Job) -> tuple[Claim, ...]:
        """The claims that a job answers."""
        return tuple(self.claims[index] for index in job.claims)

    @model_validator(mode="after")
    def _every_claim_is_there(self) -> Self:
        named = [*(index for job in self.jobs for index in job.claims), *(skip.claim for skip in self.skips)]
        if not all(0 <= index < len(self.claims) for index in named):
            raise ValueError("a job or a skip is about a claim that is not there")
        return self


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, what it found in the users' files, and what each benchmark declares for its jobs (by job id)."""

    plan: Plan
    findings: tuple[Finding, ...]
    declarations: dict[str, TaskDeclaration]


def no_nonce(_question: Question) -> str | None:
    """For a caller that keeps no plans."""
    return None


def make_plan(
    entries: tuple[LocatedEntry, ...],
    facts: Facts,
    choice: ModelChoice,
    draw_nonce: Callable[[tuple[Claim, ...]], str],
    limits: Limits,
    kept_nonce: Callable[[Question], str | None] = no_nonce,
) -> Planned:
    """Decide for every claim. Raises what `identify` raises.

    `kept_nonce` is asked for each claim before the new nonce is used: see `order.same_question`.
    """
    run = identify(choice, facts.model)
    claims = claims_in(entries, facts.model)
    asked = Asked(run.spec if choice.grader == SELF else choice.grader, run.spec, facts.model.name)
    sorted_out = [sort_out(index, claim, facts, asked) for index, claim in enumerate(claims)]
    order = _Order(weights_digest(facts.model), draw_nonce(claims), kept_nonce)
    within = list(_within(sorted_out, limits.entries))
    jobs = _jobs([item for item in within if isinstance(item, Rerun)], order)
    skipped = [item for item in within if isinstance(item, Skipped)]
    findings = [finding for item in skipped for finding in item.findings(entries[item.index])]
    plan = Plan(
        claims=claims,
        model=run,
        jobs=tuple(job for job, _ in jobs),
        skips=tuple(_skip(item) for item in skipped),
        weights=order.weights,
        nonce=order.nonce,
        limits=limits,
    )
    return Planned(plan, tuple(dict.fromkeys(findings)), {job.id: declaration for job, declaration in jobs})


def _within(sorted_out: Iterable[Rerun | Skipped], most: int | None) -> Iterator[Rerun | Skipped]:
    """The first `most` reruns; the claims beyond are left open."""
    reruns = 0
    for item in sorted_out:
        reruns += isinstance(item, Rerun)
        if isinstance(item, Rerun) and most is not None and reruns > most:
            reason = f"{most} claims are rerun in one run, and this one comes after them"
            yield Skipped(item.index, reason, "raise the limit, or propose fewer claims at once", "inconclusive")
        else:
            yield item


@dataclass(frozen=True, slots=True)
class _Order:
    weights: str
    nonce: str
    kept: Callable[[Question], str | None]

    def nonce_for(self, claim: Claim) -> str:
        return self.kept(same_question([claim], self.weights)) or self.nonce


def _skip(skipped: Skipped) -> Skip:
    return Skip(claim=skipped.index, verdict=skipped.verdict, reason=skipped.reason, advice=skipped.advice)


def _jobs(reruns: Iterable[Rerun], order: _Order) -> list[tuple[Job, TaskDeclaration]]:
    """One job for claims that differ in nothing that is run: the model is the same for all claims of a plan.

    A claim that is new does not share the order of an old one, which its author may know.
    """
    groups: dict[object, list[Rerun]] = {}
    for rerun in reruns:
        what = (rerun.claim.dataset_id, rerun.revision, rerun.task_id)
        how = (rerun.variant, rerun.sampling.key, rerun.grading.grader, order.nonce_for(rerun.claim))
        groups.setdefault((what, how), []).append(rerun)
    return [(_job(number, group, order), group[0].declaration) for number, group in enumerate(groups.values(), start=1)]


def _job(number: int, group: list[Rerun], order: _Order) -> Job:
    first = group[0]
    dataset_id, task_id = first.claim.dataset_id, first.task_id
    nonce = order.nonce_for(first.claim)
    return Job(
        id=f"job-{number}",
        dataset_id=dataset_id,
        dataset_revision=first.revision,
        task_id=task_id,
        task=f"hf/{dataset_id}/{task_id}@{first.revision}",
        epochs=first.task.epochs,
        settings_from=first.sampling.settings_from,
        generation=first.sampling.generation,
        greedy=first.sampling.greedy,
        variant=first.variant,
        grader=first.grading.grader,
        grader_is_model=first.grading.is_the_model,
        nonce=nonce,
        shuffle_seed=shuffle_seed(nonce, first.revision, task_id, order.weights),
        claims=tuple(rerun.index for rerun in group),
    )
