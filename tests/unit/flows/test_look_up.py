import pytest

from evalmark.checks.links import LinkFacts
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, BoardRow, ResultsFile
from evalmark.flows.look_up import Author, look_up
from evalmark.ports import BenchmarkFiles
from tests.builders import DATASET_SHA, entries, entry_text, eval_yaml, task_text
from tests.fakes import FakeClaims, FakeHub

SUMS = BenchmarkRef("acme/sums")
ROWS = (BoardRow("acme/model", 57.0), BoardRow("acme/second", 40.0))
ENTRIES = entries(entry_text())
OUT_OF_REACH = BenchmarkMissing("no answer", "try again", surely=False)


def hub(text: str | None = None) -> FakeHub:
    return FakeHub({SUMS: BenchmarkFiles(DATASET_SHA, (text or eval_yaml()).encode(), None)})


def test_look_up__without_claims_asks_for_the_benchmarks_alone() -> None:
    facts = look_up(ENTRIES, hub(), None, Author("acme/model"))

    assert isinstance(facts.benchmarks[SUMS], BenchmarkFound)
    assert facts == LinkFacts(facts.benchmarks)


def test_look_up__a_board_has_the_rows_of_other_models() -> None:
    facts = look_up(ENTRIES, hub(), FakeClaims({"acme/sums": ROWS}), Author("acme/model"))

    assert facts.boards == {("acme/sums", "sums"): (BoardRow("acme/second", 40.0),)}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(eval_yaml(task_text("sums"), task_text("more")), id="two tasks"),
        pytest.param(eval_yaml(task_text(None)), id="a task without an id"),
        pytest.param("name: 7\n", id="unusable"),
    ],
)
def test_look_up__the_rows_of_a_board_that_may_be_of_another_task_are_left_out(text: str) -> None:
    assert look_up(ENTRIES, hub(text), FakeClaims({"acme/sums": ROWS}), Author()).boards == {}


def test_look_up__claims_are_those_of_the_authors_model() -> None:
    there = ResultsFile(".eval_results/other.yaml", entry_text().encode(), "1" * 40)
    claims = FakeClaims(files={"acme/model": (there,)})

    (other,) = look_up(ENTRIES, hub(), claims, Author("acme/model")).claims

    assert (other.path, other.pull_request, other.entry.value_text) == (".eval_results/other.yaml", None, "57.0")
    assert look_up(ENTRIES, hub(), claims, Author()).claims == ()


def test_look_up__the_authors_own_pull_request_is_no_other_claim() -> None:
    own, other = (ResultsFile("a.yaml", entry_text().encode(), str(number) * 40, number) for number in (1, 2))
    claims = FakeClaims(files={"acme/model": (own, other)})

    found = look_up(ENTRIES, hub(), claims, Author("acme/model", frozenset({"1" * 40}))).claims

    assert [claim.pull_request for claim in found] == [2]


def test_look_up__trouble_is_told() -> None:
    assert look_up(ENTRIES, hub(), FakeClaims(trouble="no answer"), Author()).trouble == "no answer"


def test_look_up__when_nothing_is_in_reach_no_more_is_asked() -> None:
    claims = FakeClaims()

    facts = look_up(ENTRIES, FakeHub({SUMS: OUT_OF_REACH}), claims, Author("acme/model"))

    assert facts == LinkFacts({SUMS: OUT_OF_REACH})
    assert claims.asked == []
