"""The order in which samples run. It is drawn once, after the claim is fixed, so that nobody can choose it."""

import hashlib
import hmac

# Inspect does not shuffle for seed 0, and keeps seeds as 32-bit integers.
LARGEST_SEED = 2**31 - 1


def shuffle_seed(nonce: str, benchmark_revision: str, task_id: str, model_revision: str) -> int:
    """Seed in [1, 2³¹ − 1] for Inspect's integer shuffle: HMAC-SHA-256 of what is rerun, keyed by the nonce."""
    subject = "\n".join((benchmark_revision, task_id, model_revision))
    digest = hmac.new(nonce.encode(), subject.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") % LARGEST_SEED + 1
