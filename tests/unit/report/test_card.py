"""The part of a README that evalmark writes, and badges."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import cmarkgfm
import pytest

from evalmark.board import BoardPage, RankedClaim
from evalmark.report.badge import COLOURS, Badge, badge_as_endpoint, badge_as_svg, badge_of
from evalmark.report.card import BEGIN, END, benchmark_part, model_part, with_part
from tests.records import HOSTILE, claim, placed, rerun, task


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        pytest.param("", f"{BEGIN}\nnew\n{END}\n", id="empty"),
        pytest.param("# Model\n", f"# Model\n\n{BEGIN}\nnew\n{END}\n", id="no markers: at its end"),
        pytest.param(f"a\n{BEGIN}\nold\n{END}\nb\n", f"a\n{BEGIN}\nnew\n{END}\nb\n", id="between its markers"),
        pytest.param(
            "a <!-- evalmark:begin -->x<!-- evalmark:end --> b", f"a {BEGIN}\nnew\n{END} b", id="short markers"
        ),
        pytest.param(f"{BEGIN}\nold\n", None, id="no end"),
        pytest.param(f"{END}\nold\n{BEGIN}\n", None, id="the wrong way round"),
        pytest.param(f"{BEGIN}{END}{BEGIN}{END}", None, id="twice"),
    ],
)
def test_with_part(readme: str, expected: str | None) -> None:
    assert with_part(readme, "new\n") == expected


def test_signed__card_and_badge_say_by_whom_and_when() -> None:
    made = rerun(claim(receipt="valid", signed_by="the lab", verify_token=True), "verified", 57.5)
    foreign = rerun(claim(receipt="valid", signed_by=HOSTILE), "verified", 57.5)

    assert badge_of(made, "Sums", "percent").message == (
        "57.0 % verified: rerun on all 200 samples, signed by the lab on 2026-11-03"
    )
    assert "verified: rerun on all 200 samples, signed by the lab on 2026-11-03" in model_part(
        [(made, task())], [], None
    )
    assert "verifyToken present; only Hugging Face can check it |" in model_part([(made, task())], [], None)
    assert "<script" not in model_part([(foreign, task())], [], None)
    assert ElementTree.fromstring(badge_as_svg(badge_of(foreign, "Sums", None))).get("role") == "img"
    assert "receipt not trusted" in badge_of(claim(receipt="untrusted"), "Sums", "percent").message


def test_with_part__twice_is_once() -> None:
    once = with_part("# Model\n", "new") or ""

    assert with_part(once, "new") == once


def test_with_part__a_part_with_backslashes_is_written_as_it_is() -> None:
    assert r"\1 \g<0>" in (with_part(f"{BEGIN}{END}", r"\1 \g<0>") or "")


def test_model_part() -> None:
    verified = rerun(claim(), "verified", 57.5)

    part = model_part([(verified, task())], [".evalmark/badges/sums.svg"], "https://scores.example.org/")

    assert part.startswith("![sums: verified](.evalmark/badges/sums.svg)\n\n| Benchmark |")
    assert f"[Sums · sums](https://scores.example.org/claims/{verified.id}/)" in part
    assert "✓ verified: rerun on all 200 samples" in part
    assert "prover 2026-11-03" in part


def test_model_part__of_nothing() -> None:
    assert model_part([], [], None) == "No scores are reported yet."


def test_parts__foreign_text_is_no_markup() -> None:
    odd = claim("evil/name", variant=HOSTILE, notes=HOSTILE)
    rows = tuple(RankedClaim(1, False, each) for each in placed([odd]))
    page = BoardPage(task(task_id=HOSTILE, name=HOSTILE), rows, 1)
    for part in (model_part([(odd, page.task)], ["a.svg"], None), benchmark_part([page], None)):
        html = cmarkgfm.github_flavored_markdown_to_html(part)
        assert "<script" not in html
        assert html.count("<img") == part.count("![")


def test_benchmark_part__without_boards() -> None:
    assert benchmark_part([], None).startswith("No scores are reported yet.")


SAMPLED = "57.0 % verified: rerun on 200 of 1,000 samples"


@pytest.mark.parametrize(
    ("made", "message", "kind"),
    [
        (claim(), "57.0 % claimed: fits the benchmark", "claimed"),
        (rerun(claim(), "verified", 57.0), "57.0 % verified: rerun on all 200 samples", "verified"),
        (
            rerun(claim(), "verified", 57.0, rung="sampled"),
            "57.0 % verified: rerun on 200 of 1,000 samples",
            "verified",
        ),
        (rerun(claim(), "mismatch", 41.0), "57.0 % contradicted: rerun on all 200 samples", "contradicted"),
        (replace(rerun(claim(), "verified", 57.0), stale="moved"), "57.0 % stale: rerun on all 200 samples", "stale"),
    ],
)
def test_badge__says_the_rung_in_words(made: object, message: str, kind: str) -> None:
    badge = badge_of(made, "Sums", "percent")  # type: ignore[arg-type]

    assert (badge.label, badge.message, badge.kind) == ("Sums", message, kind)


def test_badge__as_svg_is_well_formed_and_says_it_to_a_screen_reader() -> None:
    root = ElementTree.fromstring(badge_as_svg(Badge("Sums", "57.0 % verified", "verified")))

    assert root.get("role") == "img"
    assert root.get("aria-label") == "Sums: 57.0 % verified"
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Sums: 57.0 % verified"


def test_badge__foreign_text_is_only_text() -> None:
    svg = badge_as_svg(badge_of(claim(variant=HOSTILE), HOSTILE, None))

    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert tags == {"svg", "title", "rect", "g", "text"}


def test_badge__for_shields() -> None:
    assert json.loads(badge_as_endpoint(Badge("Sums", "57.0 % verified", "verified"))) == {
        "schemaVersion": 1,
        "label": "Sums",
        "message": "57.0 % verified",
        "color": "brightgreen",
    }


@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS)
def test_badge__white_letters_can_be_read(colour: str) -> None:
    """Contrast of 4.5 : 1, as WCAG 2.2 asks for (1.4.3)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    assert 1.05 / (luminance + 0.05) >= 4.5
