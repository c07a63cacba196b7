"""Ranking, in tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.board import Scored, best_of_each, in_unit, ranked


def row(name: str, score: float, half: float = 0.0, *, contradicted: bool = False) -> Scored:
    return Scored(name, name.rstrip("0123456789"), score, score - half, score + half, contradicted)


def places(*rows: Scored, lower_is_better: bool = False) -> list[tuple[str, int | None, bool]]:
    return [(each.id, each.rank, each.tied) for each in ranked(rows, lower_is_better=lower_is_better)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param((), [], id="nothing"),
        pytest.param((row("a", 5),), [("a", 1, False)], id="one"),
        pytest.param((row("a", 1), row("b", 3)), [("b", 1, False), ("a", 2, False)], id="by score"),
        pytest.param((row("b", 3), row("a", 3)), [("a", 1, True), ("b", 1, True)], id="equal scores tie"),
        pytest.param(
            (row("a", 60, 2), row("b", 58, 2), row("c", 50)),
            [("a", 1, True), ("b", 1, True), ("c", 3, False)],
            id="overlapping intervals tie",
        ),
        pytest.param((row("a", 60, 1), row("b", 58, 1)), [("a", 1, True), ("b", 1, True)], id="touching intervals tie"),
        pytest.param((row("a", 60, 0.9), row("b", 58, 1)), [("a", 1, False), ("b", 2, False)], id="apart"),
        pytest.param(
            (row("a", 60, 3), row("b", 58, 0.5), row("c", 55.5, 2)),
            [("a", 1, True), ("b", 1, True), ("c", 1, True)],
            id="what overlaps with the best is with the best, though the two below are apart from each other",
        ),
        pytest.param(
            (row("a", 61), row("b", 60.5), row("c", 60, 5)),
            [("a", 1, True), ("c", 1, True), ("b", 2, False)],
            id="a wide interval may reach above a better score that has none",
        ),
        pytest.param(
            (row("a", 99, contradicted=True), row("b", 40)),
            [("b", 1, False), ("a", None, False)],
            id="a contradicted claim has no rank and counts for nobody's",
        ),
        pytest.param(
            (row("a", 1, contradicted=True), row("b", 2, contradicted=True)),
            [("b", None, False), ("a", None, False)],
            id="contradicted ones by score",
        ),
    ],
)  # fmt: skip
def test_ranked(rows: tuple[Scored, ...], expected: list[tuple[str, int | None, bool]]) -> None:
    assert places(*rows) == expected


def test_ranked__lower_is_better() -> None:
    rows = (row("a", 0.10, 0.01), row("b", 0.12), row("c", 0.105))

    assert places(*rows, lower_is_better=True) == [("a", 1, True), ("c", 1, True), ("b", 3, False)]


DRAWN = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4), st.booleans()), max_size=30)
ROWS = DRAWN.map(
    lambda drawn: [row(f"m{i}", score, half, contradicted=bad) for i, (score, half, bad) in enumerate(drawn)]
)


@given(ROWS)
def test_ranked__a_rank_is_one_more_than_the_rows_that_are_surely_better(rows: list[Scored]) -> None:
    by_id = {each.id: each for each in rows}
    sound = [each for each in rows if not each.contradicted]

    found = ranked(rows)

    assert sorted(each.id for each in found) == sorted(by_id)
    for each in found:
        mine = by_id[each.id]
        better = sum(other.low > mine.high for other in sound)
        assert each.rank == (None if mine.contradicted else better + 1)


@given(ROWS)
def test_ranked__does_not_depend_on_the_order_of_rows(rows: list[Scored]) -> None:
    assert ranked(rows) == ranked(rows[::-1])


@given(ROWS)
def test_ranked__lower_is_better_is_the_mirror_image(rows: list[Scored]) -> None:
    mirrored = [each._replace(score=-each.score, low=-each.high, high=-each.low) for each in rows]

    assert ranked(rows) == ranked(mirrored, lower_is_better=True)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param((row("a1", 1), row("a2", 3), row("b1", 2)), ["a2", "b1"], id="the best score"),
        pytest.param((row("a1", 9, contradicted=True), row("a2", 3)), ["a2"], id="not a contradicted one"),
        pytest.param((row("a1", 9, contradicted=True),), ["a1"], id="unless there is no other"),
    ],
)
def test_best_of_each(rows: tuple[Scored, ...], expected: list[str]) -> None:
    assert sorted(each.id for each in best_of_each(rows)) == expected


def test_best_of_each__lower_is_better() -> None:
    assert [each.id for each in best_of_each((row("a1", 1), row("a2", 3)), lower_is_better=True)] == ["a1"]


@pytest.mark.parametrize(
    ("value", "unit", "board", "expected"),
    [
        (0.57, "fraction", "percent", 57.0),
        (57.0, "percent", "fraction", 0.57),
        (57.0, "percent", "percent", 57.0),
        (57.0, None, "percent", 57.0),
        (57.0, "percent", None, 57.0),
    ],
)
def test_in_unit(value: float, unit: str | None, board: str | None, expected: float) -> None:
    assert in_unit(value, unit, board) == pytest.approx(expected)
