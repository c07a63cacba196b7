"""Whatever stands in a results file: results, or one sentence; never another exception."""

import copy
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalmark.harness import READERS
from evalmark.harness.reader import Documents, NotReadable
from tests.recordings import HERE, recorded

FOLDERS = sorted({str(path.parent.relative_to(HERE)) for path in HERE.rglob("*.json")})
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -(10**400), 1e308, -1.5, 0, 1, "", "\ud800", "a\nb", "x" * 500, "|", ",", ":_average|3"]),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.lists(st.one_of(st.integers(), st.text(max_size=3)), max_size=3),
    st.dictionaries(st.text(max_size=5), st.one_of(st.integers(), st.floats(allow_nan=False)), max_size=3),
)
BOUNDED = settings(max_examples=60, deadline=timedelta(seconds=5))


def test_recordings__are_of_one_harness_each() -> None:
    read = {folder: set(harnesses(recorded(folder))) for folder in FOLDERS}

    assert read == {folder: {folder.partition("/")[0]} for folder in FOLDERS}


def harnesses(documents: Documents) -> Iterator[str]:
    for path in documents:
        for reader in READERS:
            try:
                results = reader.read(path, documents)
            except NotReadable:
                continue
            assert results != ()
            for result in results or ():
                assert type(result).model_validate_json(result.model_dump_json()) == result
                yield result.harness


@pytest.mark.parametrize("folder", FOLDERS)
@BOUNDED
@given(data=st.data())
def test_changed_recording__is_read_or_refused(folder: str, data: st.DataObject) -> None:
    documents = copy.deepcopy(recorded(folder))
    for _ in range(data.draw(st.integers(1, 4))):
        _change(documents, data)

    list(harnesses(documents))


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.harness)
@BOUNDED
@given(document=st.recursive(ODD, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner)))
def test_any_json__is_not_of_a_harness(reader: Any, document: Any) -> None:
    assert reader.read("stats.json", {"stats.json": document}) is None


def test_json_that_is_deep__is_not_followed() -> None:
    deep = json.loads("[" * 900 + "]" * 900)

    assert not any(reader.read("stats.json", {"stats.json": deep}) for reader in READERS)


def _change(documents: dict[str, Any], data: st.DataObject) -> None:
    """Another value, another name, or nothing, somewhere in the documents."""
    place: Any = documents[data.draw(st.sampled_from(sorted(documents)))]
    while True:
        keys = list(range(len(place))) if isinstance(place, list) else list(place)
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if isinstance(inner, list | dict) and data.draw(st.integers(0, 4)):
            place = inner
            continue
        break
    kind = data.draw(st.sampled_from(["value", "name", "gone"]))
    if kind == "value":
        place[key] = data.draw(ODD)
    elif kind == "name" and isinstance(place, dict):
        place[data.draw(st.text(max_size=6) | st.sampled_from(["\ud800", "a|b|c", "x:_average|3"]))] = place.pop(key)
    else:
        del place[key]
