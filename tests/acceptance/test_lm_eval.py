"""The real lm-eval, run by its command on questions of a Hub; its results file is read whole."""

import importlib.metadata
import json
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi

from evalmark.adapters.llamacpp import LlamaCpp
from evalmark.adapters.weights import find_weights, sha256_of
from evalmark.formats.parse_results import parse_results
from evalmark.harness import READERS
from evalmark.harness.result import DatasetUsed, Metric, Result
from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.conftest import World
from tests.provider import Answer, Provider
from tests.recordings import COMMIT, HERE, MODEL
from tests.recordings.making.sums import TESTS, write_sums

COMMAND = str(Path(sysconfig.get_path("scripts")) / "lm_eval")
SUMS = "acme/sums"
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"


@dataclass(frozen=True)
class Bench:
    """The tasks of the recordings over a running Hub."""

    world: World
    hub: str
    revision: str

    def run(self, url: str, *arguments: str) -> None:
        """Run lm-eval on a model that is served at `url`."""
        settings = {"model": MODEL, "base_url": f"{url}/chat/completions", "num_concurrent": 1}
        model = ",".join(f"{name}={value}" for name, value in settings.items())
        subprocess.run(
            [
                *(COMMAND, "run", "--model=local-chat-completions", f"--model_args={model},tokenized_requests=False"),
                *("--include_path=tasks", "--apply_chat_template", "--log_samples", "--output_path=out", *arguments),
            ],
            cwd=self.world.folder,
            env=self.world.environment(
                HF_ENDPOINT=self.hub, HF_HOME=str(self.world.folder / "hf"), OPENAI_API_KEY="none"
            ),
            check=True,
            capture_output=True,
            timeout=240,
        )

    def results(self) -> tuple[Result, ...]:
        """What its results file says to us."""
        files = {path.name: json.loads(path.read_text()) for path in self.world.folder.glob("out/*/*.json")}
        (name,) = files
        (results,) = (found for reader in READERS if (found := reader.read(name, files)) is not None)
        return results

    def samples(self) -> list[dict[str, Any]]:
        """What it logged of each sample."""
        (path,) = self.world.folder.glob("out/*/samples_*.jsonl")
        return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def bench(world: World) -> Iterator[Bench]:
    folder = world.folder / "sums"
    write_sums(folder)
    with LocalHub({RepoId("datasets", SUMS): folder}) as hub:
        revision = HfApi(hub.url).dataset_info(SUMS).sha or ""
        tasks = world.folder / "tasks"
        tasks.mkdir()
        for path in (HERE / "making/tasks").iterdir():
            (tasks / path.name).write_text(path.read_text().replace(COMMIT, revision))
        yield Bench(world, hub.url, revision)


@pytest.fixture
def smollm2() -> Iterator[str]:
    """The small real model, served as reruns serve it."""
    weights = find_weights(WEIGHTS)
    model = LlamaCpp("smollm2", path=str(weights), sha256=sha256_of(weights), context=2048)
    yield f"{model.connection_key()}/v1"
    model.close()


def sums(question: str) -> str:
    """Right, but for sums of thirty and more."""
    one, other = (int(word) for word in question.removeprefix("What is ").partition("?")[0].split(" + "))
    return str(one + other + (one + other >= 30))


def large_sums_below_thirty(folder: Path) -> int:
    rows = [json.loads(line) for line in (folder / "sums/large/test.jsonl").read_text().splitlines()]
    return sum(int(row["answer"]) < 30 for row in rows)


def test_group__each_field_is_read(bench: Bench, provide: Callable[[Answer], Provider]) -> None:
    bench.run(provide(sums).url, "--tasks=sums")

    small, large, group = bench.results()
    right = large_sums_below_thirty(bench.world.folder) / TESTS
    filters = ("strict-match", "flexible-extract")
    assert 0 < right < 1
    assert small == Result(
        harness="lm-eval",
        version=importlib.metadata.version("lm_eval"),
        file=small.file,
        model=MODEL,
        task="sums_small",
        dataset=DatasetUsed(id=SUMS, config="small", split="test", revision=bench.revision),
        metrics=tuple(Metric(name=f"exact_match,{each}", value=1.0, unit="fraction", stderr=0.0) for each in filters),
        samples=TESTS,
        planned=TESTS,
        date=small.date,
        setup=("3-shot",),
    )
    assert (large.task, large.dataset.config, [metric.value for metric in large.metrics]) == (
        "sums_large",
        "large",
        [right, right],
    )
    assert (group.task, group.samples, group.planned, group.dataset.config) == ("sums", 2 * TESTS, 2 * TESTS, None)
    assert group.metrics[0].value == pytest.approx((1 + right) / 2)


def test_small_real_model__over_a_part(bench: Bench, smollm2: str) -> None:
    bench.run(smollm2, "--tasks=sums_ter", "--limit=5", "--system_instruction=Answer with a number.")

    (result,) = bench.results()
    exact, ter, bleu = result.metrics
    scores = [sample["exact_match"] for sample in bench.samples()]
    assert (result.samples, result.planned, result.faults) == (5, TESTS, (f"5 of {TESTS} samples",))
    assert result.setup == ("With system prompt",)
    assert (exact.name, exact.unit, exact.value) == ("exact_match,none", "fraction", sum(scores) / len(scores))
    assert (ter.name, ter.unit, ter.lower_is_better) == ("ter,none", "percent", True)
    assert (bleu.name, bleu.unit, bleu.lower_is_better) == ("bleu,none", "percent", False)

    options = ("--benchmark=acme/sums=benchmark", "--offline", "--same-model", "--task-id=sums", "--metric=exact_match")
    refused = bench.world.run("add", "out", "--model-repo=model", *options)
    added = bench.world.run("add", "out", "--model-repo=model", "--allow-partial", *options)
    assert (refused.code, added.code) == (2, 0), added.err
    (file,) = (bench.world.model / ".eval_results").glob("*.yaml")
    (entry,) = parse_results(file.name, file.read_bytes()).entries
    assert (entry.entry.value, entry.entry.dataset.revision) == (exact.value * 100, bench.revision)
    assert entry.entry.notes == f"With system prompt; 5 of {TESTS} samples"
