"""Where what is said of a model disagrees, in tables."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evalmark.disputes import Said, cited_model, disputes
from evalmark.record import CardScoreRecord, ClaimRecord, DisputeRecord, HubRowRecord
from tests.records import DAY, claim, receipt, rerun


def found(*claims: ClaimRecord, **more: object) -> list[DisputeRecord]:
    return list(disputes(Said(claims, **more)))  # type: ignore[arg-type]


def kinds(*claims: ClaimRecord) -> list[str]:
    return [each.kind for each in found(*claims)]


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        pytest.param((claim(value=57.0),), [], id="one claim"),
        pytest.param((claim(value=57.0), claim(value=58.5, file="b.yaml")), ["different-values"], id="two values"),
        pytest.param((claim(value=57.0), claim(value=57.0, file="b.yaml")), [], id="the same value twice"),
        pytest.param((claim(value=57.0), claim(value=57.04, file="b.yaml")), [], id="the same value with more digits"),
        pytest.param(
            (claim(value=57.0), claim(value=57.06, file="b.yaml")), ["different-values"], id="not the same, rounded"
        ),
        pytest.param(
            (claim(value=57.0), claim(value=58.5, variant="With tools")), [], id="another set-up is another thing"
        ),
        pytest.param((claim(value=57.0), claim(value=58.5, task_id="other")), [], id="another task too"),
        pytest.param(
            (claim(value=57.0), claim(value=58.5, state="open", pull_request=3)),
            ["different-values"],
            id="an open pull request against main",
        ),
        pytest.param(
            (claim(value=57.0), replace(claim(value=0.57, unit="fraction"), score=57.0)), [], id="another unit"
        ),
        pytest.param((rerun(claim(), "verified", 57.0),), [], id="verified"),
        pytest.param((rerun(claim(value=99.0), "mismatch", 41.0),), ["contradicted"], id="contradicted"),
        pytest.param(
            (replace(rerun(claim(value=99.0), "mismatch", 41.0), measured=None),),
            ["contradicted"],
            id="without a number",
        ),
        pytest.param((rerun(claim(), "inconclusive", 50.0),), [], id="inconclusive"),
        pytest.param((replace(rerun(claim(), "verified", 57.0), stale="moved"),), ["stale-verdict"], id="stale"),
        pytest.param(
            (replace(rerun(claim(), "mismatch", 41.0), stale="moved"),), ["stale-verdict"], id="a stale contradiction"
        ),
    ],
)
def test_disputes__of_claims(claims: tuple[ClaimRecord, ...], expected: list[str]) -> None:
    assert kinds(*claims) == expected


def test_disputes__a_stale_receipt_is_named() -> None:
    of = rerun(claim(receipt="stale", stale="the score was 56"), "verified", 57.0)
    old = receipt(of, "stale", reasons=["the score was 56 and is 57"], path="old.json", at=DAY)
    new = receipt(of, "stale", reasons=["the weights", "the score"], path="new.json", at=DAY + timedelta(days=1))

    (dispute,) = found(of, receipts=[new, old])
    assert (dispute.kind, dispute.claims) == ("stale-verdict", [of.id])
    assert dispute.message == (
        "the receipt new.json of 2026-11-02, signed by acme's verifier, is stale: the weights; the score"
    )
    assert found(replace(of, receipt="valid", stale=None), receipts=[old]) == []


def test_disputes__say_what_and_where() -> None:
    dispute = found(claim(value=57.0), claim(value=58.5, state="open", pull_request=3, file="b.yaml"))[0]

    assert dispute.message == (
        "one set-up, several scores: 57.0 in .eval_results/sums.yaml, 58.5 in b.yaml of pull request 3"
    )
    assert dispute.difference == 1.5
    assert len(dispute.claims) == 2


def test_disputes__the_greatest_first_names_are_stable() -> None:
    assert found(claim(value=57.0), claim(value=58.5)) == found(claim(value=57.0), claim(value=58.5))


CITES = claim(value=57.0, source_url="https://huggingface.co/acme/adder")


def card(
    value: float, model: str = "acme/adder", dataset_id: str = "acme/sums", config: str | None = None
) -> CardScoreRecord:
    return CardScoreRecord(model=model, dataset_id=dataset_id, config=config, metric="accuracy", value=value)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param((card(57.0),), [], id="it says so"),
        pytest.param((card(0.57),), [], id="in another unit"),
        pytest.param((card(57.04),), [], id="with more digits"),
        pytest.param((card(40.0), card(57.0)), [], id="among others"),
        pytest.param((card(40.0),), ["cited-source"], id="it says otherwise"),
        pytest.param((card(40.0, model="other/model"),), [], id="another card"),
        pytest.param((card(40.0, dataset_id="acme/other"),), [], id="another dataset"),
        pytest.param((card(40.0, config="other"),), [], id="another config"),
        pytest.param((), [], id="it says nothing"),
    ],
)
def test_disputes__with_the_card_that_is_cited(rows: tuple[CardScoreRecord, ...], expected: list[str]) -> None:
    assert [each.kind for each in found(CITES, card_scores=rows)] == expected


def hub_row(value: float, **more: object) -> HubRowRecord:
    given: dict[str, object] = {
        "dataset_id": "acme/sums", "task_id": "sums", "model": "acme/adder", "rank": None, "value": value,
        "file": ".eval_results/sums.yaml", "verified": False, "pull_request": None,
    }  # fmt: skip
    return HubRowRecord(**{**given, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param((hub_row(57.0),), [], id="the same"),
        pytest.param((hub_row(60.0),), ["hub-differs"], id="another value"),
        pytest.param((hub_row(60.0), hub_row(57.0)), [], id="among others"),
        pytest.param((hub_row(60.0, file="other.yaml"),), [], id="another file"),
        pytest.param((hub_row(60.0, pull_request=3),), [], id="another pull request"),
    ],
)
def test_disputes__with_what_the_hub_shows(rows: tuple[HubRowRecord, ...], expected: list[str]) -> None:
    assert [each.kind for each in found(claim(value=57.0), hub_rows=rows)] == expected


@pytest.mark.parametrize(
    ("url", "model"),
    [
        ("https://huggingface.co/acme/adder", "acme/adder"),
        ("https://huggingface.co/acme/adder/", "acme/adder"),
        ("https://huggingface.co/acme/adder/blob/main/README.md", "acme/adder"),
        ("https://huggingface.co/datasets/acme", None),
        ("https://huggingface.co/papers/2401.1", None),
        ("https://huggingface.co/acme/adder/discussions/3", None),
        ("javascript:alert(1)", None),
        ("not an address", None),
        (None, None),
    ],
)
def test_cited_model(url: str | None, model: str | None) -> None:
    assert cited_model(url) == model
