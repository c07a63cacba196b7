"""One page of a board: which claims, in which order, at which rank."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from evalmark.board import BoardPage, Placed, RankedClaim, Scored, Standing, best_of_each, standing
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
RANKED: Final = Condition("rank", "is not null")
CONTRADICTED: Final = Condition("rank", "is null")


@dataclass(frozen=True, slots=True)
class Known:
    """What was worked out for an earlier page of the same filter; for `best` also of the same order."""

    standing: Standing
    chosen: tuple[Scored, ...] | None = None
    """The best row of each model, in the order that was asked for; by rank, in any."""

    @property
    def rows(self) -> int:
        """How many rows it is about."""
        return len(self.standing.lows if self.chosen is None else self.chosen)


def board_page(
    records: Records, task: TaskRecord, wanted: BoardFilter, page: Page, sort: Sort = "rank", known: Known | None = None
) -> BoardPage:
    """The rows of a page. Ranks are among all rows that the filter lets through, whatever the order."""
    if wanted == EVERYTHING:
        return _whole_board(records, task, page, sort)
    known = known or know(records, task, wanted, sort)
    if known.chosen is None:
        return _of_standing(records, task, wanted, page, (sort, known.standing))
    if sort == "rank":
        placed = _best_in_board_order(known.chosen, task, page, known.standing)
    else:
        placed = tuple(_placed(row, task, known.standing) for row in known.chosen[page.offset : _end(page)])
    return BoardPage(task, _with_claims(records, task, placed), len(known.chosen))


def know(records: Records, task: TaskRecord, wanted: BoardFilter, sort: Sort) -> Known:
    """What the pages of a filter have in common."""
    where = (*of_board(task.dataset_id, task.task_id), *wanted.conditions)
    if not wanted.best:
        return Known(standing(records.spans((*where, RANKED)), lower_is_better=task.lower_is_better))
    found = records.scored(where, ORDERS.get(sort, ()))
    chosen = best_of_each(found, lower_is_better=task.lower_is_better)
    among = standing(
        ((row.low, row.high) for row in chosen if not row.contradicted), lower_is_better=task.lower_is_better
    )
    if sort != "rank":
        ids = {row.id for row in chosen}
        chosen = tuple(row for row in found if row.id in ids)
    return Known(among, chosen)


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
    rows = tuple(RankedClaim(claim.rank, claim.tied, claim) for claim in claims)
    return BoardPage(task, rows, records.count(ClaimRecord, where))


def _of_standing(
    records: Records, task: TaskRecord, wanted: BoardFilter, page: Page, how: tuple[Sort, Standing]
) -> BoardPage:
    """A page of a filter that leaves all rows of a model."""
    sort, among = how
    where = (*of_board(task.dataset_id, task.task_id), *wanted.conditions)
    total = len(among.lows) + records.count(ClaimRecord, (*where, CONTRADICTED))
    if sort == "rank":
        return BoardPage(task, _in_board_order(records, task, where, page, among), total)
    found = records.find(ClaimRecord, where, ORDERS[sort], page)
    return BoardPage(task, tuple(_row(claim, task, among) for claim in found), total)


def _in_board_order(
    records: Records, task: TaskRecord, where: Where, page: Page, among: Standing
) -> tuple[RankedClaim, ...]:
    """By rank, then score, then name; the contradicted last."""
    count, end = len(among.highs), _end(page)
    sound: list[RankedClaim] = []
    if page.offset < count:
        low, high, before = among.reach(page.offset, count if end is None else min(end, count))
        column, least, most = ("score_low", -high, -low) if task.lower_is_better else ("score_high", low, high)
        within = (*where, RANKED, Condition(column, ">=", least), Condition(column, "<=", most))
        found = [_row(claim, task, among) for claim in records.find(ClaimRecord, within)]
        found.sort(key=lambda row: (row.rank or 0, _worse(row.claim.score, task), row.claim.model, row.claim.id))
        sound = found[page.offset - before : None if end is None else end - before]
    if end is not None and end <= count:
        return tuple(sound)
    rest = Page(max(0, page.offset - count), None if end is None else end - max(count, page.offset))
    order = ("score" if task.lower_is_better else "-score", "model", "id")
    last = records.find(ClaimRecord, (*where, CONTRADICTED), order, rest)
    return (*sound, *(_row(claim, task, among) for claim in last))


def _best_in_board_order(
    chosen: tuple[Scored, ...], task: TaskRecord, page: Page, among: Standing
) -> tuple[Placed, ...]:
    """The same of rows that were chosen already."""
    count, end = len(among.highs), _end(page)
    sound: list[Scored] = []
    if page.offset < count:
        low, high, before = among.reach(page.offset, count if end is None else min(end, count))
        within = [row for row in chosen if low <= _upper(row.low, row.high, task) <= high and not row.contradicted]
        within.sort(
            key=lambda row: (
                _placed(row, task, among).rank or 0, _worse(row.score, task), row.model, row.id
            )
        )  # fmt: skip
        sound = within[page.offset - before : None if end is None else end - before]
    last: list[Scored] = []
    if end is None or end > count:
        last = sorted(
            (row for row in chosen if row.contradicted), key=lambda row: (_worse(row.score, task), row.model, row.id)
        )
        last = last[max(0, page.offset - count) : None if end is None else end - count]
    return tuple(_placed(row, task, among) for row in (*sound, *last))


def _placed(row: Scored, task: TaskRecord, among: Standing) -> Placed:
    if row.contradicted:
        return Placed(row.id, row.model, None, tied=False)
    return Placed(row.id, row.model, *among.place(_upper(row.low, row.high, task)))


def _upper(low: float, high: float, task: TaskRecord) -> float:
    """The upper end of an interval, where higher is better."""
    return -low if task.lower_is_better else high


def _row(claim: ClaimRecord, task: TaskRecord, among: Standing) -> RankedClaim:
    if claim.rank is None:
        return RankedClaim(None, tied=False, claim=claim)
    rank, tied = among.place(_upper(claim.score_low, claim.score_high, task))
    return RankedClaim(rank, tied, claim)


def _worse(score: float, task: TaskRecord) -> float:
    return score if task.lower_is_better else -score


def _end(page: Page) -> int | None:
    return None if page.limit is None else page.offset + page.limit


def _with_claims(records: Records, task: TaskRecord, placed: tuple[Placed, ...]) -> tuple[RankedClaim, ...]:
    ids = Condition("id", "in", tuple(each.id for each in placed))
    by_id = {claim.id: claim for claim in records.find(ClaimRecord, (*of_board(task.dataset_id, task.task_id), ids))}
    # A sync between the two questions may have taken a claim away.
    return tuple(RankedClaim(each.rank, each.tied, by_id[each.id]) for each in placed if each.id in by_id)
