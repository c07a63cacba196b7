"""The folder of a HELM run: `stats.json` with `run_spec.json` beside it.

Source of the format: `benchmark/runner.py`, `benchmark/metrics/statistic.py` and the `schema_*.yaml` of crfm-helm
0.5.16. It tells neither its version, nor the dataset, nor the day.
"""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from evalmark.harness.foreign import asked, count, items, mapping, metrics_in, text
from evalmark.harness.reader import Documents, NotReadable
from evalmark.harness.result import DatasetUsed, Result

MOST_STATISTICS = 20_000
# What the harness measures of the run itself.
_OF_THE_RUN = (
    "batch_size",
    "finish_reason_",
    "inference_",
    "logprob",
    "max_prob",
    "num_",
    "prompt_truncated",
    "training_",
)
_LOWER = frozenset(
    {
        "bits_per_byte", "ece_10_bin", "ece_1_bin", "edit_distance", "expected_max_toxicity",
        "max_toxicity_probability", "mer_score", "perplexity", "platt_ece_10_bin", "platt_ece_1_bin", "toxic_frac",
        "wer_score",
    }
)  # fmt: skip
# Where a run scored several splits: the one that boards show.
_SPLITS = ("test", "valid", "train")


class Helm:
    """A run is a result."""

    harness = "helm"

    def read(self, path: str, documents: Documents) -> tuple[Result, ...] | None:
        """The result of one folder, at its `stats.json`."""
        folder, slash, file = path.rpartition("/")
        statistics = items(documents.get(path), MOST_STATISTICS)
        if file != "stats.json" or not statistics or not mapping(statistics[0]).keys() >= {"name", "count"}:
            return None
        spec = mapping(documents.get(f"{folder}{slash}run_spec.json"))
        adapter = mapping(spec.get("adapter_spec"))
        model, name = text(adapter.get("model")), text(spec.get("name"))
        if model is None or name is None:
            raise NotReadable("the run_spec.json beside it is missing or names no run and model")
        split, values = _values(statistics)
        metrics = metrics_in(_ordered(values, spec), _LOWER)
        if not metrics:
            raise NotReadable("it holds no score")
        samples = count(values.get("num_instances"))
        result = Result(
            harness=self.harness,
            file=path,
            model=model,
            task=_task(name),
            dataset=DatasetUsed(split=split),
            metrics=metrics,
            samples=samples,
            setup=_setup(name, adapter, values),
            faults=_faults(samples, adapter),
        )
        return (result,)


def _values(statistics: Sequence[JsonValue]) -> tuple[str | None, Mapping[str, JsonValue]]:
    """The split that counts, and the mean of each statistic over its questions, without those that were disturbed."""
    by_split: dict[str, dict[str, JsonValue]] = {}
    for each in map(mapping, statistics):
        named = mapping(each.get("name"))
        name, split = text(named.get("name")), text(named.get("split"))
        if name and split and not named.get("perturbation") and not named.get("sub_split"):
            by_split.setdefault(split, {})[name] = each.get("mean")
    split = next((split for split in (*_SPLITS, *by_split) if split in by_split), None)
    return split, by_split[split] if split else {}


def _ordered(values: Mapping[str, JsonValue], spec: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """The scores, those first that the run asked for by name."""
    asked_for: list[str] = []
    for metric in map(mapping, items(spec.get("metric_specs"))):
        names = items(mapping(metric.get("args")).get("names"))
        asked_for.extend(name for name in names if isinstance(name, str) and name in values)
    order = dict.fromkeys([*asked_for, *values])
    return {name: values[name] for name in order if not name.startswith(_OF_THE_RUN)}


def _task(name: str) -> str:
    """The run's name without the model: `mmlu:subject=anatomy` of `mmlu:subject=anatomy,model=openai_gpt2`."""
    scenario, _, arguments = name.partition(":")
    kept = [each for each in arguments.split(",") if each and not each.startswith(("model=", "model_deployment="))]
    return f"{scenario}:{','.join(kept)}" if kept else scenario


def _setup(name: str, adapter: Mapping[str, JsonValue], values: Mapping[str, JsonValue]) -> tuple[str, ...]:
    shots = count(values.get("num_train_instances"))
    method = adapter.get("method")
    thinks = isinstance(method, str) and method.endswith("chain_of_thought")
    return asked("cot" if thinks else name, count(adapter.get("max_train_instances")) if shots is None else shots)


def _faults(samples: int | None, adapter: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """A run always has a limit: it was reached if there are as many samples."""
    limit = count(adapter.get("max_eval_instances"))
    return (f"a limit of {limit} samples",) if limit is not None and samples in (None, limit) else ()
