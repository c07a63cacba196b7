"""Our errors about a benchmark's tasks, beside what Inspect's own loader refuses.

Inspect's task model is private, so only this test imports it, from the version whose behaviour `formats` describes.
Two statements: what Inspect refuses has an error of ours; and what has an error of ours, other than those
listed in BEYOND, Inspect refuses.
"""

import re
from collections import Counter
from importlib.metadata import version
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inspect_ai._eval.task.hf import HFTask

from evalmark.finding import Finding, Severity
from evalmark.flows.check import check
from evalmark.formats.document import read_document
from evalmark.formats.nodes import Mapping
from evalmark.formats.older_yaml import older_reading
from evalmark.formats.tasks import are_for_inspect
from tests.corpus.cases import INVALID, TODAY, VALID, case_name, files_of

KNOWN_VERSION = "0.3.285"

# Errors of ours for tasks that Inspect accepts, and why: by rule, and the end of the pointer ("" for any).
BEYOND = {
    ("yaml-anchor", ""): "the Hub and evalmark refuse what lets a small file become a huge one",
    ("yaml-alias", ""): "as anchors",
    ("yaml-tag", ""): "as anchors",
    ("yaml-merge-key", ""): "the Hub does not merge",
    ("yaml-duplicate-key", ""): "Inspect takes the last, the Hub may not",
    ("yaml-directive", ""): "readers differ about it",
    ("yaml-too-deep", ""): "the formats need five levels",
    ("yaml-too-large", ""): "64 kB are enough",
    ("yaml-character", ""): "readers differ about it",
    ("yaml-key", ".args"): "the Hub's format has text for keys",
    ("yaml-versions-differ", ""): "Inspect reads another value than the Hub",
    ("task-id-missing", ".id"): "an empty id is no address",
    ("task-id-duplicate", ".id"): "Inspect would run both",
    ("argument-opens-a-place", ""): "Inspect opens it, which is what is wrong",
    ("other-format", ""): "Inspect does not look beyond the tasks",
    ("field-type", "name"): "Inspect does not read the benchmark's name",
    ("field-type", "description"): "Inspect does not read the benchmark's description",
    ("field-type", "evaluation_framework"): "Inspect does not read it",
    # Inspect's model converts, the Hub's does not.
    ("epochs-form", ".epochs"): "Inspect takes `'4'` and true for whole numbers",
    ("field-type", ".shuffle_choices"): "Inspect takes 1 and `'yes'` for true",
}


def refused_by_inspect(text: str) -> bool:
    """As `task_create_from_hf` does it, without the download."""
    try:
        tasks = yaml.safe_load(text)["tasks"]
        models = [HFTask.model_validate(task) for task in tasks]
    except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError):
        return True
    return not models or (len(models) > 1 and any(model.id is None for model in models))


def errors(text: str) -> list[Finding]:
    return [item for item in check({"eval.yaml": text.encode()}, TODAY) if item.severity is Severity.ERROR]


def is_beyond(finding: Finding, text: str) -> bool:
    listed = any(finding.rule == rule and finding.place.pointer.endswith(end) for rule, end in BEYOND)
    return listed or (finding.rule == "field-type" and is_a_number_for_the_hub_only(finding, text))


def is_a_number_for_the_hub_only(finding: Finding, text: str) -> bool:
    """`id: 1e3` is a text to PyYAML, and a number, which is no id, to the Hub."""
    line = text.splitlines()[finding.place.line - 1]
    written = re.match(r"[^\s,\]}]*", line[finding.place.column - 1 :])
    older = older_reading(written[0]) if written else None
    return older is not None and older.words == "a text"


def assert_same_answer(text: str) -> None:
    refused, ours = refused_by_inspect(text), errors(text)

    assert ours or not refused, f"Inspect refuses what we accept:\n{text}"
    assert refused or all(is_beyond(item, text) for item in ours), f"Inspect accepts what we refuse: {ours}\n{text}"


def is_for_inspect(text: str) -> bool:
    root = read_document("eval.yaml", text).root
    return isinstance(root, Mapping) and are_for_inspect(root)


def benchmarks() -> list[tuple[str, str]]:
    texts = ((case_name(case), files_of(case).get("eval.yaml", b"")) for case in (*VALID, *INVALID))
    decoded = ((name, content.decode("utf-8", "replace")) for name, content in texts)
    return [(name, text) for name, text in decoded if is_for_inspect(text)]


def test_inspect__is_the_version_that_was_read() -> None:
    assert version("inspect-ai") == KNOWN_VERSION


@pytest.mark.parametrize("text", [text for _, text in benchmarks()], ids=[name for name, _ in benchmarks()])
def test_corpus__is_answered_as_inspect_does(text: str) -> None:
    assert_same_answer(text)


NAMES = ["generate", "multiple_choice", "match", "choice", "exact", "f1", "exact_match", "custom", "", "Generate"]
SCALARS = [
    "null", "true", "false", "yes", "no", "on", "0", "1", "4", "-1", "4.0", "1e3", "010", "1_0", "0o17", "1:30",
    "2026-01-15", "'4'", "''", "default", "test", "main", "'literal:D'", "mean", "pass_at_1", "at_least_2", "pass_at_x",
    "=", ".nan", "'yes'", "text", "'a/b'", "0x10", "9999999999999999999999",
]  # fmt: skip
COLLECTIONS = [
    "[]",
    "{}",
    "[a]",
    "[a, b]",
    "[1]",
    "{a: 1}",
    "[null]",
    "[[a]]",
    "{a: [1, {b: null}]}",
    "[yes]",
    "{1: a}",
]
VALUES = st.sampled_from([*SCALARS, *COLLECTIONS])


def component(name: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    args = st.sampled_from(
        ["", ", args: {}", ", args: {template: Say it.}", ", args: null", ", args: [a]", ", extra: 1"]
    )
    return st.builds("{{name: {}{}}}".format, name, args)


COMPONENTS = st.one_of(
    st.lists(component(st.sampled_from(NAMES)), max_size=2).map(lambda items: f"[{', '.join(items)}]"),
    VALUES,
)
GOOD = {
    "id": "diamond",
    "field_spec": "{input: question, target: answer}",
    "solvers": "[{name: generate}]",
    "scorers": "[{name: match}]",
}
FIELD_SPEC_KEYS = [
    "input", "target", "choices", "id", "metadata", "sandbox", "files", "setup", "checkpoint", "description",
    "input_image", "answer",
]  # fmt: skip
FIELD_SPECS = st.one_of(
    st.dictionaries(st.sampled_from(FIELD_SPEC_KEYS), VALUES, max_size=3).map(
        lambda spec: "{" + ", ".join(f"{key}: {value}" for key, value in spec.items()) + "}"
    ),
    VALUES,
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "id": VALUES,
        "config": VALUES,
        "split": VALUES,
        "field_spec": FIELD_SPECS,
        "shuffle_choices": VALUES,
        "epochs": VALUES,
        "epoch_reducer": VALUES,
        "solvers": COMPONENTS,
        "scorers": COMPONENTS,
        "scores": COMPONENTS,
        "metrics": VALUES,
    },
)


@st.composite
def tasks(draw: st.DrawFn) -> str:
    """A task with some fields changed, added or left out; now and then something that is no task."""
    if draw(st.integers(0, 30)) == 0:
        return draw(VALUES)
    changes = draw(CHANGES)
    kept = changes.keys() if len(changes) <= 2 else draw(st.sets(st.sampled_from(sorted(changes)), max_size=2))
    fields: dict[str, Any] = {**GOOD, **{key: changes[key] for key in kept}}
    for key in draw(st.lists(st.sampled_from(sorted(GOOD)), max_size=1)) if draw(st.booleans()) else []:
        del fields[key]
    return "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}"


@st.composite
def variants(draw: st.DrawFn) -> str:
    """An `eval.yaml` for Inspect, near the border between good and bad."""
    listed = draw(st.lists(tasks(), min_size=1, max_size=2))
    head = "name: A\ndescription: B\nevaluation_framework: inspect-ai\ntasks:\n"
    return head + "".join(f"  - {task}\n" for task in listed)


@pytest.mark.slow
def test_variants__are_answered_as_inspect_does() -> None:
    sides: Counter[bool] = Counter()

    @settings(max_examples=1_500, deadline=None, suppress_health_check=list(HealthCheck))
    @given(variants())
    def compare(text: str) -> None:
        sides[refused_by_inspect(text)] += 1
        assert_same_answer(text)

    compare()

    assert min(sides[True], sides[False]) > 150


def test_corpus__has_benchmarks_on_both_sides() -> None:
    assert {refused_by_inspect(text) for _, text in benchmarks()} == {True, False}
