"""Whether a verdict still speaks of a claim: it is about one score, one benchmark and one model as they were."""

from dataclasses import dataclass

from evalmark.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Today:
    """What a claim says now and what it is about now. None where nobody knows: that makes nothing stale."""

    digits: str
    named_revision: str | None
    benchmark_revision: str | None
    weights: str | None


def why_stale(verdict: Verdict, weights_then: str | None, today: Today) -> str | None:
    """The first thing that changed since, in words; None if nothing did. `weights_then`: of the model that ran."""
    if verdict.claim.digits != today.digits:
        return f"the score was {verdict.claim.digits} when it was looked at, and is {today.digits} now"
    run = verdict.run
    if run is None:
        return None
    wanted = today.named_revision or today.benchmark_revision
    if wanted is not None and wanted != run.dataset_revision:
        what = (
            "the claim names another commit of the benchmark" if today.named_revision else "the benchmark has changed"
        )
        return f"{what}: {run.dataset_revision[:12]} ran, now it is {wanted[:12]}"
    if None not in (weights_then, today.weights) and weights_then != today.weights:
        return f"the model's weights have changed since {run.model_revision[:12]}"
    return None
