"""What stands behind the question mark of an address, and what it asks of a board."""

from datetime import UTC, datetime

import pytest

from evalmark.query import MOST_ROWS, PAGE, BoardFilter, Page
from evalmark.web.filters import BadFilter, known, parse_filter, parse_page

EMPTY = dict.fromkeys(("q", "owner", "verified", "min_rung", "since", "size_min", "size_max", "sort", "page"), "")


@pytest.mark.parametrize("query", [{}, EMPTY, {"utm_source": "<script>"}, {"q": "  "}])
def test_parse_filter__nothing_asked_is_the_first_page_in_order_of_rank(query: dict[str, str]) -> None:
    assert parse_filter(query) == (BoardFilter(), "rank", Page(0, PAGE))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"verified": "1"}, BoardFilter(verified=True)),
        ({"verified": "True"}, BoardFilter(verified=True)),
        ({"verified": "0"}, BoardFilter()),
        ({"signed": "1"}, BoardFilter(signed=True)),
        ({"min_rung": "sampled"}, BoardFilter(min_rung="sampled")),
        ({"owner": " acme "}, BoardFilter(owner="acme")),
        ({"since": "2026-01-31"}, BoardFilter(since=datetime(2026, 1, 31, tzinfo=UTC))),
        ({"size_min": "7B"}, BoardFilter(smallest=7_000_000_000)),
        ({"size_min": "0.5b"}, BoardFilter(smallest=500_000_000)),
        ({"size_max": "500 M"}, BoardFilter(largest=500_000_000)),
        ({"size_max": "1200"}, BoardFilter(largest=1200)),
        ({"size_max": "999999999999999T"}, BoardFilter(largest=2**62)),
        ({"base_only": "on"}, BoardFilter(base_only=True)),
        ({"q": "Llama"}, BoardFilter(search="Llama")),
        ({"best": "yes"}, BoardFilter(best=True)),
    ],
)
def test_parse_filter__each_parameter(query: dict[str, str], wanted: BoardFilter) -> None:
    assert parse_filter(query)[0] == wanted


def test_parse_filter__order_and_page() -> None:
    assert parse_filter({"sort": "date", "page": "3", "per_page": "20"})[1:] == ("date", Page(40, 20))
    assert parse_page({"page": "2"}) == Page(PAGE, PAGE)
    assert parse_page({"per_page": str(MOST_ROWS)}) == Page(0, MOST_ROWS)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"verified": "maybe"}, "`verified` must be 1 or 0, not “maybe”"),
        ({"min_rung": "proof"}, "must be one of syntax, benchmark, log, rescored, sampled, full, not “proof”"),
        ({"sort": "id; DROP TABLE claims"}, "must be one of rank, model, score, date, evidence"),
        ({"since": "yesterday"}, "must be a day such as 2026-01-31"),
        ({"since": "2026-02-30"}, "must be a day such as 2026-01-31"),
        ({"since": "20260131"}, "must be a day such as 2026-01-31"),
        ({"size_min": "-1"}, "must be a number of parameters such as 7B or 500M"),
        ({"size_max": "1e999"}, "must be a number of parameters"),
        ({"size_max": "٣B"}, "must be a number of parameters"),
        ({"page": "0"}, "must be a whole number from 1 to 1000000"),
        ({"page": "1" * 5000}, "at most 200 visible characters"),
        ({"page": "٣"}, "must be a whole number"),
        ({"per_page": "1001"}, "must be a whole number from 1 to 1000,"),
        ({"q": "a\x00b"}, "`q` must be at most 200 visible characters"),
        ({"owner": "\u202eemca"}, "`owner` must be at most 200 visible characters"),
        ({"q": "x" * 201}, "`q` must be at most 200 visible characters"),
    ],
)
def test_parse_filter__a_sentence_says_what_is_wrong(query: dict[str, str], says: str) -> None:
    with pytest.raises(BadFilter, match="must be") as caught:
        parse_filter(query)

    assert says in str(caught.value)


def test_known__keeps_what_means_something_in_one_order() -> None:
    assert list(known({"sort": "score", "other": "1", "q": "a", "page": ""})) == ["q", "sort"]
