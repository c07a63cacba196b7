"""From a log to numbers, with Inspect's own reader. Runs in the child process only.

Inspect's `accuracy` leaves errored, None and NaN samples out; here every sample that was to run is accounted for.
"""

import contextlib
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from inspect_ai import Epochs
from inspect_ai.log import EvalLog, EvalSample, headline_metric, read_eval_log
from inspect_ai.scorer import Score, ScoreReducer, value_to_float
from pydantic import ValidationError

from evalmark.adapters.inspect_log.container import ANOTHER, RefusedLog
from evalmark.adapters.inspect_log.limits import MIB, LogLimits
from evalmark.adapters.inspect_log.others import results_of_another
from evalmark.adapters.inspect_log.rescoring import Rescorer
from evalmark.adapters.inspect_log.telling import told
from evalmark.formats.upstream import REDUCER_PATTERN
from evalmark.logged import SHORT, Logged, LoggedSample, Rescore, Wanted, question_key
from evalmark.report.escape import plain
from evalmark.review import COMMIT

# What neither a score nor a question needs: it is most of a log's bytes.
LEFT_OUT = {"events", "events_data", "messages", "store", "timelines", "error_retries", "metadata"}
# How a model was told to sample; everything else in Inspect's settings is about speed and retries.
SAMPLING = (
    *("temperature", "top_p", "top_k", "max_tokens", "seed", "num_choices", "best_of"),
    *("frequency_penalty", "presence_penalty", "reasoning_effort", "reasoning_tokens", "stop_seqs", "extra_body"),
    *("system_message", "logit_bias"),
)
ASK_THE_MODEL = frozenset({"generate", "multiple_choice", "self_critique"})
MEANS = frozenset({"accuracy", "mean"})
MOST_EPOCHS = 1000
LONGEST_ARGS = 4000
TASK = re.compile(
    r"hf/(?P<dataset>[^/@\s]+/[^/@\s]+)(?:/(?P<task>[^/@\s]+))?(?:@(?P<revision>[^/\s]+))?(?:/(?P<one_of>[^/@\s]+))?"
)
REDUCER = re.compile(REDUCER_PATTERN)
DEEP = re.compile("recursion|too deep|depth", re.IGNORECASE)


def read(path: Path, limits: LogLimits) -> EvalLog:
    """Read a log that `container.look_at` let pass. Raises `RefusedLog`."""
    try:
        return read_eval_log(str(path), exclude_fields=set(LEFT_OUT), resolve_attachments="core")
    except MemoryError:
        raise too_much_memory(limits) from None
    except RecursionError:
        raise RefusedLog("it is nested too deeply") from None
    except ValidationError as error:
        raise results_of_another(path) or _unlike_a_log(error) from None
    except Exception as error:
        if DEEP.search(str(error)):
            raise RefusedLog("it is nested too deeply") from None
        raise RefusedLog(f"Inspect cannot read it: {said(error)}") from error


def too_much_memory(limits: LogLimits) -> RefusedLog:
    most = limits.memory_bytes // MIB
    return RefusedLog(f"reading it takes more than {most} MiB of memory", "give a log of a single, smaller evaluation")


def _unlike_a_log(error: ValidationError) -> RefusedLog:
    first = error.errors(include_url=False, include_input=False)[0]
    where = plain(".".join(str(part) for part in first["loc"]), SHORT) or "the whole file"
    return RefusedLog(f"it is not an Inspect log: at {where}, {plain(first['msg'], SHORT)}", ANOTHER)


def said(error: BaseException) -> str:
    """An error in one harmless line."""
    return plain(f"{type(error).__name__}: {error}", 160)


async def logged(log: EvalLog, name: str, sha256: str, tasks: Sequence[Wanted]) -> Logged:
    """Everything about a log that leaves this process."""
    evaluation, config = log.eval, log.eval.config
    found = TASK.fullmatch(evaluation.task)
    revision = found["revision"] if found else None
    scorer = evaluation.scorers[0] if evaluation.scorers else None
    planned = list(dict.fromkeys(str(number) for number in evaluation.dataset.sample_ids or []))
    runs = _by_sample(log.samples or [])
    present = [runs[number] for number in planned if number in runs]
    reading = _Reading(scorer.name if scorer else None, config.epochs or 1, _reducer_name(log))
    stated = _stated(log)
    return Logged(
        file=plain(name, SHORT),
        sha256=sha256,
        task=plain(evaluation.task),
        dataset_id=plain(found["dataset"]) if found else None,
        task_id=plain(found["one_of"] or found["task"] or "") or None if found else None,
        dataset_revision=revision if revision and COMMIT.fullmatch(revision) else None,
        model=plain(evaluation.model),
        generation=generation_of(log),
        epochs=reading.epochs,
        reducer=reading.reducer_name,
        selection=_selection(log),
        status=log.status,
        early_stops=_early_stops(log),
        invalidated=log.invalidated,
        updates=len(log.log_updates or []) + len(log.config_updates or []),
        scorer=plain(scorer.name, SHORT) if scorer else None,
        scorer_args=_if_small(scorer.options) if scorer else None,
        inspect=plain(str(evaluation.packages.get("inspect_ai", "")), SHORT) or None,
        read_with=version("inspect-ai"),
        total=evaluation.dataset.samples,
        planned=len(planned),
        unplanned=len(runs.keys() - set(planned)),
        samples=tuple(reading.sample(by_epoch) for by_epoch in present),
        stated=stated[1] if stated else None,
        stated_as=stated[0] if stated else None,
        told=told(log),
        rescores=tuple([await _rescored(rescorer, present, reading) for rescorer in _rescorers(tasks, log, found)]),
    )


def _by_sample(samples: Sequence[EvalSample]) -> dict[str, dict[int, EvalSample]]:
    runs: dict[str, dict[int, EvalSample]] = defaultdict(dict)
    for sample in samples:
        runs[str(sample.id)][sample.epoch] = sample
    return runs


class _Reading:
    """How the scores of one log are read."""

    def __init__(self, scorer: str | None, epochs: int, reducer_name: str) -> None:
        self.scorer, self.epochs, self.reducer_name = scorer, epochs, reducer_name
        if epochs > MOST_EPOCHS:
            raise RefusedLog(f"it has {epochs} epochs, over the limit of {MOST_EPOCHS}")
        self._reducer = _reducer_named(reducer_name)

    def sample(self, by_epoch: Mapping[int, EvalSample]) -> LoggedSample:
        values = [self._value(by_epoch.get(epoch)) for epoch in range(1, self.epochs + 1)]
        runs = list(by_epoch.values())
        first = runs[0]
        asked = first.input if isinstance(first.input, str) else [message.text for message in first.input]
        return LoggedSample(
            key=question_key(asked, first.choices or [], first.target),
            id=plain(str(first.id), SHORT),
            question=plain(asked[:1000] if isinstance(asked, str) else " ".join(asked)[:1000], SHORT),
            values=tuple(values),
            score=self.reduced(values),
            failed=sum(run.error is not None for run in runs),
            limited=sum(run.limit is not None for run in runs),
            edited=sum(self._edited(run) for run in runs),
        )

    def reduced(self, values: Sequence[float | None]) -> float | None:
        """The epochs as one score, by Inspect's own reducer; None unless every epoch has a value."""
        scores = [Score(value=value) for value in values if value is not None]
        if len(scores) < len(values):
            return None
        return number(self._reducer(scores).value)

    def _value(self, run: EvalSample | None) -> float | None:
        if run is None or run.error is not None:
            return None
        score = (run.scores or {}).get(self.scorer or "")
        return None if score is None else number(score.value)

    def _edited(self, run: EvalSample) -> bool:
        score = (run.scores or {}).get(self.scorer or "")
        return run.invalidation is not None or (score is not None and bool(score.history))


def _reducer_named(name: str) -> ScoreReducer:
    if not REDUCER.fullmatch(name):
        raise RefusedLog(f"it reduces epochs by `{plain(name, SHORT)}`, which is no reducer of Inspect's")
    return (Epochs(1, name).reducer or [])[0]


def number(value: Any) -> float | None:
    """A score's value as a finite number, as Inspect's metrics take it: C is 1, P is 0.5, I and N are 0."""
    if not isinstance(value, str | int | float | bool):
        return None
    try:
        found = float(value_to_float()(value))
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def _reducer_name(log: EvalLog) -> str:
    names = log.eval.config.epochs_reducer
    return names[0] if names else "mean"


def generation_of(log: EvalLog) -> dict[str, str | int | float | bool | None]:
    """How the model was told to sample. What a solver says comes last, as in Inspect."""
    told = [log.eval.model_generate_config.model_dump(), log.plan.config.model_dump()]
    told += [step.params_passed for step in log.plan.steps if step.solver in ASK_THE_MODEL]
    return {name: _scalar(said[name]) for name in SAMPLING for said in told if said.get(name) is not None}


def _scalar(value: Any) -> str | int | float | bool:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, int | float | bool) else plain(str(value), SHORT)


def _if_small(args: dict[str, Any] | None) -> dict[str, Any] | None:
    return args if args is not None and len(json.dumps(args)) <= LONGEST_ARGS else None


def _selection(log: EvalLog) -> str:
    config = log.eval.config
    if config.limit is not None:
        return f"limit={plain(str(config.limit), SHORT)}"
    return "" if config.sample_id is None else "sample_id"


def _early_stops(log: EvalLog) -> int:
    summary = log.results.early_stopping if log.results else None
    return len(summary.early_stops) if summary else 0


def _stated(log: EvalLog) -> tuple[str, float] | None:
    found = headline_metric(log)
    if found is None or found.name not in MEANS or not math.isfinite(found.metric.value):
        return None
    return found.name, float(found.metric.value)


def _rescorers(tasks: Sequence[Wanted], log: EvalLog, found: "re.Match[str] | None") -> Iterator[Rescorer]:
    """For the tasks that the log may be of: those of the benchmark that it names, else all with its scorer."""
    named = [task for task in tasks if found and found["dataset"] == task.dataset_id]
    scorers = {scorer.name for scorer in log.eval.scorers or []}
    for task in named or tasks:
        if task.scorer in scorers and not task.not_rescored:
            with contextlib.suppress(TypeError, ValueError):  # arguments that the scorer does not take
                yield Rescorer(task)


async def _rescored(rescorer: Rescorer, present: Sequence[Mapping[int, EvalSample]], reading: _Reading) -> Rescore:
    values: list[tuple[float | None, ...]] = []
    for by_epoch in present:
        runs = [by_epoch.get(epoch) for epoch in range(1, reading.epochs + 1)]
        values.append(tuple([None if run is None else number(await rescorer.value(run)) for run in runs]))
    scores = tuple(reading.reduced(each) for each in values)
    return Rescore(task=rescorer.wanted.task, values=tuple(values), scores=scores)
