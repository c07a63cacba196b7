"""Where files stand. What each finding says is in the corpus and in docs/rules.md."""

import pytest

from evalmark.checks.places import Listed, is_dataset_card, place_findings
from evalmark.finding import Finding, Rename

RESULTS = ".eval_results/hle.yaml"


def found(*paths: str, is_dataset: bool = False) -> list[tuple[str, str, str | None]]:
    return [told(finding) for finding in place_findings([Listed(path) for path in paths], is_dataset=is_dataset)]


def told(finding: Finding) -> tuple[str, str, str | None]:
    return finding.rule, finding.place.path, finding.fix.path if isinstance(finding.fix, Rename) else None


@pytest.mark.parametrize(
    "paths",
    [
        (RESULTS, "README.md", "model.safetensors"),
        ("eval.yaml", ".evalmark.toml", "data/test.parquet"),
        (RESULTS, "configs/eval.yaml"),
        (".eval_results/README.md", ".eval_results/logs/run.json"),
        ("config.yml",),
        (),
    ],
)
def test_places__of_files_that_stand_well(paths: tuple[str, ...]) -> None:
    assert found(*paths) == []


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ((".eval_results/hle.yml",), ("file-suffix", ".eval_results/hle.yml", RESULTS)),
        ((".eval_results/hle.yml", RESULTS), ("file-suffix", ".eval_results/hle.yml", None)),
        ((".eval_results/a/b/hle.yml",), ("results-nested", ".eval_results/a/b/hle.yml", RESULTS)),
        (("sub/.eval_results/hle.yaml",), ("results-nested", "sub/.eval_results/hle.yaml", RESULTS)),
        ((RESULTS, ".eval_results/a/hle.yaml"), ("results-nested", ".eval_results/a/hle.yaml", None)),
        (("eval.yml",), ("file-suffix", "eval.yml", "eval.yaml")),
        (("eval.yml", "sub/eval.yaml"), ("file-suffix", "eval.yml", "eval.yaml")),
        (("sub/eval.yaml",), ("benchmark-not-at-root", "sub/eval.yaml", "eval.yaml")),
    ],
)
def test_places__one_file_that_stands_badly(paths: tuple[str, ...], expected: tuple[str, str, str | None]) -> None:
    assert found(*paths) == [expected]


def test_places__two_files_for_one_name_are_not_moved() -> None:
    assert found(".eval_results/a/hle.yaml", ".eval_results/b/hle.yml") == [
        ("results-nested", ".eval_results/a/hle.yaml", None),
        ("results-nested", ".eval_results/b/hle.yml", None),
    ]


def test_places__two_benchmarks_below_the_root_are_not_moved() -> None:
    assert [fix for _, _, fix in found("a/eval.yaml", "b/eval.yaml")] == [None, None]


@pytest.mark.parametrize(("paths", "is_dataset"), [((RESULTS, "eval.yaml"), False), ((RESULTS,), True)])
def test_places__results_in_a_dataset_repo(paths: tuple[str, ...], is_dataset: bool) -> None:
    assert found(*paths, is_dataset=is_dataset) == [("results-in-dataset-repo", RESULTS, None)]


def test_places__odd_names() -> None:
    assert found(".eval_results/RTEB(beta).yaml", f".eval_results/{'x' * 100}.yaml") == [
        ("results-file-name", ".eval_results/RTEB(beta).yaml", None),
        ("results-file-name", f".eval_results/{'x' * 100}.yaml", None),
    ]


@pytest.mark.parametrize(
    ("path", "rules"),
    [(".eval_results", 1), (RESULTS, 1), ("eval.yaml", 1), ("model.safetensors", 0), ("docs/eval_results.yaml", 0)],
)
def test_places__links_are_named_where_they_matter(path: str, rules: int) -> None:
    findings = place_findings([Listed(path, is_link=True)])

    assert [finding.rule for finding in findings] == ["file-is-a-link"] * rules


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (b"---\ntask_categories:\n- question-answering\n---\n", True),
        (b"---\r\nlicense: mit\r\nconfigs: []\r\n---\r\n", True),
        (b"---\nlicense: mit\npipeline_tag: text-generation\n---\nconfigs:\n", False),
        (b"---\nmodel-index: [{configs: 1}]\n---\n", False),
        (b"# No front matter\nconfigs:\n", False),
        (b"---\nconfigs:\n", False),
        (b"\xff\xfe---", False),
        (b"", False),
    ],
)
def test_dataset_card__is_told_by_its_front_matter(card: bytes, expected: bool) -> None:
    assert is_dataset_card(card) is expected
