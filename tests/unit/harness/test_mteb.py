"""Results of mteb."""

from typing import Any

import pytest

from evalmark.harness.mteb import Mteb
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import DatasetUsed, Metric, Result
from tests.recordings import COMMIT, changed, recorded

READER = Mteb()
REVISION = "0123456789abcdef0123456789abcdef01234567"
FOLDER = f"acme__letters/{REVISION}"


def read(documents: dict[str, Any], folder: str = "") -> tuple[Result, ...]:
    results = READER.read(f"{folder}SumsParity.json", {f"{folder}{name}": body for name, body in documents.items()})
    assert results is not None
    return results


def the() -> dict[str, Any]:
    return recorded(f"mteb/{FOLDER}")


def task(at: str, value: Any) -> dict[str, Any]:
    return {**the(), "SumsParity.json": changed(the()["SumsParity.json"], at, value)}


def test_subsets__as_recorded() -> None:
    small, large = read(the())
    others = {
        "accuracy": 0.483333, "f1": 0.446146, "f1_weighted": 0.446146, "precision": 0.481685,
        "precision_weighted": 0.481685, "recall": 0.483333, "recall_weighted": 0.483333, "ap": 0.492857,
        "ap_weighted": 0.492857,
    }  # fmt: skip

    assert small == Result(
        harness="mteb",
        version="2.26.24",
        file="SumsParity.json",
        model="acme/letters",
        model_revision=REVISION,
        task="SumsParity",
        dataset=DatasetUsed(config="small", split="test", revision=COMMIT),
        metrics=tuple(
            Metric(name=name, value=value, unit="fraction")
            for name, value in {"main_score": 0.483333, **others}.items()
        ),
        date="2026-11-26T18:19:52Z",
    )
    assert (large.dataset.config, large.metrics[0].value) == ("large", 0.55)


def test_model__by_its_folders_if_nothing_else_tells_it() -> None:
    alone = {"SumsParity.json": the()["SumsParity.json"]}

    assert (read(alone, f"results/{FOLDER}/")[0].model, read(alone, f"{FOLDER}/")[0].model_revision) == (
        "acme/letters",
        REVISION,
    )
    assert read(alone, "acme__letters/main/")[0].model_revision is None


@pytest.mark.parametrize("folder", ["", "runs/today/", "a\n__b/c/"])
def test_no_model(folder: str) -> None:
    with pytest.raises(NotReadable, match=r"model_meta\.json"):
        read({"SumsParity.json": the()["SumsParity.json"]}, folder)


def test_file_of_the_model__is_no_result() -> None:
    assert READER.read("model_meta.json", the()) is None


def test_scores__that_are_none_are_left_out() -> None:
    scores = {
        "test": [{"hf_subset": "default", "main_score": 2.5, "max_threshold": 0.1, "a\n": 1}, {"hf_subset": "x"}, 5],
        "train": "none",
    }
    (result,) = read(task("scores", scores))

    assert result.metrics == (Metric(name="main_score", value=2.5),)


def test_no_score() -> None:
    with pytest.raises(NotReadable, match="holds no score"):
        read(task("scores", []))


def test_no_task() -> None:
    with pytest.raises(NotReadable, match="names no task"):
        read(task("task_name", None))
