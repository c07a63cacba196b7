"""What the test vectors of receipts are made of: a few verdicts and claims, with fixed numbers."""

import copy
from collections.abc import Mapping
from typing import Any, Final

from evalmark.receipt import Receipt

_VERIFIED: Final = {
    "claim": {
        "model": "acme/model",
        "dataset_id": "acme/sums",
        "task_id": "sums",
        "variant": "",
        "value": "57",
        "unit": "percent",
    },
    "model": {
        "revision": "a" * 40,
        "weights": "c" * 64,
        "identity_proved": True,
        "identity": f"the weights of acme/model at {'a' * 40}",
        "ran": "hf/acme/model",
        "args": {"device": "cpu"},
    },
    "benchmark": {"revision": "b" * 40, "eval_yaml": "d" * 64, "task": f"hf/acme/sums/sums@{'b' * 40}"},
    "result": {
        "verdict": "verified",
        "rung": "sampled",
        "claimed": 57.0,
        "measured": 57.1,
        "difference": 0.1,
        "interval": (55.2, 58.9),
        "difference_interval": (-1.8, 1.9),
        "margin_verified": 2.0,
        "margin_mismatch": 2.0,
        "margin_from": "the usual tolerance",
        "alpha": 0.05,
        "p_value": 1.0,
        "samples_used": 700,
        "samples_total": 1000,
        "samples_unscored": 1,
    },
    "run": {
        "order_seed": 2147483647,
        "epochs": 1,
        "passes": 1,
        "scorer": "match",
        "reducer": "mean",
        "grader": None,
        "generation": {"temperature": 0, "stop_seqs": ("END", "\n")},
        "versions": {"inspect-ai": "0.3.285"},
        "platform": "Linux x86_64",
        "logs": ({"path": "logs/job-1/part-1.eval", "sha256": "1" * 64},),
    },
    "by": {"name": "acme's verifier", "where": "", "at": "2026-11-26T10:00:00Z", "evalmark": "0.1.0"},
}
# Texts that must be escaped in the canonical form, or must not; and every field that may be null.
_UNUSUAL: Final = {
    "claim.variant": 'a "quoted" \\ é 漢字 🦆 \u2028 \x7f \x01',
    "claim.value": "-0.057",
    "claim.unit": "unknown",
    "model.weights": None,
    "model.identity_proved": False,
    "model.identity": "identity not proved: served as vllm/model",
    "model.ran": "vllm/model",
    "model.args": {"é": 1.5, "big": 9007199254740991, "none": None, "small": 1e-7, "yes": True},
    "benchmark.eval_yaml": None,
    "result.verdict": "inconclusive",
    "result.claimed": -0.057,
    "result.p_value": None,
    "run.scorer": None,
    "run.reducer": None,
    "run.grader": "openai/gpt-4o-2024-08-06",
    "run.generation": {},
    "run.logs": (),
    "by.where": "https://example.org/runs/7",
}
_MISMATCH: Final = {
    "result.verdict": "mismatch",
    "result.rung": "full",
    "result.measured": 47.0,
    "result.difference": -10.0,
    "result.interval": (47.0, 47.0),
    "result.difference_interval": (-10.0, -10.0),
    "result.p_value": 0.0001,
}


def with_changes(body: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The same, with other values at some places: `claim.value`."""
    changed = copy.deepcopy(dict(body))
    for place, value in changes.items():
        part, name = place.split(".")
        changed[part][name] = value
    return changed


VERIFIED: Final = Receipt.model_validate(_VERIFIED)
MISMATCH: Final = Receipt.model_validate(with_changes(_VERIFIED, _MISMATCH))
UNUSUAL: Final = Receipt.model_validate(with_changes(_VERIFIED, _UNUSUAL))

_CLAIM: Final = {"model": "acme/model", "dataset_id": "acme/sums", "task_id": "sums"}
_SAID: Final = (
    (None, "57.0", "percent"),
    (None, "57", "percent"),
    (None, "5.7e1", "percent"),
    (None, "+57.00", "percent"),
    (None, "0.57", "fraction"),
    (None, "57.0", None),
    (None, "-0.0", "fraction"),
    (None, "1e-7", "fraction"),
    (None, "1200", "percent"),
    (None, "0.1000000000000000055511151231257827", "fraction"),
    ("no tools", "57", "percent"),
    ("w/ tools", "57", "percent"),
    ("With tools", "57", "percent"),
    ("CoT", "57", "percent"),
    ("  5-shot ", "57", "percent"),
    ('a "quoted" \\ é 漢字 🦆 \u2028 \x7f', "57", "percent"),
)
CLAIMS: Final = tuple({**_CLAIM, "notes": notes, "digits": digits, "unit": unit} for notes, digits, unit in _SAID)
"""What entries say; the first four and the eleventh claim the same."""
