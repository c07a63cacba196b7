"""Hugging Face Jobs on this machine: `/api/jobs/…` as the Hub's client uses it."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from evalmark.localhub.job import TERMINAL, Job, Spec
from evalmark.localhub.message import Denied, Request, Response, bytes_response, json_response
from evalmark.localhub.payloads import hub_date
from evalmark.localhub.people import Person, person_id
from evalmark.localhub.state import HubState

PREFIX = "/api/jobs/"
WAIT_FOR_OUTPUT_SECONDS = 0.5
HARDWARE = [
    {
        "name": "cpu-basic",
        "prettyName": "CPU Basic",
        "cpu": "this machine",
        "ram": "this machine",
        "accelerator": None,
        "unitCostMicroUSD": 0,
        "unitCostUSD": 0.0,
        "unitLabel": "minute",
    }
]


@contextmanager
def jobs_extension(hub: HubState) -> Iterator[None]:
    """Jobs for a Hub; those that still run end with it."""
    jobs = Jobs(hub)
    hub.site_handlers[PREFIX] = jobs.answer
    hub.extras["jobs"] = jobs
    try:
        yield
    finally:
        jobs.end_all()


class Jobs:
    """All Jobs of a Hub. They are gone when it stops, as their processes are; the logs stay in its folder."""

    def __init__(self, hub: HubState) -> None:
        self._hub = hub
        self._jobs: dict[str, Job] = {}
        self._folder = hub.folder / "jobs"

    def start(self, spec: Spec, namespace: str) -> Job:
        """Run a command; the Job that it is. Its clients ask this Hub unless they are told otherwise."""
        id_ = secrets.token_hex(12)
        self._folder.mkdir(parents=True, exist_ok=True)
        own = replace(spec, environment={"HF_ENDPOINT": self._hub.url, **spec.environment})
        job = Job(id_, namespace, own, self._folder / f"{id_}.log", self._hub.now())
        self._jobs[id_] = job
        job.start()
        return job

    def get(self, id_: str) -> Job | None:
        """The Job of that id."""
        return self._jobs.get(id_)

    def end_all(self) -> None:
        """End what still runs."""
        for job in self._jobs.values():
            job.cancel()
        for job in self._jobs.values():
            job.wait(10)

    def answer(self, request: Request, hub: HubState) -> Response:
        """Answer a request below `/api/jobs/`. Raises `Denied`."""
        person = hub.need_person(request)
        namespace, *rest = request.path.removeprefix(PREFIX).split("/")
        if namespace == "hardware" and not rest:
            return json_response(HARDWARE)
        if not _may_use(person, namespace):
            raise Denied(403, f"Forbidden: {person.name} may not run Jobs as {namespace}")
        if not rest:
            return self._list(request, namespace) if request.method == "GET" else self._create(request, namespace)
        job = self._jobs.get(rest[0])
        if job is None or job.namespace != namespace:
            raise Denied(404, f"there is no Job {rest[0]} of {namespace}")
        return self._about(request, job, rest[1:])

    def _about(self, request: Request, job: Job, action: list[str]) -> Response:
        match (request.method, action):
            case ("GET", []):
                return json_response(_info(job))
            case ("GET", ["logs"]):
                return _logs(request, job)
            case ("POST", ["cancel"]):
                job.cancel()
                return json_response(_info(job))
            case ("POST", ["duplicate"]):
                return json_response(_info(self.start(job.spec, job.namespace)))
        raise Denied(404, f"a Job has no {'/'.join(action)}")

    def _create(self, request: Request, namespace: str) -> Response:
        return json_response(_info(self.start(_spec(request.json()), namespace)))

    def _list(self, request: Request, namespace: str) -> Response:
        labels = [text.partition("=")[::2] for text in request.query.get("label", [])]
        stages = request.query.get("stage", [])
        found = [
            job
            for job in self._jobs.values()
            if job.namespace == namespace
            and all(job.spec.labels.get(name) == value for name, value in labels)
            and (not stages or job.stage in stages)
        ]
        return json_response([_info(job) for job in reversed(found)])


def _may_use(person: Person, namespace: str) -> bool:
    return namespace in (person.name, *person.orgs) or "*" in person.write


def _spec(body: Mapping[str, Any]) -> Spec:
    command = [*_texts(body, "command"), *_texts(body, "arguments")]
    if not command:
        raise Denied(400, "a Job needs a `command`, a list of words")
    timeout = body.get("timeoutSeconds")
    return Spec(
        command=tuple(command),
        environment=_mapping(body, "environment"),
        secrets=_mapping(body, "secrets"),
        labels=_mapping(body, "labels"),
        flavor=str(body.get("flavor") or "cpu-basic"),
        image=str(body.get("dockerImage") or body.get("spaceId") or ""),
        timeout_seconds=float(timeout) if isinstance(timeout, int | float) and timeout > 0 else None,
    )


def _texts(body: Mapping[str, Any], name: str) -> list[str]:
    words = body.get(name) or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise Denied(400, f"`{name}` must be a list of words")
    return words


def _mapping(body: Mapping[str, Any], name: str) -> dict[str, str]:
    found = body.get(name) or {}
    if not isinstance(found, dict) or not all(isinstance(value, str | int | float) for value in found.values()):
        raise Denied(400, f"`{name}` must be a mapping of texts")
    return {str(key): str(value) for key, value in found.items()}


def _info(job: Job) -> dict[str, object]:
    """As the Hub tells a Job; the values of its secrets are not told."""
    return {
        "id": job.id,
        "createdAt": hub_date(job.started),
        "startedAt": hub_date(job.started),
        "dockerImage": job.spec.image,
        "command": list(job.spec.command),
        "arguments": [],
        "environment": dict(job.spec.environment),
        "secrets": dict.fromkeys(job.spec.secrets, "***"),
        "labels": dict(job.spec.labels),
        "flavor": job.spec.flavor,
        "status": {"stage": job.stage, "message": job.message},
        "owner": {"id": person_id(job.namespace), "name": job.namespace, "type": "user"},
    }


def _logs(request: Request, job: Job) -> Response:
    """All that was printed so far, as server-sent events. The client asks again until the Job has ended.

    Their time is the start of the Job: the client takes one of this moment for the end of what there is.
    """
    if job.stage not in TERMINAL:
        time.sleep(WAIT_FOR_OUTPUT_SECONDS)
    lines = job.log.read_text(errors="replace").splitlines() if job.log.exists() else []
    tail = request.query.get("tail", [""])[-1]
    if tail.isascii() and tail.isdigit():
        lines = lines[-int(tail) :]
    date = hub_date(job.started)
    events = (f"data: {json.dumps({'timestamp': date, 'data': line})}\n\n" for line in lines)
    return bytes_response(200, {"Content-Type": "text/event-stream; charset=utf-8"}, "".join(events).encode())
