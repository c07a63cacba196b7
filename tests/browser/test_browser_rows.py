"""Filtering, sorting and paging: with JavaScript as files and on a server, and on a server without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

BOARD = "boards/acme/sums/sums/"
ERRORS = "boards/acme/errors/wer/"
QUERIES = [
    "verified=1", "signed=1", "min_rung=sampled", "min_rung=full&sort=score", "owner=beta", "q=MODEL-1&sort=date",
    "best=1", "signed=1&best=1",
    "best=1&sort=model", "base_only=1&size_max=2B", "size_min=7B", "since=2026-10-01&sort=evidence", "sort=score",
    "sort=date", "sort=evidence", "q=nobody", "q=said&best=1", "verified=1&best=1&owner=acme",
    "owner=acme&sort=score",
]  # fmt: skip


def rows(page: Page) -> list[list[str]]:
    """Rank, model and score of each row."""
    found: list[list[str]] = page.locator("table.board tbody tr").evaluate_all(
        "rows => rows.filter(row => row.checkVisibility())"
        ".map(row => [0, 1, 2].map(index => row.cells[index].innerText.trim()))"
    )
    return found


@pytest.mark.parametrize(
    ("where", "query"),
    [*((BOARD, query) for query in QUERIES), (ERRORS, "best=1"), (ERRORS, "sort=score"), (ERRORS, "owner=acme")],
)
def test_files__give_the_same_rows_as_a_server(visit_as: Callable[..., Visit], where: str, query: str) -> None:
    live = rows(visit_as("live", java_script_enabled=False).go(f"{where}?{query}"))
    static = rows(visit_as("static").go(f"{where}?{query}"))

    assert static == live
    assert live or "nobody" in query


def test_filter__as_one_types(visit: Visit) -> None:
    page = visit.go(BOARD)

    page.get_by_label("Model", exact=True).fill("sum-1b")
    expect(page.locator("#status")).to_contain_text("2 rows of 160")
    page.get_by_label("no derivatives").check()
    expect(page.locator("#status")).to_contain_text("1 row of 160")

    assert rows(page) == [["1", "beta/sum-1b\n1B", "56.0 %"]]
    assert "q=sum-1b" in page.url
    page.reload()
    visit.arrive()
    assert len(rows(page)) == 1
    assert page.get_by_label("no derivatives").is_checked()


def test_filter__more_of_them_and_back_to_all(visit: Visit) -> None:
    page = visit.go(BOARD)

    page.get_by_text("More filters").click()
    page.get_by_label("Evidence at least").select_option("full")
    expect(page.locator("#status")).to_contain_text("2 rows of 160")
    page.get_by_label("Size from").fill("a lot")
    expect(page.locator("#rows")).to_contain_text("such as 7B or 500M")
    page.get_by_role("link", name="All rows").click()
    visit.arrive()

    assert len(rows(page)) == 100
    if "live" in visit.root or visit.trouble:
        visit.trouble[:] = [each for each in visit.trouble if "400" not in each]


def test_sort__by_the_headings(visit: Visit) -> None:
    page = visit.go(BOARD)

    page.get_by_role("columnheader", name="Model").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Model")).to_have_attribute("aria-sort", "ascending")
    assert [row[1].split("\n")[0] for row in rows(page)][:2] == ["acme/adder", "acme/adder"]
    page.get_by_role("columnheader", name="Score").get_by_role("link").press("Enter")
    expect(page.get_by_role("columnheader", name="Score")).to_have_attribute("aria-sort", "descending")

    assert rows(page)[0] == [
        "no rank" if rows(page)[0][0].startswith("no") else rows(page)[0][0],
        "zeta/boast",
        "99.0 %",
    ]
    assert page.get_by_role("columnheader", name="Model").get_attribute("aria-sort") is None
    assert page.evaluate("document.activeElement.dataset.sort") == "score", "the keyboard stays where it was"
    page.go_back()
    expect(page.get_by_role("columnheader", name="Model")).to_have_attribute("aria-sort", "ascending")


def test_pages__of_a_filtered_list(visit: Visit) -> None:
    page = visit.go(BOARD)

    page.get_by_label("Model", exact=True).fill("model")
    expect(page.locator("#status")).to_contain_text("150 rows of 160")
    page.get_by_role("link", name="Next →").click()
    expect(page.locator(".pager")).to_contain_text("Page 2 of 2")
    assert len(rows(page)) == 50
    page.get_by_role("link", name="← Previous").click()
    expect(page.locator(".pager")).to_contain_text("Page 1 of 2")


def test_pages__links_lead_right_after_the_address_has_changed(visit: Visit) -> None:
    page = visit.go(f"{BOARD}page-2/")

    page.get_by_label("Model", exact=True).fill("adder")
    expect(page.locator("#status")).to_contain_text("2 rows of 160")
    page.locator("td.score a").first.click()
    visit.arrive()
    assert page.locator("h1").inner_text() == "acme/adder"
    page.get_by_role("link", name="Models").first.click()
    visit.arrive()
    assert page.locator("h1").inner_text() == "Models"


def test_models__search(visit: Visit) -> None:
    page = visit.go("models/")

    page.get_by_label("Model", exact=True).fill("SUM")
    expect(page.locator(".pager")).to_contain_text("2 models")
    page.get_by_role("link", name="beta/sum-1b-gguf").click()
    visit.arrive()

    assert page.locator("h1").inner_text() == "beta/sum-1b-gguf"


def test_without_javascript__a_server_filters_by_a_form(visit_as: Callable[..., Visit]) -> None:
    page = visit_as("live", java_script_enabled=False).go(BOARD)

    page.get_by_label("verified").check()
    page.get_by_role("button", name="Filter").click()
    assert [row[0] for row in rows(page)] == ["1=", "1="]
    page.get_by_role("columnheader", name="Model").get_by_role("link").click()

    assert re.search(r"verified=1&sort=model", page.url)
    assert [row[1].split("\n")[0] for row in rows(page)] == ["acme/adder", "beta/sum-1b"]


def test_without_javascript__files_are_in_order_of_rank_and_offer_nothing_that_does_not_work(
    visit_as: Callable[..., Visit],
) -> None:
    page = visit_as("static", java_script_enabled=False).go(BOARD)

    assert rows(page)[0][:2] == ["1", "delta/said\nWith tools"]
    assert not page.get_by_role("button", name="Filter").is_visible()
    assert page.get_by_role("columnheader").get_by_role("link").count() == 0
    assert page.get_by_text("The numbers as a table").first.is_visible()
    page.get_by_role("link", name="Next →").click()
    assert len(rows(page)) == 60


def test_keyboard__everything_is_reached_in_order(visit: Visit) -> None:
    page = visit.go(BOARD)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the content"
    page.keyboard.press("Enter")
    reached = []
    for _ in range(22):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("(document.activeElement.name || document.activeElement.innerText || '').trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", reached[-1]

    wanted = [
        "Benchmarks",
        "acme/sums",
        "The numbers as a table",
        "q",
        "sort",
        "verified",
        "best",
        "base_only",
        "Filter",
    ]
    assert [reached.index(each) for each in wanted] == sorted(reached.index(each) for each in wanted)
