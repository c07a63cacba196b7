"""`evalmark ci rerun`: run the model on what a pull request claims anew. It may not write to GitHub."""

import hashlib
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from evalmark import artifact
from evalmark.adapters.artifacts import make_folder, remove, write_whole
from evalmark.adapters.inspect_runner import runner as inspect
from evalmark.adapters.weights import sha256_of, weights_behind
from evalmark.cli.ci.event import PULL_REQUEST
from evalmark.cli.ci.session import Session, new_claims
from evalmark.cli.ci.subject import about, allowed_hub, terms
from evalmark.cli.ci.workflow import obeying_nothing
from evalmark.cli.progress import shown_progress, watch_of
from evalmark.errors import ExitCode, Refused
from evalmark.flows.pull_request import prepare_changes
from evalmark.flows.shared_budget import SharedBudget
from evalmark.flows.verify import Prepared, Terms, verify
from evalmark.outcome import KIND as OUTCOME_KIND
from evalmark.outcome import Outcome, Outcomes
from evalmark.plan.identity import ModelRun
from evalmark.plan.making import KIND as PLAN_KIND
from evalmark.plan.making import Job, Limits
from evalmark.ports import NextStep, Runner
from evalmark.report.text import plan_as_text


def rerun(session: Session) -> ExitCode:
    """Plan, show the plan, rerun, and hand over the plan and the outcomes."""
    _refuse_forks(session)
    session.refuse_what_moved()
    out = make_folder(session.inputs.report_path)
    for name in ("plan.json", "outcome.json", "verdict.json", "comment.md"):
        remove(out / name)
    on_terms, weights = _with_weights(terms(session))
    proposal = session.proposed(whole=False)
    changes = proposal.changes
    count = new_claims(changes)
    _set_outputs(session, count)
    if count == 0:
        session.workflow.say("nothing is claimed anew, so nothing is rerun")
        return ExitCode.FINE
    hub = allowed_hub(session)
    prepared = prepare_changes(proposal, changes, about(session, hub), hub, on_terms)
    with obeying_nothing():
        print(plan_as_text(prepared.planned.plan), end="", flush=True)
        _carry_out(session, prepared, out, weights)
    return ExitCode.FINE


def _refuse_forks(session: Session) -> None:
    if session.workflow.event_name == PULL_REQUEST and session.now.from_fork:
        raise Refused(
            "a pull request from a fork is not rerun by itself: anybody could spend your model's money",
            "let a reviewer start hooks/workflows/evalmark-verify.yml for it, "
            "and guard this job with an `if` that asks where the branch comes from",
        )


def _set_outputs(session: Session, count: int) -> None:
    session.workflow.set_output(
        head_sha=session.target.head, entries=str(count), report_path=str(session.inputs.report_path)
    )


def _with_weights(on_terms: Terms) -> tuple[Terms, Path | None]:
    weights = weights_behind(on_terms.choice.spec)
    if weights is None:
        return on_terms, None
    return replace(on_terms, choice=on_terms.choice.model_copy(update={"weights_sha256": sha256_of(weights)})), weights


def _carry_out(session: Session, prepared: Prepared, out: Path, weights: Path | None) -> None:
    plan = prepared.planned.plan
    text = artifact.dumps(PLAN_KIND, plan.model_dump(mode="json"))
    write_whole(out / "plan.json", text)
    private = inspect.private_args(weights, plan.model)
    with shown_progress() as display:
        engine = inspect.InspectRunner(_places(session, out), private, display.samples)
        shared = SharedBudget(engine, len(plan.jobs), time.monotonic)
        keeping = _Keeping(shared, out, hashlib.sha256(text.encode()).hexdigest())
        keeping.write()
        verify(prepared, keeping, watch_of(prepared, {}, display))


def _places(session: Session, out: Path) -> inspect.Surroundings:
    settings, choice = session.settings, session.inputs.choice
    keys = (inspect.key_of(name) for name in (choice.spec, choice.grader) if name)
    return inspect.Surroundings(
        out=out,
        cache=settings.cache / "rerun",
        endpoint_of=lambda _dataset_id: settings.endpoint,
        model_endpoint=settings.endpoint,
        parent_env=settings.environment,
        passed=session.inputs.passed.union(*keys),
    )


@dataclass
class _Keeping:
    """A `Runner` that writes down each outcome as soon as it is there: a job that is killed hands over what it has."""

    runner: Runner
    out: Path
    plan_digest: str
    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, job: Job, model: ModelRun, limits: Limits, next_step: NextStep) -> Outcome:
        outcome = self.runner.run(job, model, limits, next_step)
        self.outcomes.append(outcome)
        self.write()
        return outcome

    def write(self) -> None:
        """Write `outcome.json`."""
        body = Outcomes(outcomes=tuple(self.outcomes), plan=self.plan_digest)
        write_whole(self.out / "outcome.json", artifact.dumps(OUTCOME_KIND, body.model_dump(mode="json")))
