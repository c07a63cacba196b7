"""A claim as a row."""

from dataclasses import replace

import pytest

from evalmark.board import RankedClaim
from evalmark.record import ClaimRecord
from evalmark.web.site.places import Hosts, source
from evalmark.web.site.rows import Row, Span, make_row
from tests.records import HOSTILE, claim, rerun, task

SPAN = Span(0, 100)
HOSTS = Hosts("https://hub.example", "https://github.example")


def row(of: ClaimRecord, rank: int | None = 3, *, tied: bool = False, has_page: bool = True) -> Row:
    return make_row(RankedClaim(rank, tied, of), task(), SPAN, HOSTS, lambda _: has_page)


@pytest.mark.parametrize(("rank", "tied", "says"), [(3, False, "3"), (3, True, "3="), (None, False, "")])
def test_rank__says_if_it_is_shared(rank: int | None, tied: bool, says: str) -> None:
    assert row(claim(), rank, tied=tied).rank == says


def test_drawing__says_in_words_what_it_draws() -> None:
    found = row(rerun(claim(), "verified", 57.5)).drawing

    assert found.words == "claimed 57.0 %, measured 57.5 %, interval 55.5 to 59.5"
    assert found.short == "57.5 (55.5 – 59.5)"
    assert found.low is not None
    assert found.measured is not None
    assert found.high is not None
    assert found.low < found.claimed < found.measured < found.high


def test_drawing__of_a_mere_claim_is_the_claim() -> None:
    found = row(claim()).drawing

    assert (found.words, found.short, found.low, found.measured) == ("claimed 57.0 %", "", None, None)


@pytest.mark.parametrize("span", [Span(5, 5), Span(0, 1)])
def test_span__nothing_is_drawn_outside(span: Span) -> None:
    assert all(0 <= span.x(value) <= 160 for value in (-1e9, 0, 5, 1e9))


@pytest.mark.parametrize(("has_page", "address"), [(True, "claims/{id}/"), (False, "models/acme/adder/#claim-{id}")])
def test_address__without_a_page_of_its_own_it_is_on_the_models(has_page: bool, address: str) -> None:
    made = claim()

    assert row(made, has_page=has_page).address == address.format(id=made.id)


@pytest.mark.parametrize(
    ("origin", "repo", "href"),
    [
        ("hub", "acme/adder", "https://hub.example/acme/adder/discussions/3"),
        ("github", "acme/scores", "https://github.example/acme/scores/pull/3"),
        ("folder", "/home/ada/model", None),
        ("hub", "acme/../../evil", None),
        ("hub", HOSTILE, None),
    ],
)
def test_pull_request__leads_where_the_claim_was_collected(origin: str, repo: str, href: str | None) -> None:
    found = row(claim(origin=origin, repo=repo, pull_request=3)).pull_request

    assert found is not None
    assert (found.text, found.href) == ("#3", href)


def test_line__leads_to_the_commit() -> None:
    assert HOSTS.line(claim(file=".eval_results/a b#c.yaml")).href == (
        f"https://hub.example/acme/adder/blob/{'a' * 40}/.eval_results/a%20b%23c.yaml#L4"
    )
    assert HOSTS.line(claim(commit=None, revision=None)).href is None
    assert HOSTS.commit("hub", "acme/adder", "main") == HOSTS.commit("folder", "x", "main")


def test_source__a_link_only_to_the_web() -> None:
    assert source(None, None) is None
    found = source("https://example.org/log", None)
    assert found is not None
    assert (found.text, found.href) == ("example.org", "https://example.org/log")
    found = source("javascript:alert(1)", "the paper")
    assert found is not None
    assert (found.text, found.href) == ("the paper", None)


def test_row__what_is_only_claimed_to_be_checked_is_told_apart() -> None:
    served = row(replace(rerun(claim(), "verified", 57), identity_proved=False))

    assert served.served
    assert not row(claim()).served
    assert row(claim(verify_token=True)).token
    assert row(replace(rerun(claim(), "verified", 57), stale="the score was 60.0")).why == "the score was 60.0"
