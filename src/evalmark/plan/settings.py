"""How the model samples in a rerun, and who says so: the task, else the linked log, else the declaration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from evalmark.formats.benchmark import InspectTask, Solver
from evalmark.formats.settings import Settings
from evalmark.plan.identity import Scalar

SettingsFrom: TypeAlias = Literal["task", "declaration", "log", "unknown"]
Option: TypeAlias = Scalar | tuple[str, ...]

# These ask the model. Of the options, `generate` takes them all, `multiple_choice` one, `self_critique` none; what else
# stands among the arguments of the latter two, Inspect does not use.
_TAKES: Mapping[str, frozenset[str]] = {
    "generate": frozenset(Settings.model_fields),
    "multiple_choice": frozenset({"max_tokens"}),
    "self_critique": frozenset(),
}
# What a log records beside how the model samples: it changes no answer, or only which one is drawn.
_HARMLESS_IN_A_LOG = frozenset({"seed", "num_choices"})
# A system message can hold the answers, so it is never taken from a log.
_NOT_FROM_A_LOG = frozenset({"system_message", "stop_seqs"})
WHAT_SAYS_IT = "temperature"


@dataclass(frozen=True, slots=True)
class Sampling:
    """The options that are sent beside the task's own arguments, and whether nothing is drawn."""

    settings_from: SettingsFrom
    generation: Mapping[str, Option]
    greedy: bool

    @property
    def key(self) -> tuple[tuple[str, Option], ...]:
        """The options, to be compared."""
        return tuple(sorted(self.generation.items()))


def sampling(task: InspectTask, log: Mapping[str, Scalar], declared: Settings) -> Sampling:
    """How the model samples. `log` has the options of the claim's log, or nothing.

    One source says it all: an option that a log leaves out was the provider's default, not the declaration's. What the
    task pins is never sent.
    """
    settings_from, said = _said(task, log, _options(declared))
    own = [_own(solver) for solver in task.solvers if solver.name in _TAKES]
    pinned = frozenset.intersection(*(frozenset(options) for options in own)) if own else frozenset()
    generation = {name: value for name, value in said.items() if name not in pinned}
    temperatures = [options.get(WHAT_SAYS_IT, generation.get(WHAT_SAYS_IT)) for options in own]
    return Sampling(settings_from, generation, bool(own) and all(each == 0 for each in temperatures))


def _said(
    task: InspectTask, log: Mapping[str, Scalar], declared: Mapping[str, Option]
) -> tuple[SettingsFrom, Mapping[str, Option]]:
    logged = _logged(log)
    if pins_sampling(task):
        return "task", logged or declared
    if logged is None:
        return "unknown", declared
    if WHAT_SAYS_IT in logged:
        return "log", logged
    if WHAT_SAYS_IT in declared:
        return "declaration", declared
    return "unknown", logged or declared


def pins_sampling(task: InspectTask) -> bool:
    """Whether the task itself says how the model samples, so that a rerun runs the settings of any claim about it."""
    own = [_own(solver) for solver in task.solvers if solver.name in _TAKES]
    return bool(own) and all(WHAT_SAYS_IT in options for options in own)


def _own(solver: Solver) -> dict[str, Any]:
    takes = _TAKES[solver.name]
    return {name: value for name, value in solver.args.items() if name in takes and value is not None}


def _logged(log: Mapping[str, Scalar]) -> Mapping[str, Option] | None:
    """The options of a log; None if it was made with one that a rerun cannot or must not be given."""
    said = {name: value for name, value in log.items() if value is not None and name not in _HARMLESS_IN_A_LOG}
    if not _NOT_FROM_A_LOG.isdisjoint(said):
        return None
    try:
        return _options(Settings.model_validate(said))
    except ValidationError:
        return None


def _options(settings: Settings) -> Mapping[str, Option]:
    return settings.model_dump(exclude_none=True)
