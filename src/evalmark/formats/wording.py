"""The words for everything that can be wrong with a field. The rule ids are stable."""

import re
from typing import get_args

from evalmark.finding import Replace
from evalmark.formats.benchmark import (
    Benchmark,
    FieldSpec,
    InspectBenchmark,
    InspectTask,
    Scorer,
    Solver,
    Task,
)
from evalmark.formats.declaration import Declaration, Direction, TaskDeclaration, Unit
from evalmark.formats.edits import replaced
from evalmark.formats.nodes import Node, Scalar
from evalmark.formats.results import DatasetRef, Entry, Source
from evalmark.formats.translate import ANY_ERROR, FileKind, Part, Wording, one_of
from evalmark.formats.upstream import COUNTED_REDUCERS, REDUCERS, SCORERS, SOLVERS

MISSING = "missing"

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


def text_help(node: Node) -> str:
    """How to make a text of what is none."""
    if not isinstance(node, Scalar):
        return "write one text"
    if node.value is None:
        return "write a text, or delete the line"
    return f'put it in quotes: "{node.text}"' if len(node.text) < 60 else "put it in quotes"


_EVERY_FILE = {
    (ANY_ERROR, MISSING): Wording("field-missing", "`{field}` is missing", "add it"),
    (ANY_ERROR, "string_type"): Wording("field-type", "`{field}` must be a text, but it is {found}", text_help),
    (ANY_ERROR, "model_type"): Wording(
        "field-type", "`{field}` must be a mapping, but it is {found}", "write its keys below it, indented"
    ),
    (ANY_ERROR, "dict_type"): Wording(
        "field-type", "`{field}` must be a mapping, but it is {found}", "write its keys below it, indented"
    ),
    (ANY_ERROR, "tuple_type"): Wording(
        "field-type", "`{field}` must be a list, but it is {found}", "write one item a line, each after `- `"
    ),
    (ANY_ERROR, "bool_type"): Wording(
        "field-type", "`{field}` must be true or false, but it is {found}", "write `true` or `false`, without quotes"
    ),
    (ANY_ERROR, ANY_ERROR): Wording(
        "field-type", "`{field}` cannot be {found}", "see the description of the format for what it can be"
    ),
}

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
        **_EVERY_FILE,
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

_TASKS_MISSING = Wording(
    "tasks-missing",
    "the benchmark has no `tasks`",
    "add `tasks:` with one item a leaderboard, each with an `id`",
)
_SOLVERS_MISSING = Wording(
    "solvers-missing", "the task has no `solvers`, and Inspect needs one", "add `solvers:` with `- name: generate`"
)
_SCORERS_MISSING = Wording(
    "scorers-missing", "the task has no `scorers`, and Inspect needs one", "add `scorers:` with, say, `- name: match`"
)
_EPOCHS = Wording(
    "epochs-form", "`{field}` must be a whole number of at least 1, but it is {found}", "write how often, such as 4"
)
_DATASET_DEFAULT = "write its name in quotes, or delete the line to take the default"

_BENCHMARK_WORDINGS = {
    **_EVERY_FILE,
    ("tasks", MISSING): _TASKS_MISSING,
    ("tasks", "too_short"): _TASKS_MISSING,
    ("tasks[]", "model_type"): Wording(
        "task-not-a-mapping",
        "a task must be a mapping with an `id`, but it is {found}",
        "write `id:` after the `- `, and its other keys below it",
    ),
    ("tasks[].id", "string_too_short"): Wording(
        "task-id-missing", "`{field}` is empty", "write the leaderboard's id, such as `diamond`"
    ),
    ("tasks[].config", "string_type"): Wording(
        "field-type", "`{field}` must be a text, but it is {found}", _DATASET_DEFAULT
    ),
    ("tasks[].split", "string_type"): Wording(
        "field-type", "`{field}` must be a text, but it is {found}", _DATASET_DEFAULT
    ),
    ("tasks[].field_spec", MISSING): Wording(
        "field-spec-missing",
        "the task has no `field_spec`, and Inspect needs it",
        "add `field_spec:` with the columns of the question (`input`) and of the answer (`target`)",
    ),
    ("tasks[].field_spec.choices", ANY_ERROR): Wording(
        "field-type",
        "`{field}` must be a column or a list of columns, each a text",
        "write the name of the column that holds the choices, or one column a choice",
    ),
    ("tasks[].epochs", ANY_ERROR): _EPOCHS,
    ("tasks[].epoch_reducer", ANY_ERROR): Wording(
        "epoch-reducer-form",
        "`{field}` must be one of Inspect's reducers, but it is {found}",
        f"use one of: {', '.join(REDUCERS)}, {', '.join(f'{name}_N' for name in COUNTED_REDUCERS)}",
    ),
    ("tasks[].solvers", MISSING): _SOLVERS_MISSING,
    ("tasks[].solvers", "too_short"): _SOLVERS_MISSING,
    ("tasks[].scorers", MISSING): _SCORERS_MISSING,
    ("tasks[].scorers", "too_short"): _SCORERS_MISSING,
    ("tasks[].solvers[].name", "value_error"): Wording(
        "solver-unknown", "`{field}` must be one of Inspect's solvers, but it is {found}", one_of(SOLVERS)
    ),
    ("tasks[].scorers[].name", "value_error"): Wording(
        "scorer-unknown",
        "`{field}` must be one of Inspect's scorers, but it is {found}",
        one_of(SCORERS, {"exact_match": "exact"}),
    ),
}
_BENCHMARK_RENAMED = {"scores": "scorers", "subset": "config", "splits": "split", "title": "name"}

BENCHMARK_KIND = FileKind(
    parts={"": Part("a benchmark", Benchmark), "tasks[]": Part("a task", Task)},
    wordings=_BENCHMARK_WORDINGS,
    renamed=_BENCHMARK_RENAMED,
)

INSPECT_KIND = FileKind(
    parts={
        "": Part("a benchmark", InspectBenchmark),
        "tasks[]": Part("a task that Inspect runs", InspectTask),
        "tasks[].field_spec": Part("`field_spec`", FieldSpec),
        "tasks[].solvers[]": Part("a solver", Solver),
        "tasks[].scorers[]": Part("a scorer", Scorer),
    },
    wordings=_BENCHMARK_WORDINGS,
    renamed=_BENCHMARK_RENAMED,
)

_DECLARED = {
    ("unit", ANY_ERROR): Wording(
        "unit-unknown", "`{field}` must be the unit of the scores, but it is {found}", one_of(get_args(Unit))
    ),
    ("direction", ANY_ERROR): Wording(
        "direction-unknown",
        "`{field}` must say which scores are better, but it is {found}",
        one_of(get_args(Direction)),
    ),
    ("tolerance", ANY_ERROR): Wording(
        "tolerance-range",
        "`{field}` must be a number above 0 and at most 1, but it is {found}",
        "write it on the scale from 0 to 1, whatever the unit: 0.01 is one percentage point",
    ),
    ("noise", ANY_ERROR): Wording(
        "noise-range",
        "`{field}` must be a variance from 0 to 0.25, but it is {found}",
        "write it on the scale from 0 to 1; right or wrong by the toss of a coin has 0.25",
    ),
}

DECLARATION_KIND = FileKind(
    parts={"": Part("a declaration", Declaration), "tasks.*": Part("a task's declaration", TaskDeclaration)},
    wordings={
        **_EVERY_FILE,
        **_DECLARED,
        **{(f"tasks.*.{pattern}", error_type): wording for (pattern, error_type), wording in _DECLARED.items()},
        ("tasks", "dict_type"): Wording(
            "field-type", "`tasks` must be a table, but it is {found}", "write `[tasks.diamond]` above the task's keys"
        ),
        ("tasks.*", "model_type"): Wording(
            "field-type", "`{field}` must be a table, but it is {found}", "write `[{field}]` above the task's keys"
        ),
    },
    free_keys=frozenset({"tasks"}),
)
