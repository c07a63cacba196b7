from evalmark.plan.claims import claims_in
from tests.builders import DATASET_SHA, MODEL, MODEL_SHA, entries, entry_text, ref

EVERYTHING = f"""\
- dataset:
    id: acme/sums
    task_id: sums
    revision: {DATASET_SHA}
  value: 57.10
  verifyToken: token
  date: "2026-08-01"
  source:
    url: https://example.org/log
    name: The log
  notes: with tools
"""


def test_claims_in__has_all_that_the_entry_says() -> None:
    (claim,) = claims_in(entries(EVERYTHING), MODEL)

    assert claim.model_dump() == {
        "model": "acme/model",
        "model_revision": MODEL_SHA,
        "dataset_id": "acme/sums",
        "task_id": "sums",
        "dataset_revision": DATASET_SHA,
        "value": 57.1,
        "digits": "57.10",
        "file": ".eval_results/sums.yaml",
        "line": 5,
        "column": 10,
        "position": 0,
        "date": "2026-08-01",
        "notes": "with tools",
        "source_url": "https://example.org/log",
        "source_name": "The log",
        "verify_token": True,
    }


def test_claims_in__what_the_entry_leaves_out_is_none() -> None:
    (claim,) = claims_in(entries(entry_text()), MODEL)

    left_out = (claim.dataset_revision, claim.date, claim.notes, claim.source_url, claim.source_name)
    assert (left_out, claim.verify_token) == ((None,) * 5, False)


def test_claims_in__keeps_the_order_of_the_file() -> None:
    claims = claims_in(entries(entry_text("1.5") + entry_text("2.5")), MODEL)

    assert [(claim.position, claim.value, claim.line) for claim in claims] == [(0, 1.5, 4), (1, 2.5, 8)]


def test_claim__names_its_benchmark_at_its_revision() -> None:
    (claim,) = claims_in(entries(EVERYTHING), MODEL)

    assert claim.benchmark == ref(revision=DATASET_SHA)
