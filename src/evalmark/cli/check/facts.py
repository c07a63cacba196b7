"""The rules of `evalmark check` that look the benchmarks up: on this machine, on the Hub, or in a lock file."""

import argparse
import importlib.util
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from evalmark.adapters.artifacts import write_whole
from evalmark.adapters.lock import Recorder, read_lock
from evalmark.adapters.tree.model import own_commits, remote_name_of
from evalmark.checks.links import link_findings
from evalmark.cli import options
from evalmark.errors import MissingExtra
from evalmark.finding import Finding
from evalmark.flows.check import Checked
from evalmark.flows.look_up import Author, look_up
from evalmark.formats.parse_results import LocatedEntry


def fact_findings(checked: list[tuple[Path, Checked]], args: argparse.Namespace) -> Iterator[Finding]:
    """Findings about the benchmarks of the entries, by the folder that holds them.

    Those given with `--benchmark` are looked up there, all others on the Hub with `--online`, else in the lock file.
    """
    folders = options.benchmark_folders(args.benchmark)
    offline = args.lock is not None and not args.online
    for folder, each in checked:
        given = [entry for entry in each.entries if entry.entry.dataset.id in folders]
        if offline:
            rest = tuple(entry for entry in each.entries if entry not in given)
            locked = read_lock(Path(args.lock))
            yield from link_findings(rest, look_up(rest, locked, locked, Author()))
        if args.online or given:
            asked = each.entries if args.online else tuple(given)
            yield from _asked(asked, folders, _author(folder, args), args)


def _author(folder: Path, args: argparse.Namespace) -> Author:
    model = options.repo_name(args.repo, "--repo") if args.repo else remote_name_of(folder)
    return Author(model, own_commits(folder))


def _asked(
    entries: tuple[LocatedEntry, ...], folders: dict[str, Path], author: Author, args: argparse.Namespace
) -> Iterator[Finding]:
    if importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra("hub", "check --online")
    from evalmark.cli.settings import read_settings  # noqa: PLC0415 - a lock file needs no Hub
    from evalmark.cli.surroundings import surroundings  # noqa: PLC0415 - the Hub's client is heavy and optional

    with surroundings(folders, read_settings()) as hub:
        recorder = Recorder(hub, hub.remote)
        facts = look_up(entries, recorder, recorder if args.online else None, author)
        if args.lock is not None:
            write_whole(Path(args.lock), recorder.lock(datetime.now(UTC).date()))
    yield from link_findings(entries, facts)
