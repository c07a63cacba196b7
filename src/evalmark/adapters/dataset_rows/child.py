"""The process that loads a dataset. Started by `DatasetRows` with a bare environment in an empty folder:

    python -I -m evalmark.adapters.dataset_rows.child DATASET REVISION

It answers questions that come as lines of JSON, each in one line, and ends when its parent does. Only `HF_ENDPOINT`
says where the dataset is: the embedded Hub for one in a folder, so that it is read as the Hub's own readers would.
"""

import contextlib
import itertools
import json
import os
import resource
import sys
import time
from collections.abc import Iterable
from typing import Any

LONGEST_TEXT = 400
MOST_LISTED = 200
COUNT_SECONDS = 5.0
MEMORY = 8 << 30
CPU_SECONDS = 600


def main(argv: list[str]) -> int:
    """Answer until there are no more questions."""
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    # What libraries print must not stand among the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        question = json.loads(line)
        try:
            reply = _answer(argv[1], argv[2], question)
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent must learn of it
            reply = {"trouble": _said(error)}
        print(json.dumps(reply), file=answers, flush=True)
    return 0


def _answer(dataset: str, revision: str, question: dict[str, Any]) -> dict[str, Any]:
    import datasets  # noqa: PLC0415 - seconds of import

    if "config" not in question:
        return {"names": datasets.get_dataset_config_names(dataset, revision=revision)[:MOST_LISTED]}
    config = question["config"]
    if question.get("files"):
        builder = datasets.load_dataset_builder(dataset, config, revision=revision)
        return {"files": _files(builder.config.data_files or {}, f"@{revision}/")}
    if "split" not in question:
        names = datasets.get_dataset_split_names(dataset, config, revision=revision)
        return {"names": [str(name) for name in names[:MOST_LISTED]]}
    rows = datasets.load_dataset(dataset, config, split=question["split"], revision=revision, streaming=True)
    return _rows(rows, question["rows"])


def _files(found: Any, before: str) -> dict[str, list[str]]:
    """The paths inside the repo by split, as `datasets` has found them."""
    return {str(split): [str(file).partition(before)[2] for file in files] for split, files in found.items()}


def _rows(rows: Any, many: int) -> dict[str, Any]:
    features = dict(rows.features or {})
    plain = rows.decode(enable=False) if features else rows  # pictures are not opened
    iterator = iter(plain)
    first = list(itertools.islice(iterator, many))
    names = list(features) or list(dict.fromkeys(name for row in first for name in row))[:MOST_LISTED]
    columns = [_column(name, features.get(name), [row.get(name) for row in first]) for name in names]
    pictures = [column["name"] for column in columns if column["kind"] == "data-uri"]
    total, only = _count(iterator, pictures, many if len(first) == many else 0, len(first))
    return {"columns": columns, "total": total, "only_data_uris": only}


def _count(rest: Iterable[Any], pictures: list[str], more: int, done: int) -> tuple[int | None, bool]:
    """How many rows there are, if that is soon known; and whether all pictures lie in the rows themselves."""
    if not more:
        return done, True
    deadline, only = time.monotonic() + COUNT_SECONDS, True
    for row in rest:
        only = only and all(_is_data_uri(row.get(name)) for name in pictures)
        done += 1
        if time.monotonic() > deadline:
            return None, False
    return done, only


def _column(name: str, feature: Any, values: list[Any]) -> dict[str, Any]:
    kind = _kind_of_feature(feature) or _kind_of_values(values)
    if kind == "text" and any(values) and all(_is_data_uri(value) for value in values):
        kind = "data-uri"
    labels = [str(label)[:LONGEST_TEXT] for label in getattr(feature, "names", None) or ()][:MOST_LISTED]
    return {"name": name, "kind": kind, "labels": labels, "values": [_value(value, kind) for value in values]}


def _is_data_uri(value: Any) -> bool:
    return value in (None, "") or (isinstance(value, str) and value.startswith("data:image/"))


def _kind_of_feature(feature: Any) -> str | None:
    """By the type that the dataset declares; None if that is not enough."""
    name = type(feature).__name__
    if name == "ClassLabel":
        return "integer"
    if name == "Image":
        return "image"
    inner = getattr(feature, "feature", None)
    if inner is not None:
        return "texts" if _kind_of_feature(inner) == "text" else "other"
    kind = str(getattr(feature, "dtype", ""))
    for prefix, ours in (("string", "text"), ("large_string", "text"), ("int", "integer"), ("uint", "integer")):
        if kind.startswith(prefix):
            return ours
    return {"bool": "boolean", "float64": "number", "float32": "number", "float16": "number"}.get(kind)


def _kind_of_values(values: list[Any]) -> str:
    there = [value for value in values if value is not None]
    if there and all(isinstance(value, list) and all(isinstance(item, str) for item in value) for value in there):
        return "texts"
    for kind, python in (("text", str), ("boolean", bool), ("integer", int), ("number", (int, float))):
        if there and all(isinstance(value, python) for value in there):
            return kind
    return "other"


def _value(value: Any, kind: str) -> Any:
    """A value that JSON can hold, cut; pictures and what is no column for us are left out."""
    if kind in ("image", "data-uri", "other") or value is None:
        return None
    if kind == "texts":
        return [str(item)[:LONGEST_TEXT] for item in list(value)[:MOST_LISTED]]
    return str(value)[:LONGEST_TEXT] if kind == "text" else value


def _said(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"[:LONGEST_TEXT]


if __name__ == "__main__":
    code = main(sys.argv)
    sys.stdout.flush()
    os._exit(code)
