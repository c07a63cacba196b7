"""What every `Hub` must do: the fake in tests/fakes.py, and the real client on the embedded Hub."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from evalmark.adapters.hub import HubClient
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.facts import BenchmarkMissing, BenchmarkRef
from evalmark.localhub import LocalHub, RepoId
from evalmark.ports import BenchmarkFiles, Hub
from tests.fakes import FakeHub

EVAL_YAML = b"name: Sums\ndescription: Adds.\nevaluation_framework: swe-bench\ntasks:\n  - id: sums\n"
DECLARATION = b'unit = "percent"\n'
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA256}\nsize 98362432\n"
SUMS = BenchmarkRef("acme/sums")


@pytest.fixture(scope="module")
def local_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    root = tmp_path_factory.mktemp("repos")
    for name in ("sums", "plain", "model"):
        (root / name).mkdir()
    (root / "sums/eval.yaml").write_bytes(EVAL_YAML)
    (root / "sums/.evalmark.toml").write_bytes(DECLARATION)
    (root / "plain/README.md").write_text("no benchmark")
    (root / "model/weights.gguf").write_text(POINTER)
    (root / "model/config.json").write_text("{}")
    repos = {RepoId("datasets", f"acme/{name}"): root / name for name in ("sums", "plain")}
    with LocalHub(repos | {RepoId("models", "acme/model"): root / "model"}) as hub:
        yield hub


@pytest.fixture(params=["fake", "real"])
def hub(request: pytest.FixtureRequest, local_hub: LocalHub, tmp_path: Path) -> Hub:
    revision = local_hub.sha(RepoId("datasets", "acme/sums"))
    files = BenchmarkFiles(revision, EVAL_YAML, DECLARATION)
    if request.param == "fake":
        return FakeHub({SUMS: files, BenchmarkRef("acme/sums", revision): files})
    return HubClient(local_hub.url, tmp_path)


def test_benchmark__is_read_at_one_commit(hub: Hub) -> None:
    found = hub.benchmark(SUMS)

    assert isinstance(found, BenchmarkFiles)
    assert len(found.revision) == 40
    assert (found.eval_yaml, found.declaration) == (EVAL_YAML, DECLARATION)
    assert hub.benchmark(BenchmarkRef("acme/sums", found.revision)) == found


@pytest.mark.parametrize(
    "ref",
    [
        pytest.param(BenchmarkRef("acme/absent"), id="no such repo"),
        pytest.param(BenchmarkRef("acme/sums", "0" * 40), id="no such revision"),
        pytest.param(BenchmarkRef("acme/plain"), id="no eval.yaml"),
        pytest.param(BenchmarkRef("not a name"), id="no name"),
    ],
)
def test_benchmark__that_is_surely_missing_is_an_answer(hub: Hub, ref: BenchmarkRef) -> None:
    missing = hub.benchmark(ref)

    assert isinstance(missing, BenchmarkMissing)
    assert missing.surely
    assert missing.reason
    assert missing.advice


def test_model__is_looked_up_at_a_commit(hub: Hub) -> None:
    assert hub.model("acme/model", "main").name == "acme/model"


# ── the real client alone: what a fake has not ──────────────────────────────────────────────


def test_client__knows_the_digests_of_large_files(local_hub: LocalHub, tmp_path: Path) -> None:
    assert HubClient(local_hub.url, tmp_path).model("acme/model", "main").weights == {"weights.gguf": SHA256}


def test_client__model_that_is_not_there(local_hub: LocalHub, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="the model acme/absent: there is no such repo"):
        HubClient(local_hub.url, tmp_path).model("acme/absent", "main")


@pytest.fixture(params=[429, 500, 503, 403, "bad json", "closed"])
def broken_hub(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a Hub in trouble: a status, an answer that is no JSON, or nobody there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = request.param if isinstance(request.param, int) else 200
            self.send_response(status)
            self.send_header("content-length", "4")
            self.end_headers()
            self.wfile.write(b"oops")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    if request.param == "closed":
        server.shutdown()
        server.server_close()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_client__trouble_is_not_taken_for_absence(broken_hub: str, tmp_path: Path) -> None:
    missing = HubClient(broken_hub, tmp_path).benchmark(SUMS)

    assert isinstance(missing, BenchmarkMissing)
    assert not missing.surely
    assert f"could not be looked up at {broken_hub}" in missing.reason


def test_client__trouble_with_a_model_is_ours(broken_hub: str, tmp_path: Path) -> None:
    with pytest.raises(CouldNotFinish, match="the model acme/model"):
        HubClient(broken_hub, tmp_path).model("acme/model", "main")
