"""A plan for a pull request and what is judged of it, without a server: the flows themselves on ports in memory."""

from collections.abc import Mapping

from evalmark.flows.allowed import OnlyAllowed
from evalmark.flows.proposed import Proposed, proposed
from evalmark.flows.pull_request import About, Handed, judge_handed, prepare_changes
from evalmark.flows.verify import Prepared, Terms
from evalmark.outcome import Outcome, Outcomes
from evalmark.plan.allowed import parse_allowed
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import Limits, Plan
from evalmark.ports import BenchmarkFiles
from evalmark.review import PullRequest
from evalmark.verdict import Verdict
from tests.builders import DATASET_SHA, MODEL, entry_text, eval_yaml, ref
from tests.fake_reviews import FakeReviews
from tests.fakes import FakeClaims, FakeHub
from tests.github.objects import Content

BASE, HEAD, OTHER = "a" * 40, "b" * 40, "c" * 40
FILE = ".eval_results/sums.yaml"
DIGEST = "d" * 64
DECLARED = 'unit = "percent"\ntolerance = 0.05\nnoise = 0.0\n'


def reading(files: dict[str, Content], *, head: str = HEAD) -> tuple[FakeReviews, PullRequest]:
    """A host with one pull request, number 1, that brings these files."""
    pull_request = PullRequest(1, head, BASE, BASE, from_fork=True)
    return FakeReviews({1: pull_request}, {BASE: {"README.md": b""}, head: files}), pull_request


def proposal_of(files: dict[str, Content], *, head: str = HEAD) -> Proposed:
    """What a pull request with these files proposes."""
    reviews, pull_request = reading(files, head=head)
    return proposed(reviews, pull_request, whole=True)


def prepared(
    claims: str = "",
    *,
    benchmark: str = "",
    dataset: str = "acme/sums",
    allowed: str = "acme/sums",
    choice: ModelChoice | None = None,
    limits: Limits | None = None,
    head: str = HEAD,
    declared: str = DECLARED,
    declared_on_main: str = "",
    mains: Mapping[str, str] | None = None,
) -> Prepared:
    """The plan for a pull request with these claims (one of 57 % if none is given) on a benchmark with this eval.yaml.

    The benchmark is there at the commits `DATASET_SHA` and `OTHER`. Main is the first; or, if it is declared on main
    how scores are to be judged, the second, with that declaration. `mains` has the commits that main was.
    """
    text = claims or entry_text("57.0", dataset=dataset)
    there = (benchmark or eval_yaml()).encode()
    files = {
        ref(dataset, revision): BenchmarkFiles(revision, there, declared.encode()) for revision in (DATASET_SHA, OTHER)
    }
    main = BenchmarkFiles(OTHER, there, declared_on_main.encode())
    files[ref(dataset)] = main if declared_on_main else files[ref(dataset, DATASET_SHA)]
    proposal = proposal_of({FILE: text.encode()}, head=head)
    hub = OnlyAllowed(FakeHub(files), FakeClaims(), parse_allowed([allowed]), mains or {})
    terms = Terms(choice or ModelChoice(), limits or Limits(entries=20), lambda _claims: "nonce")
    return prepare_changes(proposal, proposal.changes, About("acme/adder", MODEL), hub, terms)


def plan_of(made: Prepared) -> Plan:
    """The plan itself."""
    return made.planned.plan


def is_planned(made: Prepared) -> bool:
    """Whether anything would be run."""
    return bool(plan_of(made).jobs)


def judged(ours: Prepared, theirs: Plan, *outcomes: Outcome, of: str = DIGEST) -> tuple[Verdict, ...]:
    """What is judged if these are handed over. Raises `Refused`."""
    return judge_handed(ours, Handed(theirs, DIGEST, Outcomes(outcomes=outcomes, plan=of))).verdicts
