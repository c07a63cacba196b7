"""A benchmark's own scorer, run again on the transcripts of a log: no model is asked. Child process only."""

from typing import Any

from inspect_ai import scorer as scorers
from inspect_ai.log import EvalSample
from inspect_ai.model import ChatMessageUser, ModelName
from inspect_ai.scorer import Scorer, Target
from inspect_ai.solver import Solver, TaskState, multiple_choice

from evalmark.formats.upstream import SCORERS
from evalmark.logged import Wanted


class Rescorer:
    """Scores samples as `wanted` says."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._score = _scorer(wanted)
        self._mark = _marker(wanted)

    async def value(self, run: EvalSample) -> Any:
        """The value that the transcript gives; None where there is none, and where the sample itself failed."""
        if run.error is not None:
            return None
        target = Target(run.target)
        state = TaskState(
            model=ModelName("none/none"),
            sample_id=run.id,
            epoch=run.epoch,
            input=run.input,
            messages=[ChatMessageUser(content="")],
            target=target,
            choices=run.choices,
            output=run.output,
            completed=True,
            metadata={},
        )
        try:
            if self._mark is not None:
                state = await self._mark(state, _said_already)
            score = await self._score(state, target)
        except Exception:  # noqa: BLE001 - a transcript that the scorer cannot work on has no score
            return None
        return None if score is None else score.value


def _scorer(wanted: Wanted) -> Scorer:
    if wanted.scorer not in SCORERS:
        raise ValueError(f"{wanted.scorer} is no scorer of Inspect's closed list")
    made: Scorer = getattr(scorers, wanted.scorer)(**wanted.scorer_args)
    return made


def _marker(wanted: Wanted) -> Solver | None:
    """`choice` scores marks that `multiple_choice` made and no log keeps: the solver makes them again."""
    if wanted.multiple_correct is None:
        return None
    return multiple_choice(multiple_correct=wanted.multiple_correct)


async def _said_already(state: TaskState, *_: Any, **__: Any) -> TaskState:
    """In the place of the model: the answer is in the transcript."""
    return state
