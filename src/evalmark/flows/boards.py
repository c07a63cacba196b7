"""One page of a board: which claims, in which order, at which rank."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from evalmark.board import Placed, Scored, best_of_each, ranked
from evalmark.ports import Records
from evalmark.query import BoardFilter, Condition, Page, Where, of_board
from evalmark.record import ClaimRecord, TaskRecord

Sort: TypeAlias = Literal["rank", "model", "score", "date", "evidence"]
ORDERS: Final[dict[Sort, tuple[str, ...]]] = {
    "model": ("model", "place"),
    "score": ("-score", "place"),
    "date": ("-changed_at", "place"),
    "evidence": ("-strength", "place"),
}
EVERYTHING: Final = BoardFilter()


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A claim and its place among those that the filter lets through."""

    rank: int | None
    tied: bool
    claim: ClaimRecord


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Rows of a board, and how many there are in all."""

    task: TaskRecord
    rows: tuple[BoardRow, ...]
    total: int


def board_page(records: Records, task: TaskRecord, wanted: BoardFilter, page: Page, sort: Sort = "rank") -> BoardPage:
    """The rows of a page. Ranks are among all rows that the filter lets through, whatever the order."""
    where = of_board(task.dataset_id, task.task_id)
    if wanted == EVERYTHING and sort == "rank":
        rows = records.find(ClaimRecord, where, ("place",), page)
        return BoardPage(
            task, tuple(BoardRow(row.rank, row.tied, row) for row in rows), records.count(ClaimRecord, where)
        )
    placed = placed_rows(records, task, wanted)
    if sort == "rank":
        return BoardPage(task, _in_order(records, where, placed[page.offset :][: page.limit]), len(placed))
    by_id = {each.id: each for each in placed}
    conditions = (*where, *wanted.conditions)
    if wanted.best:
        conditions = (*conditions, Condition("id", "in", tuple(by_id)))
    claims = records.find(ClaimRecord, conditions, ORDERS[sort], page)
    return BoardPage(task, tuple(_row(by_id[claim.id], claim) for claim in claims), len(placed))


def placed_rows(records: Records, task: TaskRecord, wanted: BoardFilter) -> tuple[Placed, ...]:
    """The ranks of all rows that the filter lets through, in the board's order."""
    scored: tuple[Scored, ...] | list[Scored]
    scored = records.scored((*of_board(task.dataset_id, task.task_id), *wanted.conditions))
    if wanted.best:
        scored = best_of_each(scored, lower_is_better=task.lower_is_better)
    return ranked(scored, lower_is_better=task.lower_is_better)


def _in_order(records: Records, where: Where, placed: tuple[Placed, ...]) -> tuple[BoardRow, ...]:
    found = records.find(ClaimRecord, (*where, Condition("id", "in", tuple(each.id for each in placed))))
    by_id = {claim.id: claim for claim in found}
    return tuple(_row(each, by_id[each.id]) for each in placed)


def _row(placed: Placed, claim: ClaimRecord) -> BoardRow:
    return BoardRow(placed.rank, placed.tied, claim)
