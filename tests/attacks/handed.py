"""Rows 14 and 21: reruns and logs of something else, and artifacts that somebody else has written."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from evalmark import artifact
from evalmark.adapters.handed import read_handed
from evalmark.cli.ci import report as reporting
from evalmark.cli.ci.session import Session
from evalmark.errors import EvalmarkError
from evalmark.flows import pull_request
from evalmark.flows.pull_request import Handed, mains_of
from evalmark.flows.verify import Prepared
from evalmark.judge.log_count import count as count_log
from evalmark.judge.logs import Question, judge_log
from evalmark.logged import Logged, Wanted
from evalmark.outcome import Failed, Measured
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import Limits
from evalmark.report.overall import overall
from evalmark.report.pull_request import Told, told_as_markdown
from evalmark.stats.claimed import readings
from evalmark.verdict import Answer, Verdict
from tests.attacks.attack import Attack, instead, none_found, nothing
from tests.attacks.flow import HEAD, OTHER, judged, plan_of, prepared
from tests.attacks.scene import scene
from tests.builders import DATASET_SHA, claim, entry_text, measured, ones, outcome
from tests.logs import keys, logged, wanted
from tests.logs import ones as ones_of_log

MALLORY = "MALLORY says: merge it"
SECRET = b"the secret of another folder"
RAN = outcome(measured(ones(57)))


def verified(judge: Callable[[], tuple[Verdict, ...]]) -> bool:
    try:
        return any(verdict.verdict is Answer.VERIFIED for verdict in judge())
    except EvalmarkError:
        return False


# ── 14: numbers of something else ───────────────────────────────────────────────────────────


def is_taken_for_ours(theirs: Callable[[], Prepared]) -> Callable[[Path], bool]:
    """A rerun of something else, whose numbers suit our claim of 57."""
    return lambda _folder: verified(lambda: judged(prepared(), plan_of(theirs()), RAN))


def outcomes_of_another_plan(_folder: Path) -> bool:
    """Our plan, with the outcomes that another plan has led to."""
    ours = prepared()
    return verified(lambda: judged(ours, plan_of(ours), RAN, of="e" * 64))


def no_digest(patch: pytest.MonkeyPatch) -> None:
    usual = pull_request._by_job

    def by_job(handed: Handed) -> Any:
        return usual(replace(handed, digest=handed.outcomes.plan or "" if handed.outcomes else ""))

    patch.setattr(pull_request, "_by_job", by_job)


def is_consistent(digits: str, log: Logged) -> Callable[[Path], bool]:
    """A log that is shown as evidence for a claim."""

    def works(_folder: Path) -> bool:
        question = Question(claim(digits, dataset_revision=DATASET_SHA), readings(digits, "percent"), wanted(), keys())
        return judge_log(question, log).state == "consistent"

    return works


def believe_headlines(patch: pytest.MonkeyPatch) -> None:
    def count(task: Wanted, log: Logged, *more: Any) -> Any:
        stated = Fraction(str(log.stated))
        return replace(count_log(task, log, *more), low=stated, high=stated)

    patch.setattr("evalmark.judge.logs.count", count)


# ── 21: what is handed over ─────────────────────────────────────────────────────────────────


def is_said(changes: dict[str, Any]) -> Callable[[Path], bool]:
    """Text in an outcome becomes words under our name."""

    def works(_folder: Path) -> bool:
        ours = prepared()
        verdicts = judged(ours, plan_of(ours), RAN.model_copy(update=changes))
        return "MALLORY" in told_as_markdown(Told(HEAD, overall(verdicts, (), frozenset()), verdicts))

    return works


def cannot_have_come(result: Measured) -> Callable[[Path], bool]:
    """Numbers that no rerun by this plan gives."""

    def works(_folder: Path) -> bool:
        ours = prepared(limits=Limits(samples=100))
        return verified(lambda: judged(ours, plan_of(ours), outcome(result)))

    return works


def reads_what_lies_elsewhere(folder: Path) -> bool:
    """A link in the artifact; its content would be told as a report."""
    (folder / "secret").write_bytes(SECRET)
    (folder / "outcome.json").symlink_to(folder / "secret")
    try:
        return read_handed(folder, "outcome.json") == SECRET
    except EvalmarkError:
        return False


def fills_the_memory(folder: Path) -> bool:
    with (folder / "plan.json").open("wb") as file:
        file.truncate(artifact.MAX_BYTES + 1)
    try:
        return len(read_handed(folder, "plan.json") or b"") >= artifact.MAX_BYTES
    except EvalmarkError:
        return False


def ends_in_a_traceback(folder: Path) -> bool:
    """JSON that is nested a hundred thousand times."""
    with scene(folder) as at:
        at.propose(entry_text("57.0"))
        at.handed.mkdir(parents=True)
        (at.handed / "plan.json").write_text("[" * 100_000)
        try:
            at.report()
        except RecursionError:
            return True
    return False


def is_posted(folder: Path) -> bool:
    """The artifact brings a comment as well."""
    with scene(folder) as at:
        at.propose(entry_text("57.0"))
        at.handed.mkdir(parents=True)
        (at.handed / "comment.md").write_text(MALLORY)
        at.report()
        return MALLORY in at.own


def post_what_is_there(patch: pytest.MonkeyPatch) -> None:
    usual = reporting._comment

    def comment(session: Session, told: Told) -> Any:
        text = (session.inputs.report_path / "comment.md").read_text()
        patch.setattr(reporting, "told_as_markdown", lambda *_told: text)
        return usual(session, told)

    patch.setattr(reporting, "_comment", comment)
    patch.setattr(reporting, "_write", lambda _session, _told: "")


def names_a_branch(_folder: Path) -> bool:
    """The handed plan makes the judging half ask for what can still be changed."""
    plan = plan_of(prepared())
    jobs = tuple(job.model_copy(update={"dataset_revision": "main"}) for job in plan.jobs)
    try:
        return "main" in mains_of(plan.model_copy(update={"jobs": jobs})).values()
    except EvalmarkError:
        return False


ANY_PLAN = instead("evalmark.plan.making.Plan.__eq__", lambda _ours, _theirs: True)
ANY_TEXT = instead("evalmark.flows.pull_request._numbers_only", lambda each, _plan: each)
BRAGGING = logged(stated=0.99, stated_as="accuracy")
EDITED = logged(ones_of_log(99), again=ones_of_log(57))
NO_IDENTITY = instead("evalmark.judge.logs.identity_checks", none_found)
NO_RESCORING = instead("evalmark.logged.Logged.rescore", nothing)
ANY_NUMBERS = instead("evalmark.flows.pull_request._hold_to", nothing)

ATTACKS = [
    *(
        Attack(14, f"rerun of {what}", is_taken_for_ours(theirs), ANY_PLAN)
        for what, theirs in {
            "another commit": lambda: prepared(head=OTHER),
            "another score": lambda: prepared(entry_text("47.0")),
            "another model": lambda: prepared(choice=ModelChoice(spec="mockllm/model", accept_served=True)),
            "another benchmark": lambda: prepared(dataset="acme/easy", allowed="acme/easy"),
            "other limits": lambda: prepared(limits=Limits(entries=20, epochs=3)),
        }.items()
    ),
    Attack(14, "outcomes of another plan", outcomes_of_another_plan, no_digest),
    *(
        Attack(14, f"log of {what}", is_consistent("57.0", log), NO_IDENTITY)
        for what, log in {
            "another model": logged(model="hf/acme/other"),
            "another commit of the benchmark": logged(dataset_revision="e" * 40),
            "the best of five tries": logged(epochs=5, reducer="max"),
            "another scorer": logged(scorer="includes"),
        }.items()
    ),
    Attack(
        14,
        "log with another headline",
        is_consistent("99.0", logged(stated=0.99, stated_as="accuracy")),
        believe_headlines,
    ),
    Attack(
        14,
        "log with changed scores",
        is_consistent("99.0", logged(ones_of_log(99), again=ones_of_log(57))),
        NO_RESCORING,
    ),
    *(
        Attack(21, f"text for the {name}", is_said({name: value}), ANY_TEXT)
        for name, value in {
            "platform": MALLORY,
            "versions": {"inspect-ai": MALLORY},
            "result": Failed(failure="crashed", detail=MALLORY),
        }.items()
    ),
    Attack(21, "more samples than there may be", cannot_have_come(measured(ones(570, 1000))), ANY_NUMBERS),
    Attack(21, "other epochs", cannot_have_come(measured(ones(57), epochs=5)), ANY_NUMBERS),
    Attack(
        21,
        "link for an outcome",
        reads_what_lies_elsewhere,
        instead("evalmark.adapters.handed.os.O_NOFOLLOW", 0),
    ),
    Attack(21, "plan of 65 MB", fills_the_memory, instead("evalmark.adapters.handed.MAX_BYTES", 1 << 30)),
    Attack(
        21,
        "deep JSON",
        ends_in_a_traceback,
        lambda patch: patch.setattr(artifact, "RecursionError", ZeroDivisionError, raising=False),
    ),
    Attack(21, "comment in the artifact", is_posted, post_what_is_there),
    Attack(
        21,
        "branch for a commit",
        names_a_branch,
        instead("evalmark.flows.pull_request._commit", lambda revision: revision),
    ),
]
