"""A page of a board is a part of the whole board, however it is come by."""

import random
from dataclasses import replace

import pytest

from evalmark.board import Scored, best_of_each, ranked
from evalmark.flows.boards import ORDERS, Sort, board_page
from evalmark.query import BoardFilter, Page, of_board
from evalmark.record import ClaimRecord, TaskRecord
from tests.records import MemoryRecords, claim, placed, task

CHOICES = [
    BoardFilter(),
    BoardFilter(owner="a"),
    BoardFilter(base_only=True),
    BoardFilter(best=True),
    BoardFilter(best=True, base_only=True),
    BoardFilter(search="nobody"),
]


def board(seed: int, *, lower_is_better: bool) -> MemoryRecords:
    """A small board with ties, intervals and contradicted claims."""
    drawn = random.Random(seed)
    claims: list[ClaimRecord] = []
    for number in range(drawn.randrange(40)):
        score = float(drawn.randrange(12))
        half = drawn.choice([0, 0, 0, 1, 3.5])
        made = claim(
            f"{drawn.choice('ab')}/m{drawn.randrange(9)}", score, score_low=score - half, score_high=score + half,
            base_model=drawn.choice([None, "c/d"]), position=number,
        )  # fmt: skip
        claims.append(replace(made, verdict="mismatch", strength=-1) if drawn.random() < 0.2 else made)
    return MemoryRecords({ClaimRecord: placed(claims, lower_is_better=lower_is_better)})


def expected(records: MemoryRecords, of: TaskRecord, wanted: BoardFilter, sort: Sort) -> list[tuple[object, ...]]:
    """Ranks and ids of all rows, from the definition."""
    where = (*of_board(of.dataset_id, of.task_id), *wanted.conditions)
    rows: tuple[Scored, ...] | list[Scored] = records.scored(where)
    if wanted.best:
        rows = best_of_each(rows, lower_is_better=of.lower_is_better)
    found = {each.id: each for each in ranked(rows, lower_is_better=of.lower_is_better)}
    ids = list(found) if sort == "rank" else [each.id for each in records.find(ClaimRecord, where, ORDERS[sort])]
    return [(found[each].rank, found[each].tied, each) for each in ids if each in found]


@pytest.mark.parametrize("wanted", CHOICES)
@pytest.mark.parametrize("lower_is_better", [False, True])
def test_board__pages_put_together_are_the_whole(wanted: BoardFilter, lower_is_better: bool) -> None:
    of = task(lower_is_better=lower_is_better)
    for seed in range(25):
        records = board(seed, lower_is_better=lower_is_better)
        for sort in ("rank", *ORDERS):
            whole = expected(records, of, wanted, sort)
            pages = [board_page(records, of, wanted, Page(start, 7), sort) for start in range(0, 50, 7)]

            assert [(row.rank, row.tied, row.claim.id) for page in pages for row in page.rows] == whole
            assert {page.total for page in pages} == {len(whole)}


def test_board__all_of_it_at_once() -> None:
    records, of = board(3, lower_is_better=False), task()

    for wanted in CHOICES:
        page = board_page(records, of, wanted, Page(2))
        assert [row.claim.id for row in page.rows] == [each for *_, each in expected(records, of, wanted, "rank")[2:]]
