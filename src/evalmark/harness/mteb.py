"""`<task>.json` of mteb, in the folder of a model with `model_meta.json`.

Source of the format: `results/task_result.py` and `cache/result_cache.py` of mteb 2.26. It tells the dataset's commit,
but not its name, and not how many samples there were. All scores have 1 as their most.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from pydantic import JsonValue

from evalmark.harness.foreign import MOST_METRICS, commit, entries, items, mapping, moment, number, some, text
from evalmark.harness.reader import Documents, NotReadable
from evalmark.harness.result import DatasetUsed, Metric, Result

_KEYS = frozenset({"task_name", "dataset_revision", "mteb_version", "scores"})
_MAIN = "main_score"


class Mteb:
    """A subset in a split of a task is a result."""

    harness = "mteb"

    def read(self, path: str, documents: Documents) -> tuple[Result, ...] | None:
        """The results of one file."""
        document = mapping(documents.get(path))
        return some(self._results(path, document, documents)) if document.keys() >= _KEYS else None

    def _results(self, path: str, document: Mapping[str, JsonValue], documents: Documents) -> Iterator[Result]:
        task = text(document["task_name"])
        model, revision = _model(path, documents)
        if task is None:
            raise NotReadable("it names no task")
        for split, subsets in entries(document["scores"]):
            for scores in map(mapping, items(subsets)):
                metrics = _metrics(scores)
                if not metrics:
                    continue
                yield Result(
                    harness=self.harness,
                    version=text(document["mteb_version"]),
                    file=path,
                    model=model,
                    model_revision=revision,
                    task=task,
                    dataset=DatasetUsed(
                        config=text(scores.get("hf_subset")),
                        split=text(split),
                        revision=commit(document["dataset_revision"]),
                    ),
                    metrics=metrics,
                    date=moment(document.get("date")),
                )


def _model(path: str, documents: Documents) -> tuple[str, str | None]:
    """The model by the file beside, else by the folders: `owner__name/<commit>/Task.json`."""
    folder, slash, _ = path.rpartition("/")
    meta = mapping(documents.get(f"{folder}{slash}model_meta.json"))
    told = text(meta.get("name"))
    if told is not None:
        return told, commit(meta.get("revision"))
    owner, between, name = folder.rpartition("/")[0].rpartition("/")[2].partition("__")
    if text(f"{owner}/{name}") is None or not between:
        raise NotReadable("the model_meta.json beside it is missing or names no model")
    return f"{owner}/{name}", commit(folder.rpartition("/")[2])


def _metrics(scores: Mapping[str, JsonValue]) -> tuple[Metric, ...]:
    """The main score, then the others. A threshold is no score."""
    names = [_MAIN, *(name for name in islice(scores, MOST_METRICS) if name != _MAIN)]
    values = {name: number(scores.get(name)) for name in names if text(name) and not name.endswith("threshold")}
    return tuple(
        Metric(name=name, value=value, unit="fraction" if abs(value) <= 1 else None)
        for name, value in values.items()
        if value is not None
    )
