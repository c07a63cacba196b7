"""evalmark: proof for reported benchmark scores.

The Python API is in `evalmark.api`; every name of it can be imported from here.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalmark.api import (
        Added,
        CouldNotFinish,
        DatasetRef,
        DatasetUsed,
        Entry,
        EvalmarkError,
        Finding,
        Loaded,
        Metric,
        MissingExtra,
        Place,
        Result,
        Severity,
        Source,
        UsageProblem,
        add,
        check,
        dump,
        dumps,
        from_huggingface,
        load,
        loads,
        read_results,
        to_every_eval_ever,
        to_huggingface,
    )

__version__ = "0.1.0"

__all__ = [
    "Added",
    "CouldNotFinish",
    "DatasetRef",
    "DatasetUsed",
    "Entry",
    "EvalmarkError",
    "Finding",
    "Loaded",
    "Metric",
    "MissingExtra",
    "Place",
    "Result",
    "Severity",
    "Source",
    "UsageProblem",
    "add",
    "check",
    "dump",
    "dumps",
    "from_huggingface",
    "load",
    "loads",
    "read_results",
    "to_every_eval_ever",
    "to_huggingface",
]

if not TYPE_CHECKING:  # a type checker is to find names that are not there

    def __getattr__(name: str) -> Any:
        """The API, imported when it is first asked for: the command line starts without it."""
        if name in __all__:
            return getattr(importlib.import_module("evalmark.api"), name)
        raise AttributeError(f"module 'evalmark' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
