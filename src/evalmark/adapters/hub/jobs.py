"""Hugging Face Jobs: a command that runs on the Hub's machines, found again by its label."""

from collections.abc import Iterator
from typing import Final

from huggingface_hub import JobInfo

from evalmark.adapters.hub.caller import HubCaller
from evalmark.adapters.hub.trouble import TROUBLE, in_words
from evalmark.errors import CouldNotFinish
from evalmark.ports import JobOrder, JobState

LABEL: Final = "evalmark"
STATES: Final[dict[str, JobState]] = {
    "SCHEDULING": "waiting",
    "RUNNING": "running",
    "COMPLETED": "done",
    "ERROR": "failed",
    "CANCELED": "canceled",
    "DELETED": "canceled",
}


class HubJobs(HubCaller):
    """Jobs in the account `namespace` (a person or organisation that pays), for the holder of `token`."""

    def __init__(self, endpoint: str, token: str | None, namespace: str) -> None:
        super().__init__(endpoint, token)
        self._namespace = namespace

    def start(self, order: JobOrder) -> str:
        """Start a Job. It is not repeated: what was not answered may have been started, and is found by its label."""
        info = self._once(
            "a Job",
            lambda: self._api.run_job(
                image=order.image,
                command=list(order.command),
                env=dict(order.environment),
                secrets=dict(order.secrets),
                flavor=order.flavor,
                timeout=order.timeout_seconds,
                labels={LABEL: order.label},
                namespace=self._namespace,
            ),
        )
        return str(info.id)

    def find(self, label: str) -> str | None:
        """The newest Job with our label that has not failed, been canceled or been removed."""
        jobs = self._ask(
            "the Jobs", lambda: list(self._api.list_jobs(labels={LABEL: label}, namespace=self._namespace))
        )
        alive = [job for job in jobs if _state(job) in ("waiting", "running", "done")]
        newest = max(alive, key=lambda job: job.created_at.timestamp() if job.created_at else 0.0, default=None)
        return str(newest.id) if newest is not None else None

    def state(self, job: str) -> tuple[JobState, str]:
        """How far a Job is, and what the Hub says of it."""
        info = self._ask(f"the Job {job}", lambda: self._api.inspect_job(job_id=job, namespace=self._namespace))
        return _state(info), str(info.status.message or "")

    def output(self, job: str) -> Iterator[str]:
        """What a Job has printed, line by line."""
        try:
            yield from self._api.fetch_job_logs(job_id=job, namespace=self._namespace, follow=True)
        except TROUBLE as error:
            raise in_words(error, f"the output of the Job {job}", self._endpoint) from error

    def cancel(self, job: str) -> None:
        """End a Job. That it has ended already is fine."""
        self._ask(f"the Job {job}", lambda: self._api.cancel_job(job_id=job, namespace=self._namespace))

    def address(self, job: str) -> str:
        """Where a person looks at it."""
        return f"{self._endpoint}/jobs/{self._namespace}/{job}"


def _state(job: JobInfo) -> JobState:
    stage = str(getattr(job.status.stage, "value", job.status.stage))
    if stage not in STATES:
        raise CouldNotFinish(
            f"the Hub says that the Job is {stage[:40]!r}, which evalmark does not know", "look at it there"
        )
    return STATES[stage]
