"""Files of other tools that are also called `eval.yaml`, told by their keys."""

from collections.abc import Callable
from typing import NamedTuple

from evalmark.checks.registry import found
from evalmark.finding import Finding
from evalmark.formats.nodes import Mapping, child_at

EUROEVAL_KEYS = frozenset({"task", "languages", "choices_column"})


class Dialect(NamedTuple):
    """A file of another tool: how to tell it, what to call it, what to do."""

    is_told_by: Callable[[Mapping], bool]
    name: str
    advice: str


DIALECTS = (
    Dialect(
        lambda root: _has(root, "title") and (_has(root, "group") or _has(root, "contributors")),
        "the metadata of an evaluation in the package inspect_evals",
        "keep it in that package; a benchmark on the Hub has name, description, evaluation_framework and tasks[].id",
    ),
    Dialect(
        lambda root: _has(root, "title") and (_has(root, "abbreviation") or _has_repository_commit(root)),
        "an entry of the Inspect Evals register",
        "keep it in the register; a benchmark on the Hub has name, description, evaluation_framework and tasks[].id",
    ),
    Dialect(
        lambda root: not _has(root, "tasks") and any(_has(root, key) for key in ("field_spec", "solvers", "scorers")),
        "the early flat form of a benchmark, which Inspect and the Hub no longer read",
        "write `tasks:` and, below it, `- id: <name>` with field_spec, solvers and scorers indented under it",
    ),
)


def other_format(root: Mapping) -> Finding | None:
    """The finding for a file that is no benchmark of the Hub, or None. The other rules do not apply to it."""
    for dialect in DIALECTS:
        if dialect.is_told_by(root):
            return found("other-format", root.place, f"this is {dialect.name}", dialect.advice)
    return None


def euroeval_keys(root: Mapping) -> Finding | None:
    """The finding for a benchmark with keys for EuroEval, or None."""
    keys = [key for key, _ in root.pairs if key.text in EUROEVAL_KEYS]
    if not keys:
        return None
    names = ", ".join(f"`{key.text}`" for key in keys)
    return found(
        "euroeval-keys",
        keys[0].place,
        f"only EuroEval reads {names}",
        "leave them if EuroEval runs this benchmark; the Hub and Inspect pass over them",
    )


def _has(root: Mapping, key: str) -> bool:
    return root.get(key) is not None


def _has_repository_commit(root: Mapping) -> bool:
    source = root.get("source")
    return source is not None and child_at(source, "repository_commit") is not None
