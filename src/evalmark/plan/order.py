"""The order in which samples run. It is drawn once, after the claim is fixed, so that nobody can choose it."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import TypeAlias

from evalmark.facts import ModelFacts
from evalmark.plan.claims import Claim

# Inspect does not shuffle for seed 0, and keeps seeds as 32-bit integers.
LARGEST_SEED = 2**31 - 1

Question: TypeAlias = frozenset[tuple[str, ...]]


def shuffle_seed(nonce: str, benchmark_revision: str, task_id: str, weights: str) -> int:
    """Seed in [1, 2³¹ − 1] for Inspect's integer shuffle: HMAC-SHA-256 of what is rerun, keyed by the nonce."""
    digest = _hmac(nonce, "\n".join((benchmark_revision, task_id, weights)))
    return int.from_bytes(digest[:8], "big") % LARGEST_SEED + 1


def weights_digest(model: ModelFacts) -> str:
    """Names the claimed weights: sha256 over the paths and digests of the files, or the commit if none are listed.

    A commit that only changes what is claimed leaves it as it is.
    """
    if not model.weights:
        return model.revision
    return hashlib.sha256(json.dumps(sorted(model.weights.items())).encode()).hexdigest()


def same_question(claims: Iterable[Claim], weights: str) -> Question:
    """What is asked, as far as no nonce is drawn for it twice.

    Without notes, source, date and place: somebody could change those until the order suits the claim.
    """
    return frozenset(
        (claim.model, claim.dataset_id, claim.dataset_revision or "", claim.task_id, claim.digits, weights)
        for claim in claims
    )


def nonce_from_secret(secret: str, question: Question) -> str:
    """The nonce that a verifier's secret gives to a question: the same each time, and nobody else can know it."""
    return _hmac(secret, json.dumps(sorted(question))).hex()


def _hmac(key: str, subject: str) -> bytes:
    return hmac.new(key.encode(), subject.encode(), hashlib.sha256).digest()
