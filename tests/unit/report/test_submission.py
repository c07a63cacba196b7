"""What the pull request of a submission says."""

import pytest

from evalmark.authoring.duplicates import Reported, Standing
from evalmark.logged import LogEvidence
from evalmark.report.submission import IN_CHECKOUT, Backing, Brought, description_of, on_hub
from tests.authoring import located, other, result

SOURCE = "  source:\n    url: https://a.b/c\n"


def said(*brought: Brought, **more: str) -> str:
    return description_of(on_hub("acme/adder"), brought, **more)


NOTHING = Backing()


def brought(more: str = "", backing: Backing = NOTHING, **changes: object) -> Brought:
    return Brought(Reported(located("57.0", more=more), Standing.NEW)._replace(**changes), backing)  # type: ignore[arg-type]


def test_it_tells_what_and_how_to_verify() -> None:
    text = said(brought())
    assert "| <code>acme/bench</code> | <code>easy</code> | 57.0 | usual | not reported |" in text
    assert "    evalmark verify acme/adder#N --allow acme/bench\n" in text
    assert "no log is linked, so only a rerun can tell" in text
    assert "How it was run" not in text


def test_a_checkout_is_verified_in_its_folder() -> None:
    assert "    evalmark verify . --allow acme/bench\n" in description_of(IN_CHECKOUT, [brought()])


@pytest.mark.parametrize(("number", "where"), [(7, "60.0 in pull request 7"), (None, "60.0 in main")])
def test_it_tells_what_was_reported_until_now(number: int | None, where: str) -> None:
    text = said(brought(standing=Standing.OTHER, other=other("60.0", pull_request=number)))
    assert f"| {where} |" in text


def test_it_tells_how_it_was_run_once_a_run() -> None:
    run = result(setup=("5-shot",), samples=90, faults=("90 of 100 samples",), date="2026-11-24",
                 dataset={"id": "acme/bench", "revision": "a" * 40})  # fmt: skip
    text = said(brought(backing=Backing(run)), brought(backing=Backing(run)))
    assert (
        text.count("<code>lm-eval 0.4.13</code> on the model <code>acme/adder</code>; 90 of 100 samples; set-up:") == 1
    )
    assert f"benchmark at <code>{'a' * 40}</code>; <code>2026-11-24</code>; 90 of 100 samples" in text


def test_a_run_of_which_little_is_known() -> None:
    text = said(brought(backing=Backing(result(samples=None, planned=None, version=None))))
    assert "- <code>bench</code>: <code>lm-eval</code> on the model <code>acme/adder</code>\n" in text


@pytest.mark.parametrize(
    ("backing", "line"),
    [
        (Backing(), "<https://a.b/c>\n"),
        (Backing(result()), "<https://a.b/c>; results of <code>lm-eval</code> state the score, and only a rerun"),
        (Backing(result(harness="inspect-ai")), "<https://a.b/c>\n"),
        (
            Backing(result(), LogEvidence(file="x", state="consistent", rung="rescored", reason="")),
            "<https://a.b/c>; checked by the submitter: <code>consistent</code> by the rung <code>rescored</code>",
        ),
    ],
)
def test_the_evidence(backing: Backing, line: str) -> None:
    assert f": {line}" in said(brought(SOURCE, backing))


def test_an_address_that_is_no_link_is_shown_as_it_is() -> None:
    text = said(brought('  source:\n    url: "https://a.b/<script>"\n'))
    assert "<code>https://a.b/&#60;script&#62;</code>" in text


def test_notes_and_the_submitter_s_own_words() -> None:
    text = said(brought("  notes: With tools\n"), said="Measured twice.", browse="https://a.b/space")
    assert text.startswith("Measured twice.\n\n| benchmark |")
    assert "<code>With tools</code>" in text
    assert "looked at in https://a.b/space." in text
