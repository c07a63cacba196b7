"""Every page in a real browser: it shows itself without trouble, can be used by everybody, and stays inert."""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import pytest

from scripts.site_pictures import pages
from tests.browser.conftest import Visit
from tests.browser.world import claim_of

BOARD = "boards/acme/sums/sums/"
PAGES = [pytest.param(where, id=name) for name, where in pages().items()]


@cache
def axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("where", PAGES)
def test_page__has_no_fault_for_those_who_use_it_otherwise(
    visit_as: Callable[..., Visit], where: str, colours: str
) -> None:
    page = visit_as("static", color_scheme=colours).go(where)

    page.evaluate(axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")

    faults = [(each["impact"], each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]]
    assert faults == []


@pytest.mark.parametrize("where", PAGES)
def test_page__fits_a_phone(visit_as: Callable[..., Visit], where: str) -> None:
    page = visit_as("static", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).go(where)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_charts__are_drawn_with_marks(visit_as: Callable[..., Visit], form: str, colours: str) -> None:
    page = visit_as(form, color_scheme=colours).go(BOARD)
    page.wait_for_selector(".drawing[data-drawn] + details >> nth=1")
    time, against = page.locator(".drawing").all()

    assert time.locator(".mark-symbol.layer_1_marks path").count() == 160
    assert time.locator(".mark-line.layer_0_marks path").count() == 1
    assert against.locator(".mark-symbol.layer_2_marks path").count() == 4
    assert against.locator(".mark-rule.layer_1_marks line").count() == 4
    fills = {each.get_attribute("fill") for each in time.locator(".mark-symbol.layer_1_marks path").all()}
    assert len(fills) == 4


def test_charts__tell_of_a_point_and_lead_to_its_claim(visit: Visit) -> None:
    page = visit.go(BOARD)
    page.wait_for_selector(".drawing[data-drawn]")
    point = page.locator("[data-spec='against-claimed.json'] .mark-symbol.layer_2_marks path").nth(1)

    point.hover()
    told = page.locator(".tip").inner_text()
    point.click()
    page.wait_for_url("**/claims/*/")

    assert "acme/adder\nclaimed 57.0 %\nmeasured 57.5 % (55.5 – 59.5)\nverified" in told
    assert page.locator("h1").inner_text() == "acme/adder"


def test_charts__the_numbers_are_a_table_too(visit: Visit) -> None:
    page = visit.go(BOARD)

    page.get_by_text("The numbers as a table").nth(1).click()

    assert page.locator(".numbers").nth(1).get_by_text("55.5 – 59.5").is_visible()


def test_colours__are_chosen_and_kept(visit: Visit) -> None:
    page = visit.go("models/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)

    page.get_by_role("button", name="Colours: as the system").click()
    dark = page.evaluate(ground)
    page.get_by_role("link", name="Conflicts").click()
    visit.arrive()

    assert dark != light
    assert page.evaluate(ground) == dark
    page.get_by_role("button", name="Colours: dark").click()
    assert page.evaluate(ground) == light


def test_claim__tells_its_story(visit: Visit) -> None:
    page = visit.go(BOARD)
    page.get_by_role("row").filter(has_text="57.0 %").get_by_role("link", name="57.0 %").click()
    visit.arrive()
    steps = page.locator(".story li b").all_inner_texts()

    assert steps == ["submitted", "merged", "changed", "changed", "verified"]
    assert page.get_by_text("pushed away since").is_visible()
    assert page.get_by_role("link", name=".eval_results/sums.yaml, line 4").get_attribute("href") == (
        f"https://huggingface.co/acme/adder/blob/{'a' * 40}/.eval_results/sums.yaml#L4"
    )
    receipt = page.get_by_label("A receipt: valid")
    assert receipt.get_by_text("acme's verifier (key 0123456789abcdef)").is_visible()
    assert receipt.get_by_role("link", name=f"{'e' * 64}.json").get_attribute("href") == (
        f"https://huggingface.co/acme/adder/blob/{'b' * 40}/.evalmark/receipts/{'e' * 64}.json"
    )
    assert page.get_by_text("signed by acme's verifier on 2026-11-03").is_visible()
    assert page.get_by_text("evalmark receipt verify FILE").is_visible()


@pytest.mark.parametrize(
    ("model", "label", "says"),
    [
        ("zeta/boast", "valid", "✗ contradicted"),
        ("gamma/old", "stale", "the score was 60.0 and is 61.0"),
        ("beta/sum-1b", "not trusted", "was revoked on 2026-06-01"),
        ("delta/said", "not checked", "Nobody has looked at who signed it."),
        ("evil/name", "invalid", "It is no receipt"),
    ],
)
def test_claim__shows_each_kind_of_receipt(visit: Visit, model: str, label: str, says: str) -> None:
    page = visit.go(f"claims/{claim_of(model).id}/")

    receipt = page.get_by_label(f"A receipt: {label}", exact=True)
    assert says in re.sub(r"\s+", " ", receipt.inner_text())
    if model != "zeta/boast":
        assert "verified" not in receipt.locator(".badge").all_inner_texts()[0]


@pytest.mark.parametrize(
    "where",
    [
        "",
        "models/evil/name/",
        f"claims/{claim_of('evil/name').id}/",
        f"{BOARD}?q=evil",
        f"{BOARD}page-2/",
        "conflicts/",
    ],
)
def test_page__foreign_text_does_nothing(visit: Visit, where: str) -> None:
    """What is not in the console, no dialog, no request elsewhere (see `visit`): and no element of theirs either."""
    page = visit.go(where)

    assert (
        page.locator(
            "img, iframe, object, embed, [onerror], [onclick], [style]:not(.drawing, .drawing *, .tip, body > span)"
        ).count()
        == 0
    )
    assert page.locator("script:not([src])").count() == 0
    links = page.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(links) <= {"http:", "https:"}


def test_policy__a_planted_script_does_not_run(visit_as: Callable[..., Visit], form: str) -> None:
    """The policy is a second wall: it would hold where the first is broken."""
    visit = visit_as(form)
    page = visit.go("models/")

    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', "
        "'<img src=x onerror=\"window.ran=1\"><p style=color:red id=red>x')"
    )
    page.evaluate(
        "{const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)}"
    )
    page.wait_for_timeout(200)

    assert page.evaluate("window.ran") is None
    assert page.evaluate("getComputedStyle(document.getElementById('red')).color") != "rgb(255, 0, 0)"
    assert any("Content Security Policy" in each for each in visit.trouble)
    visit.trouble.clear()
