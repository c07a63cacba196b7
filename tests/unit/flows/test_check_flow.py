import pytest

from evalmark.finding import Finding
from evalmark.flows.check import check
from tests.builders import entry_text, eval_yaml

BAD_RESULTS = b"- value: 1\n"
BAD_EVAL = b"tasks: 7\n"
BAD_DECLARATION = b"tolerance = 7\n"


def rules(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.place.path, finding.rule) for finding in findings]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param(".eval_results/sums.yaml", entry_text().encode(), id="results"),
        pytest.param("eval.yaml", eval_yaml().encode(), id="benchmark"),
        pytest.param(".evalmark.toml", b'unit = "percent"\n', id="declaration"),
    ],
)
def test_check__a_good_file_has_no_finding(path: str, content: bytes) -> None:
    assert check({path: content}) == ()


@pytest.mark.parametrize(
    ("path", "content", "rule"),
    [
        pytest.param(".eval_results/sums.yaml", BAD_RESULTS, "dataset-missing", id="results"),
        pytest.param("some/where/eval.yaml", BAD_EVAL, "field-type", id="benchmark"),
        pytest.param("some/where/.evalmark.toml", BAD_DECLARATION, "tolerance-range", id="declaration"),
    ],
)
def test_check__a_file_is_what_its_name_says(path: str, content: bytes, rule: str) -> None:
    assert (path, rule) in rules(check({path: content}))


def test_check__findings_of_all_files_are_sorted_by_place() -> None:
    findings = check({"eval.yaml": BAD_EVAL, ".eval_results/b.yaml": BAD_RESULTS, ".eval_results/a.yaml": BAD_RESULTS})

    paths = [path for path, _ in rules(findings)]
    assert paths == sorted(paths)
    assert set(paths) == {".eval_results/a.yaml", ".eval_results/b.yaml", "eval.yaml"}


def test_check__nothing_to_check() -> None:
    assert check({}) == ()
