"""What the embedded Hub says of models as a whole, through the Hub's real client: leaderboards and sizes."""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from evalmark.adapters.git import checkout
from evalmark.adapters.hub import HubClient
from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.score_world import GitRepo
from tests.builders import entry_text, eval_yaml


def safetensors(**shapes: tuple[str, list[int]]) -> bytes:
    """A weights file of zeros."""
    head, at = {}, 0
    for name, (dtype, shape) in shapes.items():
        head[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at]}
    text = json.dumps({"__metadata__": {"format": "pt"}, **head}).encode()
    return struct.pack("<Q", len(text)) + text


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    root = tmp_path_factory.mktemp("repos")
    weights = {
        "base": {"a.safetensors": safetensors(x=("BF16", [2, 3])), "b.safetensors": safetensors(y=("F32", [4]))},
        "derived": {"model.safetensors": b"\xff" * 40},
        "none": {},
    }
    for name, files in weights.items():
        (root / name / ".eval_results").mkdir(parents=True)
        (root / name / ".eval_results/sums.yaml").write_text(entry_text({"base": "50.0"}.get(name, "60.0")))
        for path, content in files.items():
            (root / name / path).write_bytes(content)
    (root / "derived/README.md").write_text("---\nbase_model: acme/base\n---\n")
    (root / "sums").mkdir()
    (root / "sums/eval.yaml").write_text(eval_yaml())
    sources = {RepoId("models", f"acme/{name}"): root / name for name in weights}
    with LocalHub({**sources, RepoId("datasets", "acme/sums"): root / "sums"}) as running:
        yield running


def test_leaderboard__shows_models_made_from_others_only_if_asked(hub: LocalHub) -> None:
    api = HfApi(endpoint=hub.url, token=False)

    usual = api.get_dataset_leaderboard("acme/sums")
    every = api.get_dataset_leaderboard("acme/sums", base_model_only=False)

    assert [(row.rank, row.model_id) for row in usual] == [(1, "acme/none"), (2, "acme/base")]
    assert {row.model_id for row in every} == {"acme/base", "acme/derived", "acme/none"}


def test_leaderboard__as_the_store_keeps_it(hub: LocalHub, tmp_path: Path) -> None:
    rows = HubClient(hub.url, tmp_path).leaderboard("acme/sums")

    assert {(row.model, row.value, row.file, row.task_id) for row in rows} == {
        ("acme/base", 50.0, ".eval_results/sums.yaml", None),
        ("acme/derived", 60.0, ".eval_results/sums.yaml", None),
        ("acme/none", 60.0, ".eval_results/sums.yaml", None),
    }
    assert sorted(row.rank or 0 for row in rows) == [1, 2, 3]
    assert HubClient(hub.url, tmp_path).leaderboard("acme/nothing") == ()


@pytest.mark.parametrize(("model", "count"), [("base", 10), ("derived", None), ("none", None)])
def test_parameters__are_those_of_all_weights_files(
    hub: LocalHub, tmp_path: Path, model: str, count: int | None
) -> None:
    assert HubClient(hub.url, tmp_path).parameters(f"acme/{model}") == count


def test_models_found__by_a_part_of_the_name(hub: LocalHub, tmp_path: Path) -> None:
    client = HubClient(hub.url, tmp_path)

    assert client.models_found("deriv", 10) == ("acme/derived",)
    assert len(client.models_found("acme", 2)) == 2


def test_weights__are_named_alike_by_the_hub_and_by_git(tmp_path: Path) -> None:
    repo = GitRepo.made(tmp_path / "model")
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
    head = repo.commit({"README.md": "x", "small.bin": b"123", "large.safetensors": pointer, "deep/x.gguf": b"4"})
    commits = checkout(repo.folder)
    assert commits is not None
    with LocalHub({RepoId("models", "acme/model"): repo.folder}) as running:
        first = HubClient(running.url, tmp_path / "cache").model("acme/model", "main").weights_digest
        again = HubClient(running.url, tmp_path / "cache").model("acme/model", head).weights_digest

    assert commits.weights(head) == first == again
    assert first is not None
