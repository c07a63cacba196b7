"""Webhooks: who wants to hear of what, kept on disk, and deliveries that are tried again, by request or by Job."""

import contextlib
import http.client
import json
import queue
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from evalmark.localhub.events import Event
from evalmark.localhub.files import replace_file
from evalmark.localhub.jobs import Jobs
from evalmark.localhub.message import Denied, Request, Response, json_response
from evalmark.localhub.names import RepoId
from evalmark.localhub.state import HubState
from evalmark.localhub.webhook_payloads import domain, payload

PREFIX = "/api/settings/webhooks"
WAITS = (0.2, 1.0, 3.0)
"""Seconds before each further try of a delivery that failed."""
TIMEOUT_SECONDS = 10
DOMAINS = ("repo", "discussion")


@dataclass(frozen=True)
class Webhook:
    """Who is told of what: an address, or a Job that is started anew each time. `watched` are (type, name)."""

    id: str
    owner: str
    watched: tuple[tuple[str, str], ...]
    domains: tuple[str, ...]
    url: str | None
    job: str | None
    secret: str | None
    job_secrets: Mapping[str, str]
    disabled: bool = False

    def watches(self, event: Event) -> bool:
        """Whether it is told of this."""
        repo = event.repo
        names = {(repo.kind.removesuffix("s"), repo.name)}
        names |= {(kind, repo.name.partition("/")[0]) for kind in ("user", "org")}
        return not self.disabled and domain(event) in self.domains and not names.isdisjoint(self.watched)


@dataclass(frozen=True)
class Delivery:
    """One that was made, and what it got: the status, or 0 if nobody answered."""

    webhook: str
    body: bytes
    status: int


class Webhooks:
    """All webhooks of a Hub: `HubState.extras["webhooks"]`."""

    def __init__(self, hub: HubState) -> None:
        self._hub = hub
        self._file = hub.folder / "webhooks.json"
        self._webhooks = _read(self._file.read_bytes()) if self._file.exists() else {}
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[tuple[Webhook, bytes] | None] = queue.SimpleQueue()
        self.deliveries: list[Delivery] = []

    def hear(self, event: Event) -> None:
        """Queue what is to be told of an event."""
        for webhook in tuple(self._webhooks.values()):
            if webhook.watches(event):
                body = payload(event, webhook.id, self._hub.url, head=self._head(event.repo))
                self._queue.put((webhook, json.dumps(body).encode()))

    def deliver_again(self, delivery: Delivery) -> None:
        """Replay a delivery, as its owner can do on the Hub."""
        webhook = self._webhooks[delivery.webhook]
        self._queue.put((webhook, delivery.body))

    def work(self) -> None:
        """Make deliveries until `stop`, in the order of the events."""
        while (next_one := self._queue.get()) is not None:
            webhook, body = next_one
            if webhook.job is not None:
                self._start_job(webhook, body)
            else:
                self.deliveries.append(_deliver(webhook, body))

    def stop(self) -> None:
        """End `work` after what is queued."""
        self._queue.put(None)

    def answer(self, request: Request, hub: HubState) -> Response:
        """Answer a request below `/api/settings/webhooks`. Raises `Denied`."""
        person = hub.need_person(request)
        rest = request.path.removeprefix(PREFIX).strip("/")
        mine = {id_: webhook for id_, webhook in self._webhooks.items() if webhook.owner == person.name}
        if not rest:
            if request.method == "GET":
                return json_response([_shown(webhook) for webhook in mine.values()])
            return self._keep(_asked(request.json(), secrets.token_hex(12), person.name))
        id_, _, action = rest.partition("/")
        if id_ not in mine:
            raise Denied(404, f"there is no webhook {id_}")
        return self._change(request, mine[id_], action)

    def _change(self, request: Request, webhook: Webhook, action: str) -> Response:
        match (request.method, action):
            case ("GET", ""):
                return json_response({"webhook": _shown(webhook)})
            case ("POST", ""):
                return self._keep(_asked({**_shown(webhook), **request.json()}, webhook.id, webhook.owner))
            case ("POST", "enable" | "disable"):
                return self._keep(replace(webhook, disabled=action == "disable"))
            case ("DELETE", ""):
                with self._lock:
                    del self._webhooks[webhook.id]
                    self._write()
                return json_response({"success": True})
        raise Denied(404, f"a webhook has no {action}")

    def _keep(self, webhook: Webhook) -> Response:
        with self._lock:
            self._webhooks[webhook.id] = webhook
            self._write()
        return json_response({"webhook": _shown(webhook)})

    def _write(self) -> None:
        replace_file(self._file, json.dumps([asdict(webhook) for webhook in self._webhooks.values()]).encode())

    def _head(self, repo: RepoId) -> str | None:
        repository = self._hub.repositories.get(repo)
        return repository.resolve("main") if repository is not None else None

    def _start_job(self, webhook: Webhook, body: bytes) -> None:
        """A copy of the source Job, with the event and the webhook's own secrets; the source's are not copied."""
        jobs: Jobs = self._hub.extras["jobs"]
        source = jobs.get(webhook.job or "")
        if source is None:
            self.deliveries.append(Delivery(webhook.id, body, 404))
            return
        repo = json.loads(body)["repo"]
        told = {"WEBHOOK_PAYLOAD": body.decode(), "WEBHOOK_REPO_ID": repo["name"], "WEBHOOK_REPO_TYPE": repo["type"]}
        if webhook.secret:
            told["WEBHOOK_SECRET"] = webhook.secret
        spec = replace(
            source.spec, environment={**source.spec.environment, **told}, secrets=dict(webhook.job_secrets), labels={}
        )
        jobs.start(spec, source.namespace)
        self.deliveries.append(Delivery(webhook.id, body, 200))


def _deliver(webhook: Webhook, body: bytes) -> Delivery:
    status = 0
    for wait in (0.0, *WAITS):
        time.sleep(wait)
        status = _post(webhook, body)
        if 0 < status < 500 and status != 429:
            break
    return Delivery(webhook.id, body, status)


def _post(webhook: Webhook, body: bytes) -> int:
    """The status of the answer, or 0. Only http on this machine: nothing of a local Hub goes out."""
    address = urlsplit(webhook.url or "")
    headers = {"Content-Type": "application/json", "User-Agent": "evalmark-localhub"}
    if webhook.secret:
        headers["X-Webhook-Secret"] = webhook.secret
    try:
        connection = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=TIMEOUT_SECONDS)
        with contextlib.closing(connection):
            query = f"?{address.query}" if address.query else ""
            connection.request("POST", f"{address.path or '/'}{query}", body, headers)
            return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0


def _asked(body: Mapping[str, Any], id_: str, owner: str) -> Webhook:
    watched = body.get("watched")
    if not isinstance(watched, list) or not all(isinstance(item, dict) for item in watched) or not watched:
        raise Denied(400, "`watched` must be a list of {type, name}")
    url = body.get("url")
    if url is not None and urlsplit(str(url)).hostname not in ("127.0.0.1", "localhost"):
        raise Denied(400, "this local Hub tells only addresses of this machine, http://127.0.0.1:PORT/…")
    job = body.get("jobSourceId")
    if (url is None) == (job is None):
        raise Denied(400, "a webhook needs either `url` or `jobSourceId`")
    return Webhook(
        id=id_,
        owner=owner,
        watched=tuple((str(item.get("type")), str(item.get("name"))) for item in watched),
        domains=tuple(name for name in DOMAINS if name in (body.get("domains") or DOMAINS)),
        url=str(url) if url is not None else None,
        job=str(job) if job is not None else None,
        secret=str(body["secret"]) if body.get("secret") else None,
        job_secrets={str(name): str(value) for name, value in (body.get("secrets") or {}).items()},
        disabled=bool(body.get("disabled", False)),
    )


def _shown(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "watched": [{"type": kind, "name": name} for kind, name in webhook.watched],
        "domains": list(webhook.domains),
        "disabled": webhook.disabled,
        **({"url": webhook.url} if webhook.url else {}),
        **({"jobSourceId": webhook.job, "job": {"id": webhook.job}} if webhook.job else {}),
        **({"secret": webhook.secret} if webhook.secret else {}),
    }


def _read(data: bytes) -> dict[str, Webhook]:
    found = {}
    for item in json.loads(data):
        watched = tuple((kind, name) for kind, name in item.pop("watched"))
        found[item["id"]] = Webhook(watched=watched, domains=tuple(item.pop("domains")), **item)
    return found


@contextmanager
def webhooks_extension(hub: HubState) -> Iterator[None]:
    """Webhooks for a Hub. At its end what is queued is still delivered, for a moment."""
    webhooks = Webhooks(hub)
    hub.site_handlers[PREFIX] = webhooks.answer
    hub.extras["webhooks"] = webhooks
    hub.listeners.append(webhooks.hear)
    worker = threading.Thread(target=webhooks.work, name="localhub-webhooks", daemon=True)
    worker.start()
    try:
        yield
    finally:
        webhooks.stop()
        worker.join(1)
