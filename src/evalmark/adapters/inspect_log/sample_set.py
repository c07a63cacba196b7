"""The samples that a benchmark really has, as Inspect loads them. Child process only; no model is asked."""

from typing import Any

from inspect_ai import eval as evaluate
from inspect_ai.solver import Generate, Solver, TaskState, solver

from evalmark.logged import question_key


def keys_of(task: str, log_dir: str) -> list[str]:
    """The key of every sample of `task`, sorted. Raises whatever Inspect raises, and `ValueError` for a failed run.

    The task runs with a solver of ours in the place of its own: it notes what is asked and leaves the rest.
    """
    keys: list[str] = []
    log = evaluate(
        task,
        solver=_noting(keys),
        model="none/none",
        epochs=1,
        score=False,
        log_samples=False,
        log_realtime=False,
        log_dir=log_dir,
        display="none",
        max_samples=100,
        acp_server=False,
        ctl_server=False,
    )[0]
    if log.status != "success" or len(keys) != log.eval.dataset.samples:
        raise ValueError(log.error.message if log.error else f"{len(keys)} of {log.eval.dataset.samples} were loaded")
    return sorted(keys)


@solver
def _noting(keys: list[str]) -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        del generate
        keys.append(question_key(_asked(state.input), [choice.value for choice in state.choices], list(state.target)))
        return state

    return solve


def _asked(asked: Any) -> str | list[str]:
    return asked if isinstance(asked, str) else [message.text for message in asked]
