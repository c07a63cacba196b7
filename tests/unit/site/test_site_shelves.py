"""Answers that are kept are the store's."""

from dataclasses import replace
from typing import Any

import pytest

from evalmark.query import WHOLE, Condition, Page, Where
from evalmark.record import ClaimRecord, EventRecord, ModelRecord, Record, TaskRecord
from evalmark.web.site import shelves
from evalmark.web.site.remembering import Remembered
from tests.records import MemoryRecords, small_world, task

OF_MODEL = (Condition("model", "=", "acme/adder"),)


@pytest.mark.parametrize("most", [0, 100_000])
@pytest.mark.parametrize(
    ("kind", "where", "order", "page"),
    [
        (ClaimRecord, OF_MODEL, ("dataset_id", "-score"), WHOLE),
        (ClaimRecord, OF_MODEL, ("-parameters", "place"), Page(0, 2)),
        (ClaimRecord, (*OF_MODEL, Condition("dataset_id", "=", "acme/sums")), ("place",), Page(1, 1)),
        (ClaimRecord, (*OF_MODEL, Condition("score", ">=", 1)), ("place",), WHOLE),
        (ClaimRecord, (Condition("dataset_id", "=", "acme/sums"),), ("place",), Page(0, 3)),
        (ClaimRecord, (), ("place", "id"), Page(0, 3)),
        (EventRecord, OF_MODEL, ("-at",), WHOLE),
        (ModelRecord, (Condition("model", "=", "no/body"),), (), WHOLE),
    ],
)
def test_shelves__say_the_same(
    monkeypatch: pytest.MonkeyPatch, kind: type[Record], where: Where, order: tuple[str, ...], page: Page, most: int
) -> None:
    monkeypatch.setattr(shelves, "MOST", most)
    records = MemoryRecords(small_world())
    kept = shelves.Shelves(records)

    for _ in range(2):
        assert kept.find(kind, where, order, page) == records.find(kind, where, order, page)
    assert kept.count(kind, where) == records.count(kind, where)
    assert kept.scored(OF_MODEL) == records.scored(OF_MODEL)
    assert kept.spans(OF_MODEL) == records.spans(OF_MODEL)
    assert kept.version == records.version


def test_remembered__is_new_after_each_change_of_the_store() -> None:
    tables: dict[type[Record], tuple[Any, ...]] = {TaskRecord: (task(),)}
    records = MemoryRecords(tables)
    kept = Remembered(records)

    assert kept.find(TaskRecord) == (task(),)
    tables[TaskRecord] = (replace(task(), claims=7),)
    assert kept.find(TaskRecord) == (task(),)
    records.version = "2"
    assert kept.find(TaskRecord)[0].claims == 7


def test_remembered__what_was_made_is_made_anew_after_each_change() -> None:
    records = MemoryRecords({})
    kept = Remembered(records)
    made = iter(range(1000))

    assert [kept.once("a", lambda: next(made)) for _ in range(3)] == [0, 0, 0]
    records.version = "2"
    assert kept.once("a", lambda: next(made)) == 1
    assert [kept.once(number, lambda: next(made)) for number in range(100)] == list(range(2, 102))
