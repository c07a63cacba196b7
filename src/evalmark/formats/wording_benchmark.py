"""The words for what can be wrong with a field of `eval.yaml`. The rule ids are stable."""

from evalmark.formats.benchmark import (
    Benchmark,
    FieldSpec,
    InspectBenchmark,
    InspectTask,
    Scorer,
    Solver,
    Task,
)
from evalmark.formats.translate import ANY_ERROR, FileKind, Part, Wording, one_of
from evalmark.formats.upstream import COUNTED_REDUCERS, REDUCERS, SCORERS, SOLVERS
from evalmark.formats.wording import EVERY_FILE, MISSING

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
    **EVERY_FILE,
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
