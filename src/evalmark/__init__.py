"""evalmark: proof for reported benchmark scores.

The Python API is in `evalmark.api`; every name of it can be imported from here.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalmark.api import Added as Added
    from evalmark.api import CouldNotFinish as CouldNotFinish
    from evalmark.api import DatasetRef as DatasetRef
    from evalmark.api import DatasetUsed as DatasetUsed
    from evalmark.api import Entry as Entry
    from evalmark.api import EvalmarkError as EvalmarkError
    from evalmark.api import Finding as Finding
    from evalmark.api import Loaded as Loaded
    from evalmark.api import Metric as Metric
    from evalmark.api import MissingExtra as MissingExtra
    from evalmark.api import Place as Place
    from evalmark.api import Result as Result
    from evalmark.api import Severity as Severity
    from evalmark.api import Source as Source
    from evalmark.api import UsageProblem as UsageProblem
    from evalmark.api import add as add
    from evalmark.api import check as check
    from evalmark.api import dump as dump
    from evalmark.api import dumps as dumps
    from evalmark.api import from_huggingface as from_huggingface
    from evalmark.api import load as load
    from evalmark.api import loads as loads
    from evalmark.api import read_results as read_results
    from evalmark.api import to_every_eval_ever as to_every_eval_ever
    from evalmark.api import to_huggingface as to_huggingface

__version__ = "0.1.0"

_API = (
    "Added", "CouldNotFinish", "DatasetRef", "DatasetUsed", "Entry", "EvalmarkError", "Finding", "Loaded", "Metric",
    "MissingExtra", "Place", "Result", "Severity", "Source", "UsageProblem", "add", "check", "dump", "dumps",
    "from_huggingface", "load", "loads", "read_results", "to_every_eval_ever", "to_huggingface"
)  # fmt: skip


if not TYPE_CHECKING:  # a type checker is to find names that are not there

    def __getattr__(name: str) -> Any:
        """The API, imported when it is first asked for: the command line starts without it."""
        if name in _API:
            return getattr(importlib.import_module("evalmark.api"), name)
        raise AttributeError(f"module 'evalmark' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_API]
