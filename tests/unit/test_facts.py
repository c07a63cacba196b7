import pytest

from evalmark.facts import BoardRow, unit_of_board


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        pytest.param([0.4, 0.5, 1.0], "fraction", id="fractions"),
        pytest.param([40.0, 50.0, 0.9], "percent", id="percentages"),
        pytest.param([-40.0, -50.0, -60.0], "percent", id="negative"),
        pytest.param([40.0, 0.5, 0.6], None, id="mixed"),
        pytest.param([40.0, 50.0], None, id="too-few"),
        pytest.param([0.0, 0.0, 0.0], None, id="nothing-but-zeros"),
        pytest.param([], None, id="none"),
    ],
)
def test_unit__is_that_of_three_others(values: list[float], unit: str | None) -> None:
    rows = [BoardRow(f"org/m{number}", value) for number, value in enumerate(values)]

    assert unit_of_board(rows) == unit
