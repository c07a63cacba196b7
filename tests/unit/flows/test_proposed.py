"""What is read of a pull request, and what is refused before it is downloaded."""

from collections.abc import Mapping

import pytest

from evalmark.errors import Refused
from evalmark.flows.proposed import Proposed, proposed, readable
from evalmark.review import PullRequest
from tests.builders import entry_text
from tests.fake_reviews import FakeReviews
from tests.github.fake import Content, Submodule, Symlink

BASE, HEAD = "a" * 40, "b" * 40
PULL_REQUEST = PullRequest(1, HEAD, BASE, BASE, from_fork=False)
FILE = ".eval_results/sums.yaml"
SCORE = entry_text("57.0").encode()


def read(
    after: Mapping[str, Content], before: Mapping[str, Content] | None = None, root: str = "", *, whole: bool = False
) -> tuple[Proposed, FakeReviews]:
    reviews = FakeReviews({1: PULL_REQUEST}, {BASE: before or {}, HEAD: after})
    return proposed(reviews, PULL_REQUEST, root, whole=whole), reviews


def rules(found: Proposed) -> list[str]:
    return [finding.rule for finding in found.after.findings]


def test_proposed__a_new_file() -> None:
    found, _ = read({FILE: SCORE})

    assert [change.kind for change in found.changes] == ["added"]
    assert found.touched == {FILE}


def test_proposed__the_same_on_both_sides_is_not_even_read() -> None:
    found, reviews = read({FILE: SCORE, "more.txt": b"new"}, {FILE: SCORE})

    assert found.changes == ()
    assert FILE not in reviews.asked


def test_proposed__what_both_sides_have_alike_is_read_once() -> None:
    _, reviews = read({FILE: SCORE, ".eval_results/b.yaml": b"[]"}, {FILE: SCORE})

    assert reviews.asked.count(FILE) == 1


def test_proposed__a_folder_of_the_repository() -> None:
    found, _ = read({f"models/adder/{FILE}": SCORE, FILE: b"not looked at"}, root="models/adder/")

    assert [change.now.place.path for change in found.changes if change.now] == [f"models/adder/{FILE}"]


@pytest.mark.parametrize(
    ("path", "content", "rule"),
    [
        pytest.param(".eval_results/a.yaml", Symlink("/etc/passwd"), "file-is-a-link", id="a link"),
        pytest.param(".eval_results/a.yaml", Submodule("c" * 40), "file-is-a-link", id="a submodule"),
        pytest.param(".eval_results", Symlink("elsewhere"), "file-is-a-link", id="the folder a link"),
        pytest.param(".eval_results", Submodule("c" * 40), "file-is-a-link", id="the folder a submodule"),
        pytest.param(".eval_results/a.yaml", b"#" * 65_537, "yaml-too-large", id="too large"),
        pytest.param(".eval_results/a\nb.yaml", SCORE, "results-file-name", id="a line end in its name"),
        pytest.param(".eval_results/\u202ea.yaml", SCORE, "results-file-name", id="a name from right to left"),
        pytest.param(f".eval_results/{'a' * 200}.yaml", SCORE, "results-file-name", id="a long name"),
        pytest.param(".eval_results/a.yml", SCORE, "file-suffix", id="a suffix that the Hub does not read"),
    ],
)
def test_proposed__what_is_refused_is_a_finding_and_claims_nothing(path: str, content: Content, rule: str) -> None:
    found, reviews = read({path: content})

    assert rule in rules(found)
    assert found.changes == ()
    if rule != "file-suffix":  # whose rules are told, though it claims nothing
        assert path not in reviews.asked


def test_readable__the_results_files_of_one_commit() -> None:
    reviews = FakeReviews({}, {HEAD: {FILE: SCORE, "README.md": b"", ".eval_results/a\nb.yaml": SCORE}})

    assert readable(reviews, HEAD, ".eval_results") == {FILE: SCORE}


def test_proposed__too_many_files_are_refused() -> None:
    with pytest.raises(Refused, match="over 100 files"):
        read({f".eval_results/{number}.yaml": SCORE for number in range(101)})


def test_proposed__too_many_new_claims_are_refused() -> None:
    files = {
        f".eval_results/{number}.yaml": "".join(
            entry_text(str(index), more=f"  notes: n{index}\n") for index in range(101)
        ).encode()
        for number in range(2)
    }
    with pytest.raises(Refused, match="over 200 new claims"):
        _ = read(files)[0].changes


def test_proposed__the_repo_s_other_files_on_demand() -> None:
    found, _ = read({FILE: SCORE, ".evalmark.toml": b"[check]\n", "eval.yaml": b"x", "README.md": b"y"}, whole=True)

    assert set(found.after.files) == {FILE, ".evalmark.toml", "eval.yaml"}
