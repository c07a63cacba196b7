"""The two halves of a verification on a pull request: one plans and runs the model, the other judges and runs none.

The half that judges believes nothing but numbers. It reads the claims again, makes the plan again, and takes the
outcomes only if they are those of this very plan.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from evalmark.errors import Refused
from evalmark.facts import ModelFacts
from evalmark.flows.allowed import HubWithBoards
from evalmark.flows.proposed import Proposed
from evalmark.flows.verify import Claimed, Linked, Prepared, Terms, Verified, judged, prepare
from evalmark.outcome import Failed, Measured, Outcome, Outcomes
from evalmark.plan.changes import Change
from evalmark.plan.identity import LLAMACPP_PREFIX, ModelChoice
from evalmark.plan.making import Bound, Plan
from evalmark.plan.nonce import kept_nonce
from evalmark.review import COMMIT

AGAIN = "start the rerun again, and let its own report job judge it"
NAME = re.compile(r"[A-Za-z0-9_./-]{1,80}")
LOG = re.compile(r"[A-Za-z0-9_.+@/-]{1,300}")
DIGEST = re.compile(r"[0-9a-f]{64}")
VERSION = re.compile(r"[A-Za-z0-9_.+!-]{1,40}")


@dataclass(frozen=True, slots=True)
class Handed:
    """What the half that runs the model hands over. `digest` is the sha256 of its `plan.json`."""

    plan: Plan
    digest: str
    outcomes: Outcomes | None


@dataclass(frozen=True, slots=True)
class About:
    """Whose claims they are: the repository at the pull request's host, and the claimed model."""

    repository: str
    model: ModelFacts


def prepare_changes(
    proposed: Proposed,
    changes: tuple[Change, ...],
    about: About,
    hub: HubWithBoards,
    terms: Terms,
    linked: Linked | None = None,
) -> Prepared:
    """Plan the rerun of what is claimed anew. Raises what `prepare` raises."""
    entries = tuple(change.now for change in changes if change.now is not None and change.is_new_claim)
    prepared = prepare(Claimed(entries), about.model, hub, terms, linked, hub)
    pull_request = proposed.pull_request
    bound = Bound(
        repository=about.repository, number=pull_request.number, head=pull_request.head, base=pull_request.base
    )
    plan = prepared.planned.plan.model_copy(update={"pull_request": bound})
    return replace(prepared, planned=replace(prepared.planned, plan=plan))


def terms_of(handed: Plan, choice: ModelChoice, terms: Terms) -> Terms:
    """The terms on which a handed plan can be made again: its draws, and the file of weights that it says ran."""
    if (choice.spec or "").startswith(LLAMACPP_PREFIX) and handed.model.revision.startswith("sha256:"):
        choice = choice.model_copy(update={"weights_sha256": handed.model.revision.removeprefix("sha256:")})
    return replace(
        terms,
        choice=choice,
        draw_nonce=lambda _claims: handed.nonce,
        kept_nonce=lambda question: kept_nonce(handed, question),
    )


def mains_of(handed: Plan) -> Mapping[str, str]:
    """The commits that ran for claims that name none, by benchmark: its main may have moved since."""
    return {
        job.dataset_id: _commit(job.dataset_revision)
        for job in handed.jobs
        if any(claim.dataset_revision is None for claim in handed.claims_of(job))
    }


def model_revision_of(handed: Plan) -> str | None:
    """The commit of the claimed model that the rerun was about; None if it had no claim."""
    return next((_commit(claim.model_revision) for claim in handed.claims), None)


def _commit(revision: str) -> str:
    if not COMMIT.fullmatch(revision):
        raise Refused("the rerun handed over a plan with a revision that is no commit", AGAIN)
    return revision


def judge_handed(prepared: Prepared, handed: Handed | None) -> Verified:
    """Judge by what was handed over; a job without an outcome is an error that says so.

    Raises `Refused` for another plan than ours, or outcomes of another one.
    """
    jobs = prepared.planned.plan.jobs
    if handed is None:
        return judged(prepared, tuple(_missing(job.id) for job in jobs))
    if handed.plan != prepared.planned.plan:
        raise Refused(f"the rerun was about something else: {_difference(handed.plan, prepared.planned.plan)}", AGAIN)
    given = _by_job(handed)
    if not set(given) <= {job.id for job in jobs}:
        raise Refused("the rerun handed over an outcome that the plan has no job for", AGAIN)
    return judged(prepared, tuple(given.get(job.id) or _missing(job.id) for job in jobs))


def _by_job(handed: Handed) -> Mapping[str, Outcome]:
    if handed.outcomes is None:
        return {}
    if handed.outcomes.plan != handed.digest:
        raise Refused("the outcomes that were handed over are those of another plan", AGAIN)
    found = {outcome.job: _numbers_only(outcome, handed.plan) for outcome in handed.outcomes.outcomes}
    if len(found) != len(handed.outcomes.outcomes):
        raise Refused("the rerun handed over two outcomes for one job", AGAIN)
    return found


def _missing(job: str) -> Outcome:
    return Outcome(job=job, result=Failed(failure="not-handed-over"), seconds=0)


def _difference(handed: Plan, ours: Plan) -> str:
    differing = [name for name in type(ours).model_fields if getattr(handed, name) != getattr(ours, name)]
    return f"its plan differs in {', '.join(f'`{name}`' for name in differing)}"


def _numbers_only(outcome: Outcome, plan: Plan) -> Outcome:
    """Without a word that whoever ran next to the model could have chosen: it would be posted under our name."""
    result = outcome.result
    if isinstance(result, Measured):
        _hold_to(plan, outcome.job, result)
    else:
        result = Failed(failure=result.failure)
    return outcome.model_copy(
        update={
            "result": result,
            "versions": {
                name: version
                for name, version in outcome.versions.items()
                if NAME.fullmatch(name) and VERSION.fullmatch(version)
            },
            "platform": "",
            "model_args": {},
            "logs": tuple(log for log in outcome.logs if LOG.fullmatch(log.path) and DIGEST.fullmatch(log.sha256)),
        }
    )


def _hold_to(plan: Plan, job_id: str, measured: Measured) -> None:
    """Raises `Refused` for numbers that the plan cannot have led to."""
    job = next((job for job in plan.jobs if job.id == job_id), None)
    most = plan.limits.samples or measured.total
    rules: tuple[Callable[[], bool], ...] = (
        lambda: NAME.fullmatch(measured.scorer) is not None and NAME.fullmatch(measured.reducer) is not None,
        lambda: job is None or measured.epochs == job.epochs,
        lambda: len(measured.samples) <= most,
    )
    if not all(rule() for rule in rules):
        raise Refused(f"the outcome of {job_id} cannot have come of its plan", AGAIN)
