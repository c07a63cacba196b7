"""The history of a checkout of this machine, without any store."""

import argparse
import sys
from pathlib import Path

from evalmark.adapters.git import GitCommits, checkout
from evalmark.adapters.tree.model import repo_name_of
from evalmark.adapters.tree.reading import read_regular
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.cli import options
from evalmark.cli.places import FolderPlace
from evalmark.cli.settings import read_settings
from evalmark.errors import ExitCode, UsageProblem
from evalmark.flows.histories import repo_history
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.history import Story, story
from evalmark.plan.changes import partners
from evalmark.record import EventRecord
from evalmark.report.boards import as_json
from evalmark.report.escape import plain
from evalmark.report.histories import blame_as_text, events_as_json, events_as_text


def history(args: argparse.Namespace) -> ExitCode:
    """Print the events of a checkout."""
    folder = Path(args.target)
    commits = _checkout(folder)
    since = options.day(args.since, "--since") if args.since else None
    every = _story(folder, commits).events
    events = [event for event in every if not args.kind or event.kind in args.kind]
    events = [event for event in events if since is None or (event.at is not None and event.at >= since)][-args.most :]
    if args.format == "json":
        print(events_as_json(events), end="")
    else:
        print(events_as_text(events, colour=sys.stdout.isatty() and read_settings().colour), end="")
    return ExitCode.FINE


def blame(args: argparse.Namespace) -> ExitCode:
    """Print each entry of a file as it lies there, and who gave it what it says."""
    path: Path = args.file
    content = read_regular(path)
    folder = path.resolve().parent.parent
    if path.resolve().parent.name != RESULTS_FOLDER:
        raise UsageProblem(f"{path} lies in no {RESULTS_FOLDER} folder", f"name a file of {RESULTS_FOLDER}")
    told = _story(folder, _checkout(folder))
    inside = f"{RESULTS_FOLDER}/{path.name}"
    found = [(entry, _events(entry, told, pairs)) for entry, pairs in _entries(inside, content, told)]
    if args.format == "json":
        rows = [
            {"line": entry.place.line, "value": entry.value_text, "events": list(events)} for entry, events in found
        ]
        print(as_json(rows), end="")
    else:
        print(blame_as_text((_name(path, entry), events) for entry, events in found), end="")
    return ExitCode.FINE


def _entries(inside: str, content: bytes, told: Story) -> list[tuple[LocatedEntry, str | None]]:
    """The entries of the file as it is now, each with the id of the committed claim that it was."""
    entries = parse_results(inside, content).entries
    committed = [each for each in told.standing if each.pull_request is None and each.entry.place.path == inside]
    pairs = partners([each.entry for each in committed], entries)
    return [(entry, committed[pairs[index]].id if index in pairs else None) for index, entry in enumerate(entries)]


def _events(entry: LocatedEntry, told: Story, claim: str | None) -> list[EventRecord]:
    """Those of the claim; none if the entry says what no commit has yet."""
    events = [event for event in told.events if event.claim == claim]
    last = next((event for event in reversed(events) if event.new is not None), None)
    return events if last is not None and last.new == entry.value_text else []


def _as_data(entry: LocatedEntry, events: list[EventRecord]) -> dict[str, object]:
    return {"line": entry.place.line, "value": entry.value_text, "events": events}


def _name(path: Path, entry: LocatedEntry) -> str:
    about = entry.entry.dataset
    notes = f" ({plain(entry.entry.notes, 60)})" if entry.entry.notes else ""
    return f"{path}:{entry.place.line}: {entry.value_text} on {about.id} · {about.task_id}{notes}"


def _checkout(folder: Path) -> GitCommits:
    commits = checkout(folder)
    if commits is None:
        raise UsageProblem(f"{folder} is not the root of a git checkout", "name one, or a model of the store")
    return commits


def _story(folder: Path, commits: GitCommits) -> Story:
    place = FolderPlace(folder, repo_name_of(folder))
    now = place.heads()
    return story(repo_history(place.name, commits, now, place.ending))
