"""The units of metrics, by their names in the harnesses: no harness states them."""

import re
from typing import Literal

FRACTIONS = frozenset(
    {
        "acc", "acc_all", "acc_norm", "accuracy", "avg", "classification_macro_f1", "classification_micro_f1", "em",
        "exact_match", "extractive_match", "f1", "final_acc", "ifeval_strict_accuracy", "inst_level_loose_acc",
        "inst_level_strict_acc", "maj", "math_equiv", "math_verify", "mc1", "mc2", "pass", "pem", "pqem",
        "prefix_exact_match", "prompt_level_loose_acc", "prompt_level_strict_acc", "qem", "quasi_exact_match",
        "quasi_prefix_exact_match",
    }
)  # fmt: skip
# As sacrebleu gives them.
PERCENTS = frozenset({"bleu", "chrf", "chrf++", "chrf_plus", "ter"})
_PARAMETERS = re.compile(r"[,@:].*|_at_\d+$", re.DOTALL)


def unit_of(name: str, value: float) -> Literal["fraction", "percent"] | None:
    """Whether 1 or 100 is the most, where the name says it: `pass@1` is a fraction, `bleu` a percentage."""
    if is_share(name) and 0 <= value <= 1:
        return "fraction"
    return "percent" if _PARAMETERS.sub("", name) in PERCENTS else None


def is_share(name: str) -> bool:
    """Whether a metric's whole is one, whichever way its value is written."""
    return _PARAMETERS.sub("", name) in FRACTIONS
