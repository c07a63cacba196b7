"""What a result is about: found out where it can be, asked where there is a terminal, else an error with its option."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from evalmark.authoring.matching import (
    benchmarks_like,
    board_unit,
    metric_choice,
    metric_named,
    same_model,
    task_choice,
)
from evalmark.authoring.proposal import Chosen, day_of, digits_of, notes_for
from evalmark.cli import options
from evalmark.cli.add.source import own_source, source_of
from evalmark.cli.asking import Asker, Question
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef
from evalmark.flows.verify import looked_up
from evalmark.formats.declaration import Unit
from evalmark.harness.inspect_ai import FRACTIONS, HARNESS
from evalmark.harness.result import Metric, Result
from evalmark.ports import Benchmarks, Boards
from evalmark.report.escape import plain
from evalmark.review import COMMIT

MOST = 100
NO_BENCHMARK = "none of these"


class NotTaken(Exception):
    """A result that becomes no entry; the argument says why."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where facts come from. `known` lists the names of benchmarks; nothing is asked if `benchmarks` is None."""

    benchmarks: Benchmarks | None
    boards: Boards | None
    known: Callable[[], tuple[str, ...]]
    lacks: Callable[[BenchmarkRef], bool] = lambda _ref: False
    """Whether a benchmark is sure to have no such revision."""


class Chooser:
    """Asks about one result after another. An option that was given answers for all of them.

    An answer counts for all results that are alike: of one model, with the same metrics, of one set-up.
    """

    def __init__(self, args: argparse.Namespace, asker: Asker, places: Places, model: str | None) -> None:
        self._args, self._asker, self._places, self._model = args, asker, places, model
        self._look_up = cache(self._looked_up)
        self._said: dict[tuple[str, ...], str] = {}

    def chosen(self, result: Result, *, alone: bool) -> Chosen:
        """Everything about a result. Of several results, one of no benchmark is left out rather than asked about.

        Raises `NotTaken`, `UsageProblem` for what is not known, `CouldNotFinish`, `Interrupted`.
        """
        self._is_the_model(result, alone=alone)
        dataset_id, found = self._benchmark(result, alone=alone)
        task_id = self._task(result, found, dataset_id, alone=alone)
        self._is_whole(result, alone=alone)
        metric = self._metric(result)
        unit = self._unit(found, dataset_id, task_id)
        args = self._args
        return Chosen(
            dataset_id=dataset_id,
            task_id=task_id,
            metric=self._with_unit(metric, result, unit),
            unit=unit or "percent",
            revision=self._revision(result, dataset_id),
            notes=self._notes(result),
            source=source_of(args) or own_source(result),
            date=_day(args.date) or day_of(result),
        )

    def _is_the_model(self, result: Result, *, alone: bool) -> None:
        if self._args.same_model or self._model is None or same_model(result.model, self._model):
            return
        words = f"{result.file} is about the model {plain(result.model)}"
        # Not by --yes: whoever takes every proposal has not looked for another model's log.
        question = Question(f"{words}. Is that {self._model}", "--same-model")
        if self._once(("model", result.model), lambda: self._agreed(question)):
            return
        if not alone:
            raise NotTaken(f"{plain(result.task)}: {words}")
        raise UsageProblem(
            f"{words}, and not about {self._model}",
            "give the log of this model; or --same-model if only the name differs",
        )

    def _is_whole(self, result: Result, *, alone: bool) -> None:
        if not result.faults or self._args.allow_partial:
            return
        faults = "; ".join(map(plain, result.faults))
        # Not by --yes either.
        words = f"{result.file} is no whole run ({faults}). Write it all the same, and say so in its notes"
        if self._agreed(Question(words, "--allow-partial")):
            return
        if not alone:
            raise NotTaken(f"{plain(result.task)}: no whole run: {faults}")
        raise UsageProblem(
            f"{result.file}, task {plain(result.task)}, is no whole run: {faults}",
            "run the rest; or give --allow-partial, and the entry's notes will say it",
        )

    def _agreed(self, question: Question) -> str:
        """A yes of a person's own, or nothing."""
        return "yes" if self._asker.asks and self._asker.confirm(question, default=False) else ""

    def _once(self, about: tuple[str, ...], ask: Callable[[], str]) -> str:
        if about not in self._said:
            self._said[about] = ask()
        return self._said[about]

    def _benchmark(self, result: Result, *, alone: bool) -> tuple[str, BenchmarkFound | None]:
        given = self._args.benchmark_id
        named = options.repo_name(given, "--benchmark-id") if given else result.dataset.id
        missing: BenchmarkMissing | None = None
        if named is not None and "/" not in named:
            missing = BenchmarkMissing(
                f"`{plain(named)}` names no owner", "give --benchmark-id owner/name", surely=True
            )
            named = None
        if self._places.benchmarks is None:
            if named is None:
                raise UsageProblem(
                    f"it is not known of which benchmark {result.file} is", "give it with --benchmark-id"
                )
            return named, None
        if named is not None:
            found = self._look_up(named)
            if isinstance(found, BenchmarkFound):
                return named, _usable(named, found)
            missing = found
        if given or (missing is not None and not missing.surely):
            assert missing is not None  # noqa: S101 - `given` was looked up
            raise UsageProblem(missing.reason, missing.advice)
        return self._asked_benchmark(result, missing, alone=alone)

    def _asked_benchmark(
        self, result: Result, missing: BenchmarkMissing | None, *, alone: bool
    ) -> tuple[str, BenchmarkFound]:
        why = missing.reason if missing is not None else f"{result.harness} does not say which dataset it used"
        likely = benchmarks_like(result, self._places.known())
        if not alone and not likely:
            raise NotTaken(f"{plain(result.task)}: {why}")
        question = Question(
            f"{plain(why)}. The benchmark that the task {plain(result.task)} is of", "--benchmark-id", None
        )
        if likely and (alone or self._asker.terminal):
            answer = self._asker.choice(question, (*likely[:9], NO_BENCHMARK))
        elif alone or self._asker.terminal:
            answer = self._asker.text(question, _no_repo_name)
        else:
            raise NotTaken(f"{plain(result.task)}: {why}; like it: {', '.join(likely[:3])}")
        if answer == NO_BENCHMARK:
            raise NotTaken(f"{plain(result.task)}: {why}")
        found = self._look_up(answer)
        if isinstance(found, BenchmarkMissing):
            raise UsageProblem(found.reason, found.advice)
        return answer, _usable(answer, found)

    def _looked_up(self, dataset_id: str) -> BenchmarkFound | BenchmarkMissing:
        assert self._places.benchmarks is not None  # noqa: S101 - asked before
        return looked_up(BenchmarkRef(dataset_id), self._places.benchmarks)

    def _task(self, result: Result, found: BenchmarkFound | None, dataset_id: str, *, alone: bool) -> str:
        given = self._args.task_id
        ids = [task.id for task in found.benchmark.tasks if task.id] if found and found.benchmark else []
        if given:
            if ids and given not in ids:
                raise UsageProblem(f"{dataset_id} has no task `{given}`", f"its tasks are: {', '.join(ids)}")
            return str(given)
        if found is None and _is_its_own(result, dataset_id):
            return result.task
        if found is None:
            raise UsageProblem(f"it is not known which task of {dataset_id} it is", "give it with --task-id")
        choice = task_choice(result, found)
        if not choice.options:
            raise UsageProblem(
                f"the tasks of {dataset_id} have no ids", "tell the benchmark's owner, or give --task-id"
            )
        if choice.sure is not None:
            return choice.sure
        words = f"The task of {dataset_id} that {plain(result.task)} is"
        others = () if alone else (NO_BENCHMARK,)
        answer = self._asker.choice(Question(words, "--task-id", choice.likely), (*choice.options, *others))
        if answer == NO_BENCHMARK:
            raise NotTaken(f"{plain(result.task)}: none of the tasks of {dataset_id}")
        return answer

    def _metric(self, result: Result) -> Metric:
        given = self._args.metric
        names = ", ".join(metric.name for metric in result.metrics)
        if given:
            metric = metric_named(result, given)
            if metric is None:
                raise UsageProblem(f"{result.file} has no metric `{given}` of that one name", f"it has: {names}")
            return metric
        choice = metric_choice(result)
        shown = {f"{metric.name} = {metric.value:g}": metric for metric in result.metrics}
        if choice.sure is not None:
            return result.metrics[0]
        words = f"The metric of {plain(result.task)} that is the score"
        question = Question(words, "--metric", next(iter(shown)))
        about = ("metric", *(metric.name for metric in result.metrics))
        name = self._once(about, lambda: shown[self._asker.choice(question, tuple(shown))].name)
        return next(metric for metric in result.metrics if metric.name == name)

    def _unit(self, found: BenchmarkFound | None, dataset_id: str, task_id: str) -> Unit | None:
        given: Unit | None = self._args.unit
        if given or found is None:
            return given
        try:
            boards, one_task = self._places.boards, found.benchmark is not None and len(found.benchmark.tasks) == 1
            rows = boards.board(dataset_id) if boards is not None and one_task else ()
        except CouldNotFinish:
            rows = ()
        return board_unit(found, task_id, rows)

    def _with_unit(self, metric: Metric, result: Result, unit: Unit | None) -> Metric:
        """The metric in a unit that is known. One that is neither is written as it is."""
        if self._args.result_unit:
            return metric.model_copy(update={"unit": self._args.result_unit})
        if metric.unit is None and unit == "fraction" and 1 < metric.value <= MOST:
            return metric.model_copy(update={"unit": "percent"})
        if metric.unit is not None or not 0 <= metric.value <= 1:
            return metric
        words = f"{result.harness} does not say whether {metric.name} = {metric.value:g} is a fraction or percent"
        # Inspect's mean that is no fraction is one of points: there is nothing to propose.
        points = result.harness == HARNESS and metric.name.rpartition("/")[2] in FRACTIONS
        question = Question(words, "--result-unit", None if points else "fraction")
        known = {name: metric.model_copy(update={"unit": name}) for name in ("fraction", "percent")}
        notes = {name: f"written as {digits_of(each, unit or 'percent')}" for name, each in known.items()}
        about = ("unit", result.harness, metric.name)
        return known[self._once(about, lambda: self._asker.choice(question, tuple(known), notes))]

    def _revision(self, result: Result, dataset_id: str) -> str | None:
        given = self._args.revision
        if given:
            if not COMMIT.fullmatch(given):
                raise UsageProblem(f"`--revision {given}` is no commit", "write all 40 lower-case hexadecimal digits")
            return str(given)
        logged = result.dataset.revision if result.dataset.id == dataset_id else None
        if logged and self._places.lacks(BenchmarkRef(dataset_id, logged)):
            told = f"{dataset_id} has no commit {logged}, which {plain(result.file)} names, so it is left out"
            print(told, file=sys.stderr)
            return None
        return logged

    def _notes(self, result: Result) -> str | None:
        if self._args.notes is not None:
            return notes_for([self._args.notes], result.faults)
        usual = notes_for(result.setup, ())
        if usual is None:
            return notes_for((), result.faults)
        words = "`none` is the usual set-up.\nWhat tells the set-up from the usual one, for `notes`"
        answer = self._once(("notes", usual), lambda: self._asker.proposal(words, usual))
        return notes_for([answer], result.faults)


def _is_its_own(result: Result, dataset_id: str) -> bool:
    """Whether the log is of the benchmark's own task: only Inspect runs those."""
    return result.harness == HARNESS and result.dataset.id == dataset_id and "/" not in result.task


def _usable(dataset_id: str, found: BenchmarkFound) -> BenchmarkFound:
    if found.benchmark is None:
        raise UsageProblem(
            f"the eval.yaml of {dataset_id} has errors, so its tasks are not known",
            "tell the benchmark's owner; `evalmark check` on its eval.yaml shows them",
        )
    return found


def _no_repo_name(answer: str) -> str | None:
    return None if options.REPO_NAME.fullmatch(answer) else "a benchmark is named owner/name"


def _day(text: str | None) -> str | None:
    return options.day(text, "--date").date().isoformat() if text else None
