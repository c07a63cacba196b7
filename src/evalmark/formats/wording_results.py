"""The words for what can be wrong with a field of `.eval_results/*.yaml`. The rule ids are stable."""

import re

from evalmark.finding import Replace
from evalmark.formats.edits import replaced
from evalmark.formats.nodes import Node, Scalar
from evalmark.formats.results import DatasetRef, Entry, Source
from evalmark.formats.translate import ANY_ERROR, FileKind, Part, Wording
from evalmark.formats.wording import EVERY_FILE, MISSING

_SCORE = re.compile(r"\s*([-+]?(?:0|[1-9][0-9]*))(?:([.,])([0-9]+))?\s*%?\s*")


def score_help(node: Node) -> str:
    """How to write a score that is not a number: `20.9%` and `20,9` become 20.9."""
    meant = _score_meant(node)
    return f"write {meant}" if meant else "write the score as a number without quotes or percent sign, such as 20.9"


def score_fix(node: Node) -> Replace | None:
    """Write the number that was meant."""
    meant = _score_meant(node)
    return replaced(node, meant) if meant else None


def _score_meant(node: Node) -> str:
    match = _SCORE.fullmatch(node.text) if isinstance(node, Scalar) and len(node.text) < 40 else None
    # 7,250 may be seven thousand or seven and a quarter.
    if match is None or (match[2] == "," and len(match[3]) == 3):
        return ""
    return f"{match[1]}.{match[3]}" if match[3] else match[1]


_VALUE = Wording("value-not-a-number", "`value` must be a finite number, but it is {found}", score_help, score_fix)
_VALUE_MISSING = Wording("value-missing", "the entry has no `value`", "add the score as a number: `value: 20.9`")
_SOURCE_URL = Wording(
    "source-url-missing",
    "`source` has no `url`, and the Hub refuses the whole file for it",
    "add the link that supports the score, or delete `source`",
)
_REVISION = Wording(
    "revision-form",
    "`dataset.revision` must be a full git commit, but it is {found}",
    "write the commit's 40 lower-case hexadecimal digits in quotes",
)

ENTRY_KIND = FileKind(
    parts={
        "": Part("an entry", Entry),
        "dataset": Part("`dataset`", DatasetRef),
        "source": Part("`source`", Source),
    },
    wordings={
        **EVERY_FILE,
        ("", "model_type"): Wording(
            "entry-not-a-mapping",
            "an entry must be a mapping with `dataset` and `value`, but it is {found}",
            "write `dataset:` and `value:` below each other, the first after `- `",
        ),
        ("dataset", MISSING): Wording(
            "dataset-missing",
            "the entry has no `dataset`",
            "add `dataset:` with the benchmark's `id` and `task_id` below it",
        ),
        ("dataset.id", MISSING): Wording(
            "dataset-id-missing", "`dataset` has no `id`", "add the benchmark's dataset repo: `id: owner/name`"
        ),
        ("dataset.id", "string_pattern_mismatch"): Wording(
            "dataset-id-form",
            "`dataset.id` must be the `owner/name` of a dataset repo, but it is {found}",
            "write it as in the repo's address, such as `cais/hle`",
        ),
        ("dataset.task_id", MISSING): Wording(
            "task-id-missing",
            "`dataset` has no `task_id`",
            "add the id of a task in the benchmark's `eval.yaml`: `task_id: diamond`",
        ),
        ("dataset.task_id", "string_too_short"): Wording(
            "task-id-missing",
            "`dataset.task_id` is empty",
            "write the id of a task in the benchmark's `eval.yaml`",
        ),
        ("dataset.revision", ANY_ERROR): _REVISION,
        ("value", MISSING): _VALUE_MISSING,
        ("value", "float_type"): _VALUE,
        ("value", "finite_number"): _VALUE,
        ("source.url", MISSING): _SOURCE_URL,
        ("source.url", "string_too_short"): _SOURCE_URL,
    },
    renamed={"verify_token": "verifyToken", "metrics": "value", "metric": "value", "score": "value"},
)
