"""A batch of submissions and its report."""

import pytest

from evalmark.authoring.batch import BatchReport, left, read_batch, read_report

LINE = '{"repo": "acme/adder", "folder": "adder", "logs": ["a.eval"]}'
OTHER = '{"repo": "acme/other", "folder": "other"}'


def test_lines_in_their_order_and_empty_ones_left_out() -> None:
    assert [line.repo for line in read_batch(f"{LINE}\n\n{OTHER}\n")] == ["acme/adder", "acme/other"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it has no lines"),
        ("{}\n" * 10_001, "it has over 10000 lines"),
        (f"{LINE}\nx", "line 2 is not JSON"),
        ('{"repo": "adder", "folder": "x"}', "line 1: repo: string should match pattern"),
        ('{"repo": "a/b", "folder": "x", "log_repo": "../x"}', "line 1: log_repo: string should match pattern"),
        ('{"repo": "a/b"}', "line 1: folder: field required"),
        ("[]", "line 1: the line: input should be"),
        ("[" * 5000, "line 1 is not JSON"),
    ],
)
def test_what_is_no_batch_says_where(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_batch(text)


def test_what_is_finished_is_not_done_again_unless_its_line_changed() -> None:
    first, second = read_batch(f"{LINE}\n{OTHER}")
    files = {"a.yaml": b"x"}
    done = BatchReport(repo=first.repo, state="opened", says="opened 1", digest=first.digest(files))
    failed = BatchReport(repo=second.repo, state="failed", says="no network", digest=second.digest(files))
    known = read_report(f"{done.model_dump_json()}\n{failed.model_dump_json()}\n{{half a li")
    assert list(left([(first, first.digest(files)), (second, second.digest(files))], known)) == [second]
    assert list(left([(first, first.digest({"a.yaml": b"y"}))], known)) == [first]
    (changed,) = read_batch(LINE.replace("a.eval", "b.eval"))
    assert list(left([(changed, changed.digest(files))], known)) == [changed]
