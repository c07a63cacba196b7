"""`evalmark submit --batch FILE`: many models, one after the other; run again, it goes on where it was."""

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

from evalmark.adapters.artifacts import read_if_there
from evalmark.adapters.tree.reading import read_regular
from evalmark.authoring.batch import BatchLine, BatchReport, State, left, read_batch, read_report
from evalmark.cli.asking import Asker
from evalmark.cli.settings import Settings, read_settings
from evalmark.cli.submit_request import LogChoice, SubmitRequest
from evalmark.cli.submitting import FoundProblems, allowed, carry_out, desk_of, plan_of, prepare, said
from evalmark.errors import CouldNotFinish, EvalmarkError, ExitCode, Interrupted, UsageProblem
from evalmark.flows.submit import Amended, Nothing, Opened, Submitted
from evalmark.report.escape import plain

LARGEST = 8 * 1024 * 1024
REPORT = ".report.jsonl"


def run(args: argparse.Namespace) -> ExitCode:
    """Submit line by line. One that fails does not stop the others; the exit code says that there was one."""
    settings = read_settings()
    desk_of(settings, "any/model")
    batch = _read(args.batch)
    report = args.batch.with_name(f"{args.batch.name}{REPORT}")
    known = read_report(read_if_there(report) or "")
    todo = tuple(left(batch, known))
    if len(todo) < len(batch):
        print(f"{len(batch) - len(todo)} of {len(batch)} are done already, says {report}", file=sys.stderr)
    states: Counter[State] = Counter()
    for line in todo:
        done = _one(line, args.batch.parent, settings, only_say=args.dry_run)
        states[done.state] += 1
        print(f"{done.repo}: {done.says}", flush=True)
        if not args.dry_run:
            _append(report, done)
    print(", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "nothing left to do")
    if states["problems"]:
        return ExitCode.FOUND
    return ExitCode.UNFINISHED if states["failed"] else ExitCode.FINE


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
    return BatchReport(repo=line.repo, state=state, says=plain(says, 500), digest=line.digest)


def _submitted(line: BatchLine, base: Path, settings: Settings, *, only_say: bool) -> tuple[State, str]:
    desk = desk_of(settings, line.repo)
    request = SubmitRequest(
        folder=base / line.folder,
        repo=line.repo,
        logs=LogChoice(tuple(str(base / log) for log in line.logs), line.log_repo),
        title=line.title,
        description=line.description,
        contradict=line.contradict,
    )
    prepared = prepare(request, desk)
    if not prepared.submission.files:
        return "nothing", "all of it is reported already"
    allowed(prepared, Asker(terminal=False))
    if only_say:
        return "nothing", plan_of(prepared, None, desk).replace("\n", "; ")
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
