"""One page of a board: which claims, in which order, at which rank."""

from typing import Final, Literal, TypeAlias

from evalmark.board import BoardPage, BoardRow, Placed, best_of_each, ranked
from evalmark.ports import Records
from evalmark.query import BoardFilter, Condition, Page, of_board
from evalmark.record import ClaimRecord, TaskRecord

__all__ = ["BoardPage", "BoardRow", "Sort", "board_page", "placed_rows"]

Sort: TypeAlias = Literal["rank", "model", "score", "date", "evidence"]
ORDERS: Final[dict[Sort, tuple[str, ...]]] = {
    "model": ("model", "place"),
    "score": ("-score", "place"),
    "date": ("-changed_at", "place"),
    "evidence": ("-strength", "place"),
}
EVERYTHING: Final = BoardFilter()


def board_page(
    records: Records,
    task: TaskRecord,
    wanted: BoardFilter,
    page: Page,
    sort: Sort = "rank",
    placed: tuple[Placed, ...] | None = None,
) -> BoardPage:
    """The rows of a page. Ranks are among all rows that the filter lets through, whatever the order.

    `placed` is what `placed_rows` says of the same filter and order, if that is known already.
    """
    if wanted == EVERYTHING:
        return _whole_board(records, task, page, sort)
    if placed is None:
        placed = placed_rows(records, task, wanted, sort)
    end = None if page.limit is None else page.offset + page.limit
    return BoardPage(task, _with_claims(records, task, placed[page.offset : end]), len(placed))


def placed_rows(records: Records, task: TaskRecord, wanted: BoardFilter, sort: Sort = "rank") -> tuple[Placed, ...]:
    """The ranks of all rows that the filter lets through, in the order that is asked for."""
    where = (*of_board(task.dataset_id, task.task_id), *wanted.conditions)
    found = records.scored(where, ORDERS.get(sort, ()))
    scored = best_of_each(found, lower_is_better=task.lower_is_better) if wanted.best else found
    placed = ranked(scored, lower_is_better=task.lower_is_better)
    if sort == "rank":
        return placed
    by_id = {each.id: each for each in placed}
    return tuple(by_id[row.id] for row in found if row.id in by_id)


def _whole_board(records: Records, task: TaskRecord, page: Page, sort: Sort) -> BoardPage:
    """A page of all claims: their places stand in the records."""
    where = of_board(task.dataset_id, task.task_id)
    if sort == "rank":
        # Places go from 1 without a gap, and a range of them is found sooner than the rows after so many others.
        first = Condition("place", ">=", page.offset + 1)
        end = () if page.limit is None else (Condition("place", "<=", page.offset + page.limit),)
        claims = records.find(ClaimRecord, (*where, first, *end), ("place",))
    else:
        claims = records.find(ClaimRecord, where, ORDERS[sort], page)
    rows = tuple(BoardRow(claim.rank, claim.tied, claim) for claim in claims)
    return BoardPage(task, rows, records.count(ClaimRecord, where))


def _with_claims(records: Records, task: TaskRecord, placed: tuple[Placed, ...]) -> tuple[BoardRow, ...]:
    ids = Condition("id", "in", tuple(each.id for each in placed))
    by_id = {claim.id: claim for claim in records.find(ClaimRecord, (*of_board(task.dataset_id, task.task_id), ids))}
    # A sync between the two questions may have taken a claim away.
    return tuple(BoardRow(each.rank, each.tied, by_id[each.id]) for each in placed if each.id in by_id)
