"""`evalmark submit --batch FILE`: many models, one after the other; run again, it goes on where it was."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from evalmark.adapters.artifacts import write_whole
from evalmark.adapters.tree.model import results_files
from evalmark.adapters.tree.reading import read_regular
from evalmark.authoring.batch import BatchLine, BatchReport, State, left, read_batch, read_report
from evalmark.cli.asking import NOTHING_DONE, Asker, Question
from evalmark.cli.settings import Settings, read_settings
from evalmark.cli.submit.request import LogChoice, SubmitRequest
from evalmark.cli.submit.submitting import FoundProblems, carry_out, decision_on, desk_of, plan_of, prepare, said
from evalmark.errors import CouldNotFinish, EvalmarkError, ExitCode, Interrupted, UsageProblem
from evalmark.flows.submit import Amended, Nothing, Opened, Submitted
from evalmark.report.escape import plain

LARGEST = 8 * 1024 * 1024
LARGEST_REPORT = 64 * 1024 * 1024
REPORT = ".report.jsonl"


def run(args: argparse.Namespace) -> ExitCode:
    """Submit line by line. One that fails does not stop the others; the exit code says that there was one."""
    settings = read_settings()
    desk_of(settings, "any/model")
    batch = _read(args.batch)
    report = args.batch.with_name(f"{args.batch.name}{REPORT}")
    known = read_report(_report_of(report))
    base = args.batch.parent
    todo = tuple(left(((line, _digest(line, base)) for line in batch), known))
    if len(todo) < len(batch):
        print(f"{len(batch) - len(todo)} of {len(batch)} are done already, says {report}", file=sys.stderr)
    asker = Asker(yes=args.yes)
    if todo and (args.dry_run or asker.asks):
        states = Counter(_told(_one(line, base, settings, only_say=True)) for line in todo)
        if args.dry_run or not asker.confirm(Question(f"Do it for {_models(todo)}", "--yes"), default=True):
            print(NOTHING_DONE, file=sys.stderr)
            return _code(states)
    if todo:
        write_whole(report, "".join(f"{each.model_dump_json()}\n" for each in known.values()))
    states = Counter()
    for line in todo:
        done = _one(line, base, settings, only_say=False)
        states[_told(done)] += 1
        _append(report, done)
    print(", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "nothing left to do")
    return _code(states)


def _digest(line: BatchLine, base: Path) -> str:
    """With the files as they are now: a submission writes the sources of its logs into them."""
    try:
        return line.digest(results_files(base / line.folder))
    except EvalmarkError:
        return line.digest({})


def _told(done: BatchReport) -> State:
    print(f"{done.repo}: {done.says}", flush=True)
    return done.state


def _models(lines: Sequence[BatchLine]) -> str:
    return "1 model" if len(lines) == 1 else f"{len(lines)} models"


def _code(states: Mapping[State, int]) -> ExitCode:
    if states.get("problems"):
        return ExitCode.FOUND
    return ExitCode.UNFINISHED if states.get("failed") else ExitCode.FINE


def _report_of(file: Path) -> str:
    """What an earlier run wrote; it is written anew without what was overtaken since, so it does not grow for ever."""
    if not file.exists() and not file.is_symlink():
        return ""
    return read_regular(file, LARGEST_REPORT).decode("utf-8", "replace")


def _read(file: Path) -> tuple[BatchLine, ...]:
    try:
        return read_batch(read_regular(file, LARGEST).decode("utf-8"))
    except ValueError as problem:
        raise UsageProblem(
            f"{file} is no batch: {problem}", 'write one JSON object a line: {"repo": "acme/model", "folder": "model"}'
        ) from problem


def _one(line: BatchLine, base: Path, settings: Settings, *, only_say: bool) -> BatchReport:
    try:
        state, says = _submitted(line, base, settings, only_say=only_say)
    except Interrupted:
        raise
    except FoundProblems as problems:
        state, says = "problems", " ".join(str(problems).split())
    except EvalmarkError as problem:
        state, says = "failed", f"{problem.message}; {problem.advice}"
    return BatchReport(repo=line.repo, state=state, says=plain(says, 500), digest=_digest(line, base))


def _submitted(line: BatchLine, base: Path, settings: Settings, *, only_say: bool) -> tuple[State, str]:
    desk = desk_of(settings, line.repo)
    request = SubmitRequest(
        folder=base / line.folder,
        repo=line.repo,
        logs=LogChoice(tuple(str(base / log) for log in line.logs), line.log_repo),
        title=line.title,
        description=line.description,
        contradict=line.contradict,
        again=line.again,
    )
    prepared = prepare(request, desk)
    if not prepared.submission.files:
        return "nothing", "all of it is reported already"
    decision = decision_on(prepared, desk, Asker(terminal=False))
    if only_say:
        if decision.is_there:
            return "nothing", said(Nothing(decision.number), desk)
        return "nothing", plan_of(prepared, decision.number, desk).replace("\n", "; ")
    done = carry_out(prepared, desk)
    return _state(done), said(done, desk)


def _state(done: Submitted) -> State:
    match done:
        case Opened():
            return "opened"
        case Amended():
            return "amended"
        case Nothing():
            return "nothing"


def _append(report: Path, done: BatchReport) -> None:
    """One line more, on the disk before the next model is asked about."""
    try:
        with report.open("a", encoding="utf-8") as file:
            file.write(done.model_dump_json() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise CouldNotFinish(f"{report} could not be written: {error.strerror}", "check the rights") from error
