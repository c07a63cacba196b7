"""Receipts for what `evalmark ci report` has judged: signed with a key of the owner's, ready for GitHub to attest."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from evalmark import __version__
from evalmark.adapters.artifacts import make_folder, write_whole
from evalmark.adapters.signing import SigningKey
from evalmark.cli.ci.receipts import NONE, Receipts
from evalmark.cli.ci.session import Session
from evalmark.cli.receipt.making import written
from evalmark.facts import ModelFacts
from evalmark.flows.receipt_making import Made, attestation, receipts_for
from evalmark.ports import Benchmarks
from evalmark.receipt import VerifiedBy, utc
from evalmark.verdict import Verdict


def sign(session: Session, verdicts: Sequence[Verdict], model: ModelFacts, benchmarks: Benchmarks) -> Receipts:
    """Write receipts into the report, if there is a key; and what GitHub attests, if that is wanted."""
    wanted, key = session.inputs.sign, session.settings.signing_key
    if key is None and not wanted.attest:
        return NONE
    signer = SigningKey.load(key.encode(), "the input `signing-key`") if key is not None else SigningKey.generate()
    workflow = session.workflow
    by = VerifiedBy(
        name=wanted.name or f"github.com/{workflow.repository}",
        where=workflow.run_url,
        at=utc(datetime.now(UTC)),
        evalmark=__version__,
    )
    made = list(receipts_for(verdicts, model, benchmarks, by, signer))
    if wanted.attest and made:
        _write_attestation(session, made)
    if key is None:
        return Receipts(to_attest=bool(made))
    written(session.inputs.report_path / "receipts", made)
    return Receipts(len(made), signer.public if made else "", wanted.attest and bool(made))


def _write_attestation(session: Session, made: Sequence[Made]) -> None:
    """The predicate, and each claim as a file: what GitHub attests, and what its readers ask about."""
    folder = make_folder(session.inputs.report_path)
    claims = make_folder(folder / "claims")
    write_whole(folder / "attestation.json", json.dumps(attestation(each.receipt for each in made), ensure_ascii=False))
    for claim in {each.receipt.claim for each in made}:
        write_whole(claims / f"{claim.digest}.json", claim.text)
