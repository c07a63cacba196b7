"""Logs in a repo of the configured Hub: resolved to a commit, weighed before they are fetched; from nowhere else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evalmark.adapters.hub_logs import Address, HubLogs, Most, read_address
from evalmark.errors import CouldNotFinish, EvalmarkError, Refused, UsageProblem
from evalmark.localhub import LocalHub, RepoId
from tests.contract.localhub_fixtures import commit, init

HUB = "https://huggingface.co"
REPO = f"{HUB}/datasets/acme/logs"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    root = tmp_path_factory.mktemp("hub")
    logs = init(root / "logs")
    commit(logs, "First", {"runs/a.eval": "first", "README.md": "# Logs\n"})
    commit(logs, "More", {"runs/a.eval": "second", "runs/deep/b.json": "{}", "runs/notes.txt": "x"})
    commit(init(root / "model"), "First", {"logs/c.eval": "c"})
    sources = {RepoId("datasets", "acme/logs"): logs, RepoId("models", "acme/model"): root / "model"}
    with LocalHub(sources) as running:
        yield running


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (REPO, Address("dataset", "acme/logs", "main", "")),
        (f"{REPO}/", Address("dataset", "acme/logs", "main", "")),
        (f"{REPO}/tree/main", Address("dataset", "acme/logs", "main", "")),
        (f"{REPO}/tree/main/runs/deep", Address("dataset", "acme/logs", "main", "runs/deep")),
        (f"{REPO}/blob/v1/a%20b.eval", Address("dataset", "acme/logs", "v1", "a b.eval")),
        (f"{REPO}/resolve/refs%2Fpr%2F1/a.eval?download=true", Address("dataset", "acme/logs", "refs/pr/1", "a.eval")),
        (f"{HUB}/acme/model/blob/main/a.eval#L1", Address("model", "acme/model", "main", "a.eval")),
        (f"{HUB}/models/acme/model", Address("model", "acme/model", "main", "")),
    ],
)
def test_read_address__of_the_hub(url: str, address: Address) -> None:
    assert read_address(url, HUB) == address


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://example.org/datasets/acme/logs", Refused),
        ("http://huggingface.co/datasets/acme/logs", Refused),
        ("https://huggingface.co@example.org/datasets/acme/logs", Refused),
        ("https://huggingface.co.example.org/datasets/acme/logs", Refused),
        ("https://huggingface.co:8443/datasets/acme/logs", Refused),
        ("file:///etc/passwd", Refused),
        ("s3://bucket/log.eval", Refused),
        (f"{HUB}/buckets/acme/logs", UsageProblem),
        (f"{HUB}/spaces/acme/logs", UsageProblem),
        (f"{HUB}/datasets/acme", UsageProblem),
        (HUB, UsageProblem),
        (f"{REPO}/discussions/1", UsageProblem),
        (f"{REPO}/tree", UsageProblem),
        (f"{REPO}/blob/main/..%2F..%2Fetc/../x.eval", UsageProblem),
        (f"{REPO}/blob/main/../x.eval", UsageProblem),
    ],
)
def test_read_address__of_any_other_place_is_refused(url: str, error: type[EvalmarkError]) -> None:
    with pytest.raises(error) as raised:
        read_address(url, HUB)
    assert raised.value.advice


def test_fetch__a_folder_at_its_newest_commit(hub: LocalHub, tmp_path: Path) -> None:
    folder = HubLogs(hub.url, tmp_path).fetch(f"{hub.url}/datasets/acme/logs")

    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in {".eval", ".json"}}
    assert files == {"runs/a.eval", "runs/deep/b.json"}
    assert (folder / "runs/a.eval").read_text() == "second"
    assert not (folder / "runs/a.eval").is_symlink()


def test_fetch__a_file_at_a_commit(hub: LocalHub, tmp_path: Path) -> None:
    first = hub.sha(RepoId("datasets", "acme/logs"))
    logs = HubLogs(hub.url, tmp_path)

    newest = logs.fetch(f"{hub.url}/datasets/acme/logs/blob/{first}/runs/a.eval")
    of_model = logs.fetch(f"{hub.url}/acme/model/tree/main/logs")

    assert newest.read_text() == "second"
    assert (of_model / "c.eval").read_text() == "c"


@pytest.mark.parametrize(
    ("path", "most", "error", "says"),
    [
        ("datasets/acme/logs", Most(bytes=3), Refused, "over the limit"),
        ("datasets/acme/logs", Most(logs=1), UsageProblem, "over 1 logs"),
        ("datasets/acme/logs/blob/main/README.md", Most(), UsageProblem, "holds no Inspect log"),
        ("datasets/acme/logs/blob/main/absent.eval", Most(), UsageProblem, "holds no Inspect log"),
        ("datasets/acme/logs/tree/nowhere", Most(), CouldNotFinish, "no revision"),
        ("datasets/acme/absent", Most(), CouldNotFinish, "there is no dataset acme/absent"),
    ],
)
def test_fetch__what_is_not_there_or_too_large(
    hub: LocalHub, tmp_path: Path, path: str, most: Most, error: type[EvalmarkError], says: str
) -> None:
    with pytest.raises(error, match=says):
        HubLogs(hub.url, tmp_path, most=most).fetch(f"{hub.url}/{path}")
    assert not any("resolve" in served.target for served in hub.requests if "logs" not in served.target)
    assert list(tmp_path.rglob("*.eval")) == []


def test_fetch__without_a_network(tmp_path: Path) -> None:
    url = "http://127.0.0.1:9"

    with pytest.raises(CouldNotFinish, match="could not be had"):
        HubLogs(url, tmp_path).fetch(f"{url}/datasets/acme/logs")
