"""The commands that read a store, once their arguments are read."""

import argparse
import sys
from collections.abc import Iterable
from difflib import get_close_matches

from evalmark.adapters.duck import DuckRecords
from evalmark.cli import options
from evalmark.cli.settings import read_settings
from evalmark.errors import ExitCode, UsageProblem
from evalmark.flows.boards import board_page
from evalmark.ports import Records
from evalmark.query import Condition, Page, Where
from evalmark.record import DisputeRecord, EventRecord, ModelRecord, TaskRecord
from evalmark.report.boards import FORMATS, board_as_text
from evalmark.report.escape import plain
from evalmark.report.histories import conflicts_as_json, conflicts_as_text, events_as_json, events_as_text
from evalmark.report.words import CONFLICTS, EVENTS
from evalmark.web.filters import BadFilter, parse_filter


def leaderboard(args: argparse.Namespace) -> ExitCode:
    """Print a board, or those of all tasks of a benchmark."""
    records = DuckRecords(args.store)
    try:
        wanted, sort, page = parse_filter(_query(args))
    except BadFilter as problem:
        raise UsageProblem(str(problem), "see evalmark leaderboard --help") from problem
    boards = [board_page(records, task, wanted, page, sort) for task in _tasks(records, args.benchmark, args.task)]
    if args.format == "text":
        colour = sys.stdout.isatty() and read_settings().colour
        print("\n".join(board_as_text(board, colour=colour) for board in boards), end="")
    else:
        print("\n".join(FORMATS[args.format](board) for board in boards), end="")
    return ExitCode.FINE


def history(args: argparse.Namespace) -> ExitCode:
    """Print the events of a model or a benchmark."""
    records = DuckRecords(args.store)
    where = _about(records, args.target)
    where += tuple(Condition("task_id", "=", task) for task in (args.task,) if task)
    where += _kinds(args.kind, EVENTS)
    if args.since:
        where += (Condition("at", ">=", options.day(args.since, "--since")),)
    newest = records.find(EventRecord, where, ("-at", "id"), Page(0, args.most))
    events = tuple(reversed(newest))
    if args.format == "json":
        print(events_as_json(events), end="")
    else:
        print(events_as_text(events, colour=sys.stdout.isatty() and read_settings().colour), end="")
    return ExitCode.FINE


def conflicts(args: argparse.Namespace) -> ExitCode:
    """Print the conflicts, those with the greatest differences first."""
    records = DuckRecords(args.store)
    where = _about(records, args.target) if args.target else ()
    found = records.find(
        DisputeRecord, (*where, *_kinds(args.kind, CONFLICTS)), ("kind", "-difference", "model"), Page(0, args.most)
    )
    if args.format == "json":
        print(conflicts_as_json(found), end="")
    else:
        print(conflicts_as_text(found, colour=sys.stdout.isatty() and read_settings().colour), end="")
    return ExitCode.FOUND if found and args.fail else ExitCode.FINE


def _query(args: argparse.Namespace) -> dict[str, str]:
    """The options as an address has them: one meaning for both."""
    smallest, _, largest = (args.size or "").partition("-")
    if args.size and "-" not in args.size:
        largest = smallest
    given = {
        "q": args.search, "owner": args.author, "verified": "1" if args.verified else "",
        "signed": "1" if args.signed else "", "min_rung": args.min_rung,
        "since": args.since, "size_min": smallest, "size_max": largest, "base_only": "1" if args.base_only else "",
        "best": "1" if args.best else "", "sort": args.sort, "page": args.page, "per_page": args.per_page,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value}


def _tasks(records: Records, benchmark: str, task: str | None) -> tuple[TaskRecord, ...]:
    where = (Condition("dataset_id", "=", benchmark),)
    found = records.find(TaskRecord, where, ("task_id",))
    if not found:
        raise _nothing(benchmark, (row.dataset_id for row in records.find(TaskRecord)), "benchmark")
    chosen = tuple(row for row in found if task in (None, row.task_id))
    if not chosen:
        known = ", ".join(plain(row.task_id, 60) for row in found)
        raise UsageProblem(f"{benchmark} has no board {plain(task or '')!r}", f"its boards are: {known}")
    return chosen


def _about(records: Records, target: str) -> Where:
    """What a name stands for: a model, else a benchmark."""
    for kind, column in ((ModelRecord, "model"), (TaskRecord, "dataset_id")):
        where = (Condition(column, "=", target),)
        if records.count(kind, where):
            return where
    models = (row.model for row in records.find(ModelRecord))
    raise _nothing(target, (*models, *(row.dataset_id for row in records.find(TaskRecord))), "model or benchmark")


def _kinds(kinds: list[str], known: Iterable[str]) -> Where:
    names = tuple(known)
    for kind in kinds:
        if kind not in names:
            raise UsageProblem(f"`--kind {plain(kind)}` is none", f"write some of: {', '.join(names)}")
    return (Condition("kind", "in", tuple(kinds)),) if kinds else ()


def _nothing(name: str, known: Iterable[str], what: str) -> UsageProblem:
    close = get_close_matches(name, set(known), n=1)
    hint = f"did you mean {close[0]}?" if close else "collect it first: evalmark sync owner/name"
    return UsageProblem(f"the store has no {what} {plain(name)!r}", hint)
