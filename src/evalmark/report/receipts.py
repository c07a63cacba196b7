"""What a receipt says, and what was found out about it, for a person and for a program."""

from collections.abc import Callable, Iterator
from typing import Any

from evalmark.amounts import DECIMALS
from evalmark.receipt import Receipt
from evalmark.report.escape import plain
from evalmark.trust import Checked

SCALES = {"percent": 100, "fraction": 1}


def receipt_as_text(receipt: Receipt) -> str:
    """Its fields, one a line."""
    rows = list(_rows(receipt))
    width = max(len(name) for name, _ in rows)
    return "".join(f"{name:<{width}}  {plain(value, 300)}\n" for name, value in rows)


def checked_as_text(checked: Checked) -> str:
    """What was found out, why, and what the receipt says."""
    key = f", signed by {checked.key.name or checked.key.id}" if checked.key is not None else ""
    lines = [f"{checked.state.value}{key}", *(f"    {plain(reason, 500)}" for reason in checked.reasons)]
    said = f"\n{receipt_as_text(checked.receipt)}" if checked.receipt is not None else ""
    return "\n".join(lines) + "\n" + said


def checked_as_data(checked: Checked) -> dict[str, Any]:
    """The same for a program."""
    receipt, key = checked.receipt, checked.key
    return {
        "state": checked.state.value,
        "reasons": list(checked.reasons),
        "key": {"id": key.id, "name": key.name, "key": key.key} if key is not None else None,
        "claim_digest": receipt.claim.digest if receipt is not None else None,
        "receipt": receipt.model_dump(mode="json") if receipt is not None else None,
    }


def _rows(receipt: Receipt) -> Iterator[tuple[str, str]]:
    claim, result, run, by = receipt.claim, receipt.result, receipt.run, receipt.by
    number = _number(claim.unit)
    yield "claim", f"{claim.value}{' %' if claim.unit == 'percent' else ''} by {claim.model}"
    yield "on", f"{claim.dataset_id} · {claim.task_id}" + (f" ({claim.variant})" if claim.variant else "")
    yield "verdict", f"{result.verdict.value}, evidence: {result.rung.value}"
    low, high = result.interval
    yield "measured", f"{number(result.measured)} [{number(low)}, {number(high)}]"
    yield "samples", f"{result.samples_used} of {result.samples_total}"
    yield (
        "margins",
        f"same within ±{number(result.margin_verified)}, different beyond ±{number(result.margin_mismatch)}",
    )
    yield "model", f"{receipt.model.ran} at {receipt.model.revision}"
    yield (
        "identity",
        receipt.model.identity if receipt.model.identity_proved else f"NOT PROVED: {receipt.model.identity}",
    )
    yield "benchmark", f"{receipt.benchmark.task}"
    yield "logs", ", ".join(f"{log.path} sha256:{log.sha256}" for log in run.logs) or "none"
    yield "verified by", f"{by.name}{f', {by.where}' if by.where else ''}, {by.at:%Y-%m-%d %H:%M} UTC"
    yield "digest", claim.digest


def _number(unit: str) -> Callable[[float], str]:
    decimals = DECIMALS[SCALES[unit]] if unit in SCALES else 4
    return lambda value: f"{value:.{decimals}f}"
