"""The vendored lists and our models are those of the installed Inspect. If this fails: `python -m scripts.upstream`."""

import inspect
import re
from importlib.metadata import version

import pytest
from inspect_ai._eval.task import hf

from evalmark.formats.benchmark import FieldSpec
from scripts.upstream import drift, inspect_keys, inspect_lists, our_keys, read_inspect, vendored


def test_vendored_lists__are_those_of_the_installed_inspect() -> None:
    assert drift(vendored("inspect.json"), inspect_lists(read_inspect())) == []


def test_vendored_version__is_the_installed_one() -> None:
    assert vendored("inspect.json")["version"] == version("inspect-ai")


def test_keys_of_our_models__are_those_of_inspect() -> None:
    assert drift(our_keys(), inspect_keys(read_inspect())) == []


@pytest.mark.parametrize("name", ["inspect.json", "frameworks.json"])
def test_vendored_file__says_what_it_is_and_of_when(name: str) -> None:
    data = vendored(name)

    assert data["source"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", data["date"])
    assert data.get("version") or data["commit"] or data["commit_unknown"]


def test_field_spec__is_described_as_unused_where_inspect_does_not_use_it() -> None:
    used = set(re.findall(r"field_spec\.(\w+)", inspect.getsource(hf)))
    described = {name for name, field in FieldSpec.model_fields.items() if "not use it" not in str(field.description)}

    assert described == used
