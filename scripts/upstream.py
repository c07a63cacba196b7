"""Show how far the vendored lists of others have drifted from what is installed, and take over what is new.

    python -m scripts.upstream [--frameworks EVAL_TS [--commit SHA]] [--write [--date YYYY-MM-DD]]

Inspect's lists come from the installed package. The Hub's list of frameworks comes from a copy of `eval.ts` (where that
stands is in `formats/data/frameworks.json`), since there is no package that has it. Exits 1 if something differs and is
not written. What changes is a maintainer's decision: read the difference before it is committed.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

from evalmark.formats.benchmark import FieldSpec, InspectTask

DATA = Path(__file__).resolve().parent.parent / "src/evalmark/formats/data"

Lists: TypeAlias = Mapping[str, Sequence[str]]

_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)|(?P<word>[\w$]+)|(?P<sign>[{}:])",
    re.DOTALL,
)
_FRAMEWORKS_BEGIN = re.compile(r"\bEVALUATION_FRAMEWORKS\b[^={]*=\s*")
_REDUCERS = re.compile(r"\^\(((?:\w+(?:\\d\+)?\|?)+)\)\$")
_COUNTED = "_\\d+"


class Unreadable(Exception):
    """What is upstream has another form than this script knows."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One list: what upstream has and we do not, and what we have and upstream does not."""

    name: str
    added: tuple[str, ...]
    gone: tuple[str, ...]

    def __str__(self) -> str:
        parts = (f"{word} {', '.join(names)}" for word, names in (("new:", self.added), ("gone:", self.gone)) if names)
        return f"{self.name}, {'; '.join(parts)}"


def drift(vendored: Lists, upstream: Lists) -> list[Drift]:
    """The lists that differ. Their order says nothing."""
    found = (
        Drift(
            name,
            tuple(each for each in upstream[name] if each not in vendored[name]),
            tuple(each for each in vendored[name] if each not in upstream[name]),
        )
        for name in upstream
    )
    return [each for each in found if each.added or each.gone]


def inspect_lists(task_model: Mapping[str, Any]) -> dict[str, list[str]]:
    """The closed lists in the JSON Schema of Inspect's task model."""
    parts, properties = task_model["$defs"], task_model["properties"]
    pattern = next(each["pattern"] for each in properties["epoch_reducer"]["anyOf"] if "pattern" in each)
    if (match := _REDUCERS.fullmatch(pattern)) is None:
        raise Unreadable(f"the pattern of Inspect's reducers has a new form: {pattern}")
    reducers = match[1].split("|")
    return {
        "solvers": parts["HFSolver"]["properties"]["name"]["enum"],
        "scorers": parts["HFScorer"]["properties"]["name"]["enum"],
        "reducers": [name for name in reducers if not name.endswith(_COUNTED)],
        "counted_reducers": [name.removesuffix(_COUNTED) for name in reducers if name.endswith(_COUNTED)],
    }


def inspect_keys(task_model: Mapping[str, Any]) -> dict[str, list[str]]:
    """The keys that Inspect allows in a task and in its `field_spec`."""
    field_spec = task_model["$defs"]["HFFieldSpec"]["properties"]
    return {"keys of a task": list(task_model["properties"]), "keys of field_spec": list(field_spec)}


def our_keys() -> dict[str, list[str]]:
    """The same keys in our models, which `--write` cannot change."""
    return {"keys of a task": list(InspectTask.model_fields), "keys of field_spec": list(FieldSpec.model_fields)}


def frameworks(eval_ts: str) -> list[str]:
    """The keys of the object `EVALUATION_FRAMEWORKS`."""
    begin = _FRAMEWORKS_BEGIN.search(eval_ts)
    keys = list(_outer_keys(eval_ts[begin.end() :])) if begin else []
    if not keys:
        raise Unreadable("there is no object EVALUATION_FRAMEWORKS with keys in this file")
    return keys


def _outer_keys(source: str) -> Iterator[str]:
    depth, last = 0, ""
    for token in _TOKEN.finditer(source):
        sign = token["sign"]
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "}" and depth == 0:
            return
        if sign == ":" and depth == 1:
            yield last
        last = token["word"] or (token["text"] or "")[1:-1]


def refreshed_inspect(lists: Lists, package_version: str, read_on: str) -> dict[str, Any]:
    """The new content of `inspect.json`."""
    source = "inspect_ai/_eval/task/hf.py in the package inspect-ai"
    return {"source": source, "version": package_version, "date": read_on, **lists}


def refreshed_frameworks(
    vendored: Mapping[str, Any], names: Sequence[str], commit: str | None, read_on: str
) -> dict[str, Any]:
    """The new content of `frameworks.json`."""
    unknown = {} if commit else {"commit_unknown": "the copy did not say of which commit it is"}
    return {"source": vendored["source"], "commit": commit, **unknown, "date": read_on, "frameworks": list(names)}


def read_inspect() -> dict[str, Any]:
    """The JSON Schema of the installed Inspect's task model, which is private."""
    from inspect_ai._eval.task.hf import HFTask  # noqa: PLC0415 - seconds, and only this needs it

    return HFTask.model_json_schema()


def vendored(name: str) -> dict[str, Any]:
    """A vendored file."""
    data: dict[str, Any] = json.loads((DATA / name).read_text("utf-8"))
    return data


def write(name: str, data: Mapping[str, Any]) -> None:
    """Write a vendored file."""
    (DATA / name).write_text(json.dumps(data, indent=2) + "\n", "utf-8")
    print(f"written: {name}")


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upstream", description="Drift of the vendored lists.")
    parser.add_argument("--frameworks", metavar="EVAL_TS", type=Path, help="a copy of eval.ts to compare with")
    parser.add_argument("--commit", metavar="SHA", help="the commit of that copy")
    parser.add_argument("--write", action="store_true", help="take over what is upstream")
    today = datetime.now(UTC).date()
    parser.add_argument("--date", type=date.fromisoformat, default=today, help="when it was read; default: today")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Show the drift, write if asked to, and exit 1 for what is left."""
    args = arguments(argv)
    try:
        left = _inspect(args) + (_frameworks(args) if args.frameworks else [])
    except Unreadable as problem:
        print(problem)
        return 2
    return 1 if left else 0


def _inspect(args: argparse.Namespace) -> list[Drift]:
    known, task_model, installed = vendored("inspect.json"), read_inspect(), version("inspect-ai")
    lists = inspect_lists(task_model)
    found = drift({**known, "version": [known["version"]]}, {**lists, "version": [installed]})
    in_models = drift(our_keys(), inspect_keys(task_model))
    _show(f"inspect-ai {installed}", found + in_models)
    if not args.write:
        return found + in_models
    write("inspect.json", refreshed_inspect(lists, installed, str(args.date)))
    return in_models


def _frameworks(args: argparse.Namespace) -> list[Drift]:
    known, names = vendored("frameworks.json"), frameworks(args.frameworks.read_text("utf-8"))
    found = drift(known, {"frameworks": names})
    _show(args.frameworks.name, found)
    if not args.write:
        return found
    write("frameworks.json", refreshed_frameworks(known, names, args.commit, str(args.date)))
    return []


def _show(upstream: str, found: Sequence[Drift]) -> None:
    if not found:
        print(f"{upstream}: as vendored")
    for each in found:
        print(f"{upstream}: {each}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
