"""A rerun on a machine elsewhere, and what comes back through its output."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark import artifact
from evalmark.errors import CouldNotFinish, Refused
from evalmark.flows.elsewhere import as_lines, handed_over, rerun_elsewhere
from evalmark.outcome import KIND as OUTCOME_KIND
from evalmark.outcome import Outcomes
from evalmark.plan.making import KIND as PLAN_KIND
from evalmark.ports import JobOrder, JobState
from tests.builders import claim, job, measured, ones, outcome, plan

PLAN = plan(claim(), jobs=[job()])
OUTCOMES = Outcomes(outcomes=(outcome(measured(ones(570, 1000))),))
FILES = {
    "plan.json": artifact.dumps(PLAN_KIND, PLAN.model_dump(mode="json")),
    "outcome.json": artifact.dumps(OUTCOME_KIND, OUTCOMES.model_dump(mode="json")),
}
ORDER = JobOrder("label", "image", ("evalmark",), "cpu-basic", 60)


@dataclass
class FakeJobs:
    """Jobs that print these lines and end like this."""

    lines: tuple[str, ...] = tuple(as_lines(FILES))
    ends: JobState = "done"
    known: str | None = None
    interrupts: bool = False
    started: list[JobOrder] = field(default_factory=list)
    canceled: list[str] = field(default_factory=list)

    def start(self, order: JobOrder) -> str:
        self.started.append(order)
        return "job-1"

    def find(self, label: str) -> str | None:
        return self.known

    def state(self, job: str) -> tuple[JobState, str]:
        return self.ends, "the reason"

    def output(self, job: str) -> Iterator[str]:
        yield from self.lines
        if self.interrupts:
            raise KeyboardInterrupt

    def cancel(self, job: str) -> None:
        self.canceled.append(job)

    def address(self, job: str) -> str:
        return f"https://hub.example/jobs/{job}"


def run(jobs: FakeJobs) -> tuple[list[str], Outcomes | None]:
    said: list[str] = []
    return said, rerun_elsewhere(jobs, ORDER, said.append).outcomes


def test_elsewhere__starts_a_job_and_takes_what_it_hands_over() -> None:
    jobs = FakeJobs(("plan: 1 claim", *as_lines(FILES), "bye"))
    said, outcomes = run(jobs)

    assert outcomes == OUTCOMES
    assert jobs.started == [ORDER]
    assert said == ["started https://hub.example/jobs/job-1", "plan: 1 claim", "bye"]


def test_elsewhere__goes_on_with_the_job_of_a_client_that_died() -> None:
    jobs = FakeJobs(known="job-7")
    said, outcomes = run(jobs)

    assert (outcomes, jobs.started) == (OUTCOMES, [])
    assert said == ["goes on: https://hub.example/jobs/job-7"]


def test_elsewhere__interrupted_ends_the_job() -> None:
    jobs = FakeJobs(interrupts=True)
    with pytest.raises(KeyboardInterrupt):
        run(jobs)

    assert jobs.canceled == ["job-1"]


@pytest.mark.parametrize("ends", ["failed", "canceled"])
def test_elsewhere__a_job_that_failed_is_told_with_its_address(ends: JobState) -> None:
    with pytest.raises(CouldNotFinish, match=f"jobs/job-1 is {ends}: the reason"):
        run(FakeJobs(ends=ends))


def test_elsewhere__an_output_whose_end_was_missed_is_read_again() -> None:
    class Cut(FakeJobs):
        reads = 0

        def output(self, job: str) -> Iterator[str]:
            self.reads += 1
            yield from ("a word", *(self.lines[:-1] if self.reads == 1 else self.lines))

    said, outcomes = run(Cut())

    assert outcomes == OUTCOMES
    assert said.count("a word") == 1


def test_handed_over__letters_that_are_not_packed_text() -> None:
    with pytest.raises(Refused, match="not packed text"):
        handed_over([f"evalmark-hand-over {name} 1/1 AAAA" for name in FILES])


LINES = list(as_lines(FILES))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([], id="nothing"),
        pytest.param(LINES[1:], id="the first line lacks"),
        pytest.param(LINES[:-1], id="the last line lacks"),
    ],
)
def test_handed_over__parts_that_lack_are_told(lines: list[str]) -> None:
    with pytest.raises(CouldNotFinish, match="lacks parts"):
        handed_over(lines)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({**FILES, "plan.json": "{}"}, id="no plan"),
        pytest.param({**FILES, "outcome.json": FILES["plan.json"]}, id="a plan for outcomes"),
        pytest.param({**FILES, "outcome.json": "[" * 100_000}, id="deep JSON"),
    ],
)
def test_handed_over__what_evalmark_does_not_write_is_refused(files: dict[str, str]) -> None:
    with pytest.raises(Refused):
        handed_over(as_lines(files))


def test_handed_over__a_packed_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = list(as_lines({**FILES, "plan.json": " " * 2_000_000}))
    monkeypatch.setattr("evalmark.flows.elsewhere.LARGEST", 1_000_000)
    with pytest.raises(Refused, match="over 1000000 bytes"):
        handed_over(lines)


@given(st.text(), st.integers(0, 3))
def test_handed_over__foreign_lines_between_change_nothing(foreign: str, place: int) -> None:
    lines = [*LINES[:place], foreign.replace("evalmark-hand-over", ""), *LINES[place:]]

    assert handed_over(lines).plan == PLAN
