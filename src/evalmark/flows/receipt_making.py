"""Receipts for verdicts that were judged here: one for each that a rerun led to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from evalmark.facts import BenchmarkFound, BenchmarkRef, ModelFacts
from evalmark.flows.verify import looked_up
from evalmark.ports import Benchmarks, Signer
from evalmark.receipt import SIGNED, Known, Receipt, VerifiedBy, receipt_of, statement_of
from evalmark.review import COMMIT
from evalmark.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Made:
    """A receipt and its signed envelope, as the text of a file."""

    receipt: Receipt
    envelope: str


def receipts_for(
    verdicts: Iterable[Verdict], model: ModelFacts, benchmarks: Benchmarks, by: VerifiedBy, signer: Signer
) -> Iterator[Made]:
    """Sign what a rerun showed of each claim.

    A verdict without a rerun, or outside git, or on a score of which no receipt can speak, has nothing to be signed.

    Raises what the port raises.
    """
    for verdict in verdicts:
        run = verdict.run
        if verdict.verdict not in SIGNED or run is None or verdict.comparison is None:
            continue
        if not COMMIT.fullmatch(run.dataset_revision) or not COMMIT.fullmatch(verdict.claim.model_revision):
            continue
        found = looked_up(BenchmarkRef(verdict.claim.dataset_id, run.dataset_revision), benchmarks)
        eval_yaml = found.eval_yaml if isinstance(found, BenchmarkFound) else None
        try:
            receipt = receipt_of(verdict, Known(model.weights_digest, eval_yaml, by))
        except ValueError:
            continue
        yield Made(receipt, signer.sign(statement_of(receipt)))


def attestation(receipts: Iterable[Receipt]) -> dict[str, Any]:
    """A predicate with all receipts, for a service that signs as itself: `receipts-v1` in docs/receipts.md.

    Its subjects are the claims, each by the text that makes its digest.
    """
    return {"receipts": [each.model_dump(mode="json") for each in receipts]}
