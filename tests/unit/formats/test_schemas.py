"""The schemas of the file formats say what the models say: on the corpus, on mutated files, and in their examples."""

import copy
import json
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeAlias

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.protocols import Validator
from pydantic import TypeAdapter, ValidationError

from evalmark.cli.check.settings import KEYS
from evalmark.finding import Place, Severity
from evalmark.flows.check import check
from evalmark.formats import nodes
from evalmark.formats.benchmark import Benchmark, InspectBenchmark
from evalmark.formats.declaration import Declaration
from evalmark.formats.document import read_document
from evalmark.formats.parse_declaration import SETTINGS_TABLE
from evalmark.formats.results import Results
from evalmark.formats.tasks import are_for_inspect
from evalmark.formats.toml import read_toml
from scripts.file_schemas import EXAMPLES, file_schemas
from tests.corpus.cases import TODAY, all_files

Schema: TypeAlias = dict[str, Any]

SCHEMAS: dict[str, Schema] = {name: json.loads(text) for name, text in file_schemas().items()}
# yaml-language-server reads every schema as draft 7.
DIALECTS = [Draft202012Validator, Draft7Validator]
EXAMPLE_FILES = {
    "eval-results.schema.json": "model/.eval_results/gpqa.yaml",
    "eval.schema.json": "benchmark/eval.yaml",
    "evalmark.schema.json": "benchmark/.evalmark.toml",
}
# A token is issued; an example would only be pasted.
WITHOUT_EXAMPLE = {"verifyToken"}


def schema_name(path: str) -> str:
    """Which schema a file of the corpus is held against."""
    if path.endswith(".toml"):
        return "evalmark.schema.json"
    return "eval.schema.json" if path.endswith("/eval.yaml") else "eval-results.schema.json"


def plain_data(path: str, text: bytes) -> Any:
    """What the file says; `None` in the file is data too, so a file that cannot be read gives `...`."""
    document = read_toml(path, text, SETTINGS_TABLE) if path.endswith(".toml") else read_document(path, text)
    broken = any(finding.severity is Severity.ERROR for finding in document.findings)
    return ... if document.root is None or broken else nodes.plain_data(document.root)


LOADED = {path: data for path, text in all_files().items() if (data := plain_data(path, text)) is not ...}


@cache
def validator(dialect: type[Validator], name: str) -> Validator:
    return dialect(SCHEMAS[name], format_checker=dialect.FORMAT_CHECKER)


def as_node(data: Any) -> nodes.Node:
    if isinstance(data, dict):
        pairs = ((nodes.Scalar(key, key, plain=True, place=Place("")), as_node(value)) for key, value in data.items())
        return nodes.Mapping(tuple(pairs), Place(""))
    if isinstance(data, list):
        return nodes.Sequence(tuple(as_node(item) for item in data), Place(""))
    return nodes.Scalar(data, str(data), plain=True, place=Place(""))


def accepted_by_models(name: str, data: Any) -> bool:
    """Validated as `parse` does it."""
    root = as_node(data)
    benchmark = InspectBenchmark if isinstance(root, nodes.Mapping) and are_for_inspect(root) else Benchmark
    models: dict[str, Any] = {
        "eval-results.schema.json": Results,
        "eval.schema.json": benchmark,
        "evalmark.schema.json": Declaration,
    }
    try:
        adapter(models[name]).validate_python(data)
    except ValidationError:
        return False
    return True


@cache
def adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("path", LOADED)
def test_corpus_file__schema_and_models_agree(path: str, dialect: type[Validator]) -> None:
    name = schema_name(path)

    assert validator(dialect, name).is_valid(LOADED[path]) == accepted_by_models(name, LOADED[path])


def test_corpus__has_what_is_accepted_and_what_is_refused() -> None:
    seen = {(schema_name(path), accepted_by_models(schema_name(path), data)) for path, data in LOADED.items()}

    assert seen == {(name, verdict) for name in SCHEMAS for verdict in (True, False)}


ENTRY: Schema = {"dataset": {"id": "a/b", "task_id": "c"}, "value": 1}
INSPECT_TASK = {"id": "c", "field_spec": {}, "solvers": [{"name": "generate"}], "scorers": [{"name": "match"}]}
BORDERLINE = [
    ("eval-results.schema.json", [ENTRY] * 200, True),
    ("eval-results.schema.json", [ENTRY] * 201, False),
    ("eval-results.schema.json", [{**ENTRY, "value": 1.7976931348623157e308}], True),
    ("eval-results.schema.json", [{**ENTRY, "dataset": {"id": "a/b\n", "task_id": "c"}}], False),
    ("eval-results.schema.json", [{**ENTRY, "dataset": {**ENTRY["dataset"], "revision": "0" * 40 + "\n"}}], False),
    ("eval-results.schema.json", [{**ENTRY, "notes": None}], True),
    ("eval-results.schema.json", [{**ENTRY, "other": 1}], True),
    ("eval.schema.json", {"tasks": [{**INSPECT_TASK, "epochs": 4.0}]}, True),
    ("eval.schema.json", {"tasks": [{**INSPECT_TASK, "epochs": 4.5}]}, False),
    ("eval.schema.json", {"tasks": [{**INSPECT_TASK, "epoch_reducer": "mean\n"}]}, False),
    ("eval.schema.json", {"tasks": [{**INSPECT_TASK, "epoch_reducer": "pass_at_١"}]}, False),
    ("eval.schema.json", {"tasks": [{"id": "c", "solvers": 1}]}, False),
    ("eval.schema.json", {"tasks": [{"id": "c"}, {"id": "d", "solvers": 1}]}, False),
    ("eval.schema.json", {"tasks": [{"id": "c", "other": 1}]}, True),
    ("eval.schema.json", {"tasks": [{"id": "c"}], "evaluation_framework": "inspect-ai"}, False),
    ("eval.schema.json", {"tasks": [{"id": "c", "solvers": 1}], "evaluation_framework": "mteb"}, True),
    ("eval.schema.json", {"tasks": [{"id": "c", "solvers": 1}], "evaluation_framework": "unheard-of"}, False),
    ("eval.schema.json", {"tasks": [{"id": "c", "solvers": 1}], "evaluation_framework": None}, False),
    ("evalmark.schema.json", {}, True),
    ("evalmark.schema.json", {"tolerance": 0}, False),
    ("evalmark.schema.json", {"unit": None}, True),
    ("evalmark.schema.json", {"settings": {"max_tokens": 4.0, "top_k": True}}, False),
    ("evalmark.schema.json", {"settings": {"max_tokens": 4.0, "stop_seqs": None}}, True),
    ("evalmark.schema.json", {"settings": {"max_tokens": 0}}, False),
    ("evalmark.schema.json", {"settings": None}, False),
    ("evalmark.schema.json", {"settings": {"seed": 1}}, False),
    ("evalmark.schema.json", {"variants": {"x": {}}, "tokens_per_sample": None}, True),
    ("evalmark.schema.json", {"variants": {"x": {"task": "a\n"}}}, True),
    ("evalmark.schema.json", {"judges": ["a/b\n"]}, False),
    ("evalmark.schema.json", {"judges": ["self", "a/é"]}, False),
    ("evalmark.schema.json", {"trusted_keys": [f"ed25519:{'A' * 43}=\n"]}, False),
    ("evalmark.schema.json", {"trusted_keys": [f"ed25519:{'A' * 42}B="]}, False),
    ("evalmark.schema.json", {"trusted_keys": None}, False),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("name", "data", "accepted"), BORDERLINE)
def test_borderline__schema_and_models_agree(name: str, data: Any, accepted: bool, dialect: type[Validator]) -> None:
    assert (validator(dialect, name).is_valid(data), accepted_by_models(name, data)) == (accepted, accepted)


# Not among the texts: half of a surrogate pair. pydantic refuses it, and no portable pattern can.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NASTY: st.SearchStrategy[Any] = st.sampled_from(
    [
        None, True, False, 0, 1, -1, 4, 4.0, 0.5, 4.5, 0.25, 0.26, 1e300, 10**18, float("nan"), float("inf"),
        float("-inf"), 1.7976931348623157e308, "", "x", "a/b", "a/b\n", "a/b/c", "\n", "4", "20.9%", "0" * 40,
        "0" * 40 + "\n", "0" * 39, "A" * 40, "inspect-ai", "mteb", "inspect-ai\n", "mean", "mean\n", "pass_at_1",
        "pass_at_", "pass_at_١", "percent", "generate", "match", "é/x", [], {}, [None], ["x"], [1], [[]], [{}],
        {"name": "generate"}, {"name": "match", "args": None, "other": 1}, {"name": "generate", "args": {"a": [None]}},
        {"id": "a/b", "task_id": "c"}, {"url": "x"}, {"unit": "percent"}, {"a": {"unit": None}},
    ]
)  # fmt: skip
VALUES = NASTY.map(copy.deepcopy) | TEXTS | st.integers(-(10**18), 10**18) | st.floats()
KEYS_OF_ALL = sorted(
    {
        key
        for schema in SCHEMAS.values()
        for part in (schema, *schema["$defs"].values())
        for key in part.get("properties", ())
    }
)


def nudged(value: Any) -> list[Any]:
    """Nearly the same value: what one language takes for equal, or one pattern lets through."""
    if isinstance(value, str):
        return [f"{value}\n", f"\n{value}", value[:-1], value.upper(), [value]]
    return [str(value), bool(value), -value, float(value)] if isinstance(value, int | float) else [None]


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with every key or index in it."""
    for key in list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield data, key
        yield from places(data[key])


@st.composite
def mutated(draw: st.DrawFn, name: str) -> Any:
    """The data of a file of the corpus, with one to three things replaced, deleted or added."""
    paths = [path for path in LOADED if schema_name(path) == name]
    root = [copy.deepcopy(LOADED[draw(st.sampled_from(paths))])]
    for _ in range(draw(st.integers(1, 3))):
        around, key = draw(st.sampled_from(list(places(root))))
        action = draw(st.sampled_from(["replace", "nudge", "delete", "add"]))
        if action == "delete" and around is not root:
            del around[key]
        elif action == "add" and isinstance(around, dict):
            around[draw(st.sampled_from(KEYS_OF_ALL) | TEXTS)] = draw(VALUES)
        elif action == "nudge":
            around[key] = draw(st.sampled_from(nudged(around[key])))
        else:
            around[key] = draw(VALUES)
    return root[0]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", SCHEMAS)
def test_mutated_file__schema_and_models_agree(name: str, dialect: type[Validator]) -> None:
    @settings(max_examples=300, deadline=None)
    @given(mutated(name))
    def agree(data: Any) -> None:
        declared = (
            {key: value for key, value in data.items() if key != SETTINGS_TABLE} if isinstance(data, dict) else data
        )
        assert validator(dialect, name).is_valid(declared) == accepted_by_models(name, declared)

    agree()


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_schema__is_one_in_both_dialects(name: str, dialect: type[Validator]) -> None:
    dialect.check_schema(SCHEMAS[name])


@pytest.mark.parametrize(("name", "example"), EXAMPLE_FILES.items())
def test_example_of_a_whole_file__is_in_the_schema(name: str, example: str) -> None:
    text = (EXAMPLES / example).read_text("utf-8")

    assert SCHEMAS[name]["examples"] == [tomllib.loads(text) if example.endswith(".toml") else yaml.safe_load(text)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_example_of_a_whole_file__fits_the_schema(name: str) -> None:
    validator(Draft202012Validator, name).validate(SCHEMAS[name]["examples"][0])


@pytest.mark.parametrize("example", EXAMPLE_FILES.values())
def test_example_of_a_whole_file__passes_the_check(example: str) -> None:
    path = example.partition("/")[2]

    assert check({path: (EXAMPLES / example).read_bytes()}, TODAY) == ()


def properties(part: Any) -> Iterator[tuple[str, Schema]]:
    """Every property that a schema describes, outside of the conditions."""
    if isinstance(part, dict):
        yield from part.get("properties", {}).items()
        for key, below in part.items():
            if key not in ("if", "examples"):
                yield from properties(below)


PROPERTIES = [
    pytest.param(schema, key, each, id=f"{name}:{key}")
    for name, schema in SCHEMAS.items()
    for key, each in properties(schema)
]


@pytest.mark.parametrize(("schema", "key", "each"), PROPERTIES)
def test_property__is_described(schema: Schema, key: str, each: Schema) -> None:
    assert each["description"].endswith(".")


@pytest.mark.parametrize(("schema", "key", "each"), PROPERTIES)
def test_property__has_examples_that_fit_it(schema: Schema, key: str, each: Schema) -> None:
    fitting = Draft202012Validator({**each, "$defs": schema.get("$defs", {})})

    assert bool(each.get("examples")) == (key not in WITHOUT_EXAMPLE)
    assert [example for example in each.get("examples", []) if not fitting.is_valid(example)] == []


@pytest.mark.parametrize(
    ("table", "fits"),
    [
        ({"select": ["value-not-a-number"], "ignore": [], "strict": True}, True),
        ({"strict": "yes"}, False),
        ({"ignore": "judge-paid"}, False),
        ({"only": []}, False),
    ],
)
def test_settings_of_check__are_held_as_the_command_holds_them(table: Schema, fits: bool) -> None:
    assert validator(Draft202012Validator, "evalmark.schema.json").is_valid({SETTINGS_TABLE: table}) == fits


def test_settings_of_check__are_all_there() -> None:
    assert set(SCHEMAS["evalmark.schema.json"]["properties"][SETTINGS_TABLE]["properties"]) == set(KEYS)
