"""How long it takes to verify 1,000 receipts, beside the bare cost of as many Ed25519 verifications, in one run.

    python -m benchmarks.receipt [RECEIPTS]

Each receipt is another one: its claim, its numbers and its signature. Verifying is all that `evalmark receipt verify`
does once the file is read: the envelope, the signature, the statement, the key's days, and whether the claim, the
weights and the benchmark are still the same. The bare cost is cryptography's `verify` over the same bytes.

Goal: 1,000 receipts in under 2 s.
"""

import base64
import json
import sys
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evalmark.adapters.signing import open_envelope
from evalmark.flows.receipts import check
from evalmark.receipt import ClaimToday, Receipt, statement_of
from evalmark.trust import State
from scripts.receipt_samples import VERIFIED
from scripts.receipt_vectors import KEYS, NOW, TRUSTED, pae

GOAL_SECONDS = 2.0
RUNS = 5


def best(job: Callable[[], None]) -> float:
    """The fastest of some runs, in seconds: the one that the machine disturbed least."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        job()
        times.append(time.perf_counter() - started)
    return min(times)


def receipt(number: int) -> Receipt:
    """One of many."""
    value = f"{number % 1000}.{number % 9 + 1}"
    claim = VERIFIED.claim.model_copy(update={"model": f"acme/model-{number}", "value": value})
    result = VERIFIED.result.model_copy(update={"claimed": float(value)})
    return VERIFIED.model_copy(update={"claim": claim, "result": result})


def main(argv: list[str]) -> int:
    """Measure and print."""
    count = int(argv[1]) if len(argv) > 1 else 1000
    receipts = [receipt(number) for number in range(count)]
    texts = [KEYS["signer"].sign(statement_of(each)).encode() for each in receipts]
    days = [ClaimToday(each.claim, each.model.weights, each.benchmark.revision) for each in receipts]

    def ours() -> None:
        for text, today in zip(texts, days, strict=True):
            if check(text, open_envelope, (TRUSTED,), NOW, today).state is not State.VALID:
                raise SystemExit("a receipt is not valid")

    envelopes = [json.loads(text) for text in texts]
    signed = [
        (base64.b64decode(each["signatures"][0]["sig"]), pae(base64.b64decode(each["payload"]))) for each in envelopes
    ]

    def bare() -> None:
        for signature, text in signed:
            Ed25519PublicKey.from_public_bytes(TRUSTED.raw).verify(signature, text)

    took, floor = best(ours), best(bare)
    goal = GOAL_SECONDS * count / 1000
    print(f"{count} receipts of {len(texts[0])} bytes: {took:.2f} s")
    print(f"of the time that is promised: {took / goal:.2f} (goal: below 1)")
    print(f"{count} bare Ed25519 verifications: {floor:.2f} s; a receipt costs {took / floor:.1f} times that")
    return 0 if took < goal else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
