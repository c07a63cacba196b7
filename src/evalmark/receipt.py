"""A receipt: what a verdict says, as an in-toto Statement that can be signed, carried away and checked by anyone.

The statement binds the verdict to the exact claim, the model's revision and weights, the benchmark's revision and task,
and the log. Format: in-toto Statement v1 (https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md) with
the predicate of `PREDICATE_TYPE`, described in docs/receipts.md and schemas/receipt.schema.json.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, NamedTuple

from pydantic import AfterValidator, AwareDatetime, Field, ValidationError

from evalmark.artifact import Frozen
from evalmark.formats.variants import usual_notes
from evalmark.predicate import BenchmarkState, ClaimSubject, Measurement, ModelState, RunState
from evalmark.verdict import Answer, Verdict

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://github.com/evalmark/evalmark/blob/main/docs/receipts.md#predicate-v1"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
LARGEST: Final = 1 << 16
LONGEST_VALUE: Final = 400
"""Of a payload, in bytes; a receipt has a few thousand."""
SIGNED: Final = frozenset({Answer.VERIFIED, Answer.MISMATCH, Answer.INCONCLUSIVE})
"""The verdicts of a rerun. The others say nothing of the score."""
_DEEPEST: Final = 20
_WEIGHTS: Final = re.compile(r".*\.(?:safetensors|bin|gguf|pt|pth|onnx|h5|msgpack|ckpt|npz)", re.IGNORECASE | re.DOTALL)


class NotAReceipt(ValueError):
    """Why bytes are no receipt: a sentence for a person."""


class UnknownKey(NotAReceipt):
    """A receipt, perhaps, by a key that is not among those that are trusted, so that nothing of it was checked."""


def _in_utc(at: datetime) -> datetime:
    if at.utcoffset() != timedelta(0):
        raise ValueError("it is not in UTC")
    return at


class VerifiedBy(Frozen):
    """Who says so."""

    name: str = Field(min_length=1, max_length=200, description="The verifier, as it calls itself.")
    where: str = Field(max_length=500, description="Where it ran: an address, or empty.")
    at: Annotated[AwareDatetime, AfterValidator(_in_utc)] = Field(description="When the verdict was given, UTC.")
    evalmark: str = Field(description="Version of evalmark that judged.")


class Receipt(Frozen):
    """The predicate of the statement."""

    claim: ClaimSubject
    model: ModelState
    benchmark: BenchmarkState
    result: Measurement
    run: RunState
    by: VerifiedBy


@dataclass(frozen=True, slots=True)
class Known:
    """What the verifier knows beside the verdict: the weights, the eval.yaml, and itself."""

    weights: str | None
    eval_yaml: str | None
    by: VerifiedBy


class ClaimToday(NamedTuple):
    """A claim as it stands today, and what it is about; None where nobody looked."""

    claim: ClaimSubject
    weights: str | None = None
    benchmark_revision: str | None = None


def subject_of(
    model: str, dataset_id: str, task_id: str, notes: str | None, digits: str, unit: str | None
) -> ClaimSubject:
    """What an entry claims. Raises `ValueError` for a score that is no decimal number."""
    return ClaimSubject.model_validate(
        {
            "model": model,
            "dataset_id": dataset_id,
            "task_id": task_id,
            "variant": usual_notes(notes),
            "value": canonical_value(digits),
            "unit": unit or "unknown",
        }
    )


def no_longer_said(digits: str) -> str:
    """Why a receipt is stale whose claim has become a score of which no receipt can speak."""
    return f"the score is {digits[:40]!r} now, of which no receipt can speak"


def canonical_value(digits: str) -> str:
    """A number without exponent, sign of plus or trailing zeros: `57.0` and `5.7e1` are `57`.

    Raises `ValueError` for what is none, and for one that would fill a receipt: over 400 letters, or beyond 10^±100.
    """
    try:
        value = Decimal(digits.replace("_", ""))
    except InvalidOperation as error:
        raise ValueError(f"{digits[:40]!r} is no number") from error
    if not value.is_finite() or abs(value.adjusted()) > 100 or len(digits) > LONGEST_VALUE:
        raise ValueError(f"{digits[:40]!r} is no score")
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text


def receipt_of(verdict: Verdict, known: Known) -> Receipt:
    """The receipt for a verdict. Raises `ValueError` for one that no rerun led to: there is nothing to carry away."""
    claim, run, numbers = verdict.claim, verdict.run, verdict.comparison
    if verdict.verdict not in SIGNED or run is None or numbers is None:
        raise ValueError(f"a verdict `{verdict.verdict.value}` is no result of a rerun")
    subject = subject_of(claim.model, claim.dataset_id, claim.task_id, claim.notes, claim.digits, verdict.unit)
    measured = {name: getattr(numbers, name) for name in Measurement.model_fields if hasattr(numbers, name)}
    said = {"verdict": verdict.verdict, "rung": verdict.rung, "claimed": claim.value}
    return Receipt(
        claim=subject,
        model=ModelState(
            revision=claim.model_revision,
            weights=known.weights,
            identity_proved=run.identity.proved,
            identity=run.identity.statement,
            ran=run.model,
            args=run.model_args,
        ),
        benchmark=BenchmarkState(revision=run.dataset_revision, eval_yaml=known.eval_yaml, task=run.task),
        result=Measurement.model_validate(said | measured),
        run=RunState(
            order_seed=run.shuffle_seed,
            epochs=run.epochs,
            passes=run.passes,
            scorer=run.scorer,
            reducer=run.reducer,
            grader=run.grader,
            generation=run.generation,
            versions=run.versions,
            platform=run.platform,
            logs=run.logs,
        ),
        by=known.by,
    )


def statement_of(receipt: Receipt) -> dict[str, Any]:
    """The in-toto Statement: its subjects are the claim and the model's revision."""
    return {
        "_type": STATEMENT_TYPE,
        "subject": list(_subjects(receipt)),
        "predicateType": PREDICATE_TYPE,
        "predicate": receipt.model_dump(mode="json"),
    }


def read_statement(payload: bytes) -> Receipt:
    """The receipt in the payload of an envelope. Raises `NotAReceipt`, with a sentence, for anything else."""
    body = _statement(payload)
    try:
        receipt = Receipt.model_validate_json(json.dumps(body["predicate"]), strict=True)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise NotAReceipt(f"its predicate is not as docs/receipts.md describes it, at {place[:80]!r}") from error
    if body["subject"] != list(_subjects(receipt)):
        raise NotAReceipt("its subjects are not those that its predicate speaks of")
    if float(receipt.claim.value) != receipt.result.claimed:
        raise NotAReceipt("its result is about another score than its claim")
    return receipt


def _statement(payload: bytes) -> dict[str, Any]:
    if len(payload) > LARGEST:
        raise NotAReceipt(f"its payload has over {LARGEST} bytes")
    try:
        body = strict_json(payload)
    except NotAReceipt as problem:
        raise NotAReceipt(f"its payload cannot be read: {problem}") from problem
    if not isinstance(body, dict) or body.get("_type") != STATEMENT_TYPE:
        raise NotAReceipt("it is no in-toto Statement v1")
    if body.get("predicateType") != PREDICATE_TYPE:
        raise NotAReceipt("it is a statement about something else than an evalmark verdict")
    if body.keys() != {"_type", "subject", "predicateType", "predicate"}:
        raise NotAReceipt("the statement has other keys than a receipt")
    return body


def changes(receipt: Receipt, today: ClaimToday) -> Iterator[str]:
    """What is otherwise today than when the verdict was given, each in a sentence. Any of them makes it stale."""
    for name in ClaimSubject.model_fields:
        then, now = getattr(receipt.claim, name), getattr(today.claim, name)
        if then != now:
            yield _NAMES[name].format(then=then, now=now)
    if today.weights is not None and today.weights != receipt.model.weights:
        yield f"the model's weights have changed since {receipt.model.revision[:12]}"
    revision = today.benchmark_revision
    if revision is not None and revision != receipt.benchmark.revision:
        yield f"the benchmark's revision was {receipt.benchmark.revision[:12]} and is {revision[:12]}"


def strict_json(text: bytes) -> Any:
    """JSON in UTF-8 with no key twice in one object, no NaN, and no depth without end. Raises `NotAReceipt`."""
    try:
        body = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except NotAReceipt:
        raise
    except RecursionError as error:
        raise NotAReceipt("its JSON is nested too deeply") from error
    except ValueError as error:
        raise NotAReceipt("it is no JSON") from error
    if _deeper(body, _DEEPEST):
        raise NotAReceipt("its JSON is nested too deeply")
    return body


def weights_digest(files: Mapping[str, str]) -> str | None:
    """What changes when a model's weights do; None if it has no weights files. SHA-256 in hex of sorted lines.

    `files`: every file of the repo, by path; `sha256:` and the digest for one in Git LFS, else `gitblob:` and its name.
    """
    lines = sorted(f"{path} {name}" for path, name in files.items() if _WEIGHTS.fullmatch(path))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest() if lines else None


def utc(at: datetime) -> datetime:
    """A moment in UTC, to the second: what a receipt says."""
    return at.astimezone(UTC).replace(microsecond=0)


def _subjects(receipt: Receipt) -> Iterator[dict[str, Any]]:
    claim = receipt.claim
    yield {"name": f"claim:{claim.model}:{claim.dataset_id}:{claim.task_id}", "digest": {"sha256": claim.digest}}
    yield {"name": f"model:{claim.model}", "digest": {"gitCommit": receipt.model.revision}}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAReceipt("its JSON has a key twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise NotAReceipt(f"its JSON has {name}, which is no number")


def _deeper(body: Any, most: int) -> bool:
    inside = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return most == 0 or any(_deeper(each, most - 1) for each in inside)


_NAMES: Final = {
    "model": "it is about the model {then!r}, not about {now!r}",
    "dataset_id": "it is about the benchmark {then!r}, not about {now!r}",
    "task_id": "it is about the task {then!r}, not about {now!r}",
    "variant": "it is about the set-up {then!r}, not about {now!r}",
    "value": "the score was {then} and is {now}",
    "unit": "the unit was {then} and is {now}",
}
