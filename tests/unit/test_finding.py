from evalmark.finding import Finding, Place, Severity, by_place


def finding(rule: str, place: Place) -> Finding:
    return Finding(rule, Severity.ERROR, place, "message")


def test_place__reads_as_path_line_column() -> None:
    assert str(Place(".eval_results/hle.yaml", 3, 14, "[0].value")) == ".eval_results/hle.yaml:3:14"


def test_place__begins_at_the_first_character_of_the_file() -> None:
    assert str(Place("eval.yaml")) == "eval.yaml:1:1"


def test_severity__reads_as_its_word() -> None:
    assert [f"{severity}" for severity in Severity] == ["error", "warning", "info"]


def test_by_place__sorts_by_path_line_column_and_rule() -> None:
    in_order = [
        finding("b", Place("a.yaml", 2, 1)),
        finding("a", Place("a.yaml", 10, 1)),
        finding("a", Place("a.yaml", 10, 3)),
        finding("b", Place("a.yaml", 10, 3)),
        finding("a", Place("b.yaml", 1, 1)),
    ]

    assert by_place(reversed(in_order)) == tuple(in_order)
