"""What the core asks of the world. Each has a real adapter and a fake, and one contract suite runs on both."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from evalmark.facts import BenchmarkMissing, BenchmarkRef, BoardRow, ModelFacts, ResultsFile
from evalmark.logged import LogsRead, Wanted
from evalmark.outcome import Measured, Outcome
from evalmark.plan.identity import ModelRun
from evalmark.plan.making import Job, Limits
from evalmark.plan.steps import Step
from evalmark.ports.places import Commits, Place
from evalmark.ports.signing import Opener, Signed, Signer
from evalmark.ports.store import Records, RecordsWriter
from evalmark.review import Comment, ListedFile, OpenPullRequest, PullRequest, Status, TurnedDown

__all__ = [
    "BenchmarkFiles",
    "Benchmarks",
    "Boards",
    "Claims",
    "Commits",
    "Hub",
    "JobOrder",
    "JobState",
    "Jobs",
    "Logs",
    "NextStep",
    "Opener",
    "Place",
    "Publisher",
    "Records",
    "RecordsWriter",
    "Reviews",
    "Runner",
    "Signed",
    "Signer",
    "Statuses",
    "Submissions",
]


@dataclass(frozen=True, slots=True)
class BenchmarkFiles:
    """The files of a benchmark repo at one commit that matter, as bytes: nothing in them is believed yet."""

    revision: str
    eval_yaml: bytes
    declaration: bytes | None
    card: bytes | None = None


class Benchmarks(Protocol):
    """A place that holds benchmarks."""

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """Read a benchmark at its revision (main if None), resolved to a commit once. What is missing is an answer."""


class Hub(Benchmarks, Protocol):
    """A place that holds model and dataset repos: the Hub, or the embedded one."""

    def model(self, name: str, revision: str) -> ModelFacts:
        """Look a model repo up. Raises `CouldNotFinish` if the Hub cannot tell."""


class Boards(Protocol):
    """Leaderboards, as the Hub tells them."""

    def board(self, dataset_id: str) -> tuple[BoardRow, ...]:
        """All rows of a benchmark's leaderboard, of all its tasks; none if it has none. Raises `CouldNotFinish`."""


class Claims(Boards, Protocol):
    """What is already claimed, as the Hub tells it. Both raise `CouldNotFinish` if it cannot tell."""

    def results_files(self, model: str) -> tuple[ResultsFile, ...]:
        """A model repo's results files on main, and those that its open pull requests change; none if no repo is."""


NextStep: TypeAlias = Callable[[int, Measured | None], Step | None]
"""(samples of the task, what has been measured) → how far to go next; None when that is enough.

It is asked first before anything has been measured.
"""


class Runner(Protocol):
    """Runs a benchmark's task on a model."""

    def run(self, job: Job, model: ModelRun, limits: Limits, next_step: NextStep) -> Outcome:
        """Run samples in the plan's order, step by step, until there is no next step.

        Samples that ran before, for the same job, are not run again. What goes wrong inside is a `Failed` outcome;
        raises `Interrupted` on Ctrl-C.
        """


class Logs(Protocol):
    """Reads the logs of evaluations, written by anybody, and the samples that a benchmark really has."""

    def read(self, source: str, tasks: tuple[Wanted, ...]) -> LogsRead:
        """Read all logs at a path or an address, and score each again as the tasks do that it may be of.

        What cannot be read is told. Raises `UsageProblem` or `Refused` for a source that is none, `CouldNotFinish`
        for one out of reach.
        """


JobState = Literal["waiting", "running", "done", "failed", "canceled"]


@dataclass(frozen=True, slots=True)
class JobOrder:
    """A command for a machine elsewhere. By `label`, which names what it does, it is found again."""

    label: str
    image: str
    command: tuple[str, ...]
    flavor: str
    timeout_seconds: int
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


class Jobs(Protocol):
    """Machines elsewhere that run one command at a time. All raise `Forbidden` or `CouldNotFinish`."""

    def start(self, order: JobOrder) -> str:
        """Start a command; its name there."""

    def find(self, label: str) -> str | None:
        """One that was started with this label and has not failed, or None."""

    def state(self, job: str) -> tuple[JobState, str]:
        """How far it is, and what is said about it."""

    def output(self, job: str) -> Iterator[str]:
        """All that it prints, line by line, until it ends."""

    def cancel(self, job: str) -> None:
        """End it. That it has ended already is fine."""

    def address(self, job: str) -> str:
        """Where a person looks at it."""


class Reviews(Protocol):
    """Pull requests of one repo, read as data: nothing is checked out.

    All raise `CouldNotFinish` if the host cannot be asked, `Forbidden` if it does not let us read.
    """

    def pull_request(self, number: int) -> PullRequest:
        """Look a pull request up. Raises `UsageProblem` if there is none of that number."""

    def merge_base(self, tip: str, head: str) -> str:
        """The commit where the history of `head` left that of `tip`."""

    def listing(self, commit: str, folder: str) -> tuple[ListedFile, ...]:
        """What lies directly in a folder (`""`: the root) at a commit, in order of name.

        Empty if there is no such folder. A folder that is a link or a submodule is listed as itself, alone.
        """

    def content(self, file: ListedFile) -> bytes:
        """The bytes of a listed file."""


class Submissions(Protocol):
    """Pull requests of our own on one repo. All raise `Forbidden` if the host does not let us, `CouldNotFinish`."""

    def mine(self) -> tuple[OpenPullRequest, ...]:
        """Those of ours that are open."""

    def turned_down(self) -> tuple[TurnedDown, ...]:
        """The last ones of ours that somebody else closed without merging them, newest first."""

    def open(self, files: Mapping[str, bytes], title: str, description: str) -> int:
        """Open one with these files, bytes by path; its number."""

    def amend(self, number: int, files: Mapping[str, bytes], title: str, description: str) -> None:
        """Add a commit to one of ours, whose description it is now. The same a second time changes nothing."""

    def withdraw(self, number: int, comment: str) -> None:
        """Close one of ours, and say why."""


class Publisher(Protocol):
    """Comments on pull requests of one repo.

    All raise `Forbidden` if the host does not let us write, `CouldNotFinish` if it cannot be asked. A write that ended
    in `CouldNotFinish` may still have happened: look before it is repeated.
    """

    def me(self) -> str:
        """The login under which comments of ours appear."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """All comments on a pull request, oldest first."""

    def create_comment(self, number: int, body: str) -> Comment:
        """Add a comment."""

    def update_comment(self, number: int, comment: str, body: str) -> Comment:
        """Replace the body of a comment."""

    def delete_comment(self, number: int, comment: str) -> None:
        """Remove a comment. That it is gone already is fine."""


class Statuses(Protocol):
    """Marks commits, where a host has such marks. Raises what a `Publisher` raises."""

    def set_status(self, commit: str, status: Status) -> None:
        """Set the status of a commit."""
