"""The words for what can be wrong with a field of `.evalmark.toml`. The rule ids are stable."""

from typing import get_args

from evalmark.formats.declaration import Declaration, Direction, TaskDeclaration, Unit
from evalmark.formats.translate import ANY_ERROR, FileKind, Part, Wording, one_of
from evalmark.formats.wording import EVERY_FILE

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
        **EVERY_FILE,
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
