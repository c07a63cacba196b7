"""Jobs, webhooks and faults of the embedded Hub, as the Hub's real client meets them."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi, JobInfo
from huggingface_hub.errors import HfHubHTTPError

from evalmark.localhub import LocalHub, RepoId
from evalmark.localhub.faults import Faults
from evalmark.localhub.webhooks import Webhooks

MODEL = "acme/model"


pytestmark = pytest.mark.slow  # processes that really run and end


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LocalHub]:
    source = tmp_path / "model"
    source.mkdir()
    (source / "README.md").write_text("a model")
    with LocalHub({RepoId("models", MODEL): source}, state=tmp_path / "state") as running:
        yield running


@pytest.fixture
def api(hub: LocalHub) -> HfApi:
    return HfApi(endpoint=hub.url, token="hf_any")


def propose(api: HfApi, text: str = "- x") -> int:
    operation = CommitOperationAdd(".eval_results/a.yaml", text.encode())
    commit = api.create_commit(MODEL, [operation], commit_message="Add a score", create_pr=True)
    assert commit.pr_num is not None
    return commit.pr_num


# ── jobs ────────────────────────────────────────────────────────────────────────────────────


def started(api: HfApi, *command: str, **more: Any) -> JobInfo:
    return api.run_job(image="python:3.12", command=list(command), namespace="local", **more)


def ended(api: HfApi, job: JobInfo) -> JobInfo:
    return api.wait_for_job(job_id=job.id, namespace="local", timeout=30)


def test_job__really_runs_and_its_output_is_read(api: HfApi) -> None:
    job = started(api, "sh", "-c", "echo one; echo two")

    assert list(api.fetch_job_logs(job_id=job.id, namespace="local", follow=True)) == ["one", "two"]
    assert ended(api, job).status.stage == "COMPLETED"


def test_job__sees_its_own_environment_and_nothing_of_ours(api: HfApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", "ours")
    job = started(api, "env", env={"COLOUR": "red"}, secrets={"KEY": "a secret"})
    ended(api, job)

    seen = dict(line.split("=", 1) for line in api.fetch_job_logs(job_id=job.id, namespace="local", follow=True))
    assert (seen["COLOUR"], seen["KEY"], seen["HF_ENDPOINT"]) == ("red", "a secret", api.endpoint)
    assert "CANARY" not in seen
    assert "HF_TOKEN" not in seen


def test_job__its_secrets_are_not_told(api: HfApi) -> None:
    assert started(api, "true", secrets={"KEY": "a secret"}).secrets == {"KEY": "***"}


@pytest.mark.parametrize(
    ("command", "message"),
    [(["sh", "-c", "exit 3"], "exit code 3"), (["no-such-command"], "no-such-command: No such file or directory")],
)
def test_job__that_fails(api: HfApi, command: list[str], message: str) -> None:
    status = ended(api, started(api, *command)).status

    assert (status.stage, status.message) == ("ERROR", message)


def test_job__is_ended_at_its_time(api: HfApi) -> None:
    assert ended(api, started(api, "sleep", "60", timeout=1)).status.message == "Job timeout"


def test_job__is_canceled_with_all_that_it_started(api: HfApi) -> None:
    job = started(api, "sh", "-c", "sleep 60 & sleep 60")
    api.cancel_job(job_id=job.id, namespace="local")

    assert ended(api, job).status.stage == "CANCELED"


def test_job__is_found_by_its_label(api: HfApi) -> None:
    job = started(api, "true", labels={"evalmark": "one"})
    started(api, "true", labels={"evalmark": "two"})

    assert [each.id for each in api.list_jobs(namespace="local", labels={"evalmark": "one"})] == [job.id]


def test_job__of_another_account_is_not_for_everybody(hub: LocalHub) -> None:
    with pytest.raises(HfHubHTTPError, match="401"):
        HfApi(endpoint=hub.url, token=False).run_job(image="x", command=["true"], namespace="local")


# ── webhooks ────────────────────────────────────────────────────────────────────────────────

Told = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def listener() -> Iterator[tuple[str, Told, list[int]]]:
    """An address, what was told there (secret, body), and the statuses that it answers next."""
    told: Told = []
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            told.append((self.headers.get("x-webhook-secret", ""), body))
            self.send_response(statuses.pop(0) if statuses else 202)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook", told, statuses
    server.shutdown()
    server.server_close()
    thread.join()


def wait_for(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(200):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("it did not come")


def test_webhook__tells_of_a_pull_request_as_the_hub_does(
    api: HfApi, listener: tuple[str, Told, list[int]], hub: LocalHub
) -> None:
    url, told, _ = listener
    webhook = api.create_webhook(url=url, watched=[{"type": "model", "name": MODEL}], secret="shared")
    number = propose(api)
    wait_for(lambda: len(told) == 2)

    assert {secret for secret, _ in told} == {"shared"}
    by_scope = {body["event"]["scope"]: body for _, body in told}
    discussion, content = by_scope["discussion"], by_scope["repo.content"]
    assert (discussion["event"]["action"], discussion["discussion"]["num"]) == ("create", number)
    assert discussion["discussion"]["isPullRequest"] is True
    assert discussion["webhook"] == {"id": webhook.id, "version": 3}
    (ref,) = content["updatedRefs"]
    assert (ref["ref"], ref["oldSha"]) == (f"refs/pr/{number}", None)
    assert ref["newSha"] == hub.sha(RepoId("models", MODEL), f"refs/pr/{number}")
    assert content["repo"]["name"] == MODEL


def test_webhook__tells_of_a_comment_by_ids_only(api: HfApi, listener: tuple[str, Told, list[int]]) -> None:
    url, told, _ = listener
    number = propose(api)
    api.create_webhook(url=url, watched=[{"type": "org", "name": "acme"}], domains=["discussion"])
    api.comment_discussion(MODEL, number, "/verify")
    wait_for(lambda: len(told) == 1)

    comment = told[0][1]["comment"]
    assert comment["content"] == "/verify"
    assert comment["author"] == {"id": api.whoami()["id"]}


def test_webhook__is_told_again_after_trouble(api: HfApi, listener: tuple[str, Told, list[int]], hub: LocalHub) -> None:
    url, told, statuses = listener
    statuses.append(503)
    number = propose(api)
    api.create_webhook(url=url, watched=[{"type": "model", "name": MODEL}], domains=["discussion"])
    api.change_discussion_status(MODEL, number, "closed")
    wait_for(lambda: len(told) >= 2)
    webhooks: Webhooks = hub.state.extras["webhooks"]
    wait_for(lambda: bool(webhooks.deliveries))
    webhooks.deliver_again(webhooks.deliveries[0])
    wait_for(lambda: len(told) == 3)

    assert told[0] == told[1] == told[2]


def test_webhook__of_another_address_is_not_taken(api: HfApi) -> None:
    with pytest.raises(HfHubHTTPError, match="only addresses of this machine"):
        api.create_webhook(url="https://evil.example/", watched=[{"type": "model", "name": MODEL}])


def test_webhook__starts_a_job_with_the_event_and_its_own_secrets(api: HfApi) -> None:
    source = started(api, "sh", "-c", "echo $WEBHOOK_REPO_ID $KEY $OTHER", secrets={"OTHER": "of-the-source"})
    api.create_webhook(
        job_id=source.id,
        watched=[{"type": "model", "name": MODEL}],
        domains=["discussion"],
        secrets={"KEY": "of-the-webhook"},
    )
    propose(api)
    wait_for(lambda: len(list(api.list_jobs(namespace="local"))) == 2)
    newest = next(iter(api.list_jobs(namespace="local")))

    assert list(api.fetch_job_logs(job_id=newest.id, namespace="local", follow=True)) == [f"{MODEL} of-the-webhook"]


# ── faults ──────────────────────────────────────────────────────────────────────────────────


def test_fault__status_and_header(hub: LocalHub, api: HfApi) -> None:
    faults: Faults = hub.state.extras["faults"]
    faults.status(429, "GET", "/api/models/", retry_after="7")

    with pytest.raises(HfHubHTTPError) as caught:
        api.model_info(MODEL)
    assert (caught.value.response.status_code, caught.value.response.headers["retry-after"]) == (429, "7")
    assert api.model_info(MODEL).id == MODEL


def test_fault__a_reply_that_is_lost_of_something_that_was_done(hub: LocalHub, api: HfApi) -> None:
    number = propose(api)
    hub.state.extras["faults"].lose_reply("POST", "/comment")

    with pytest.raises(httpx2.HTTPError):
        api.comment_discussion(MODEL, number, "words")
    assert [event.type for event in api.get_discussion_details(MODEL, number).events].count("comment") == 2


def test_fault__a_connection_that_is_reset_before_anything_is_done(hub: LocalHub, api: HfApi) -> None:
    number = propose(api)
    hub.state.extras["faults"].reset("POST", "/comment")

    with pytest.raises(httpx2.HTTPError):
        api.comment_discussion(MODEL, number, "words")
    assert [event.type for event in api.get_discussion_details(MODEL, number).events].count("comment") == 1


def test_fault__slowness(hub: LocalHub, api: HfApi) -> None:
    hub.state.extras["faults"].slow(0.3, "GET", "/api/models/")
    before = time.monotonic()
    api.model_info(MODEL)

    assert time.monotonic() - before >= 0.3


def test_limit__is_said_as_the_hub_says_it(hub: LocalHub, api: HfApi) -> None:
    hub.state.extras["faults"].limit(2)
    api.model_info(MODEL)
    api.model_info(MODEL)
    with pytest.raises(HfHubHTTPError) as caught:
        api.model_info(MODEL)

    assert caught.value.response.headers["ratelimit"].startswith('"api";r=0;t=')
