"""What `evalmark sync` does once its arguments are read."""

import argparse
import gc
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from evalmark.adapters.duck import StoreWriter, writing
from evalmark.adapters.hub import HubClient
from evalmark.adapters.tree.model import repo_name_of
from evalmark.adapters.verdicts import verdicts_at
from evalmark.cli import options
from evalmark.cli.crew import RARELY, WORTH_IT, Crew
from evalmark.cli.hub_names import hub_name
from evalmark.cli.keys import keys_at
from evalmark.cli.places import FolderPlace, HubPlace, on_github
from evalmark.cli.receipt.sources import ReceiptSources, known_receipts, opener, say_receipts
from evalmark.cli.settings import Settings, read_settings
from evalmark.cli.surroundings import surroundings
from evalmark.errors import CouldNotFinish, ExitCode, UsageProblem
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef
from evalmark.flows.attach import Given
from evalmark.flows.found_receipts import Trust
from evalmark.flows.proofs import Brought
from evalmark.flows.sync import Summary, Sync, sync
from evalmark.flows.verify import looked_up
from evalmark.ports import Benchmarks, Place
from evalmark.query import Condition
from evalmark.record import FindingRecord, HubRowRecord, ModelRecord, TaskRecord
from evalmark.report.escape import plain
from evalmark.report.words import counted


def run(args: argparse.Namespace) -> ExitCode:
    """Collect into the store, and say what was found."""
    gc.set_threshold(*RARELY)
    settings = read_settings()
    verdicts = tuple(_given(args))
    with writing(args.store) as writer, surroundings(options.benchmark_folders(args.benchmark), settings) as around:
        client = around.remote
        places = _places(args, settings, client, writer)
        sources = ReceiptSources(settings)
        receipts = (*sources.files(args.receipts), *known_receipts(writer))
        given = Brought(verdicts, receipts, Trust(opener(), keys_at(args.keys, around)))
        how = Sync(_Looked(around), given, datetime.now(UTC), args.threads, args.everything)
        bar = _bar(len(places), quiet=args.quiet)
        with bar:
            summary = _synced(places, writer, how, _watch(bar))
        if not args.no_leaderboards and _leaderboards(writer, client):
            writer.publish()
        if args.push:
            _push(args, settings, writer)
        _say(summary, writer, sys.stdout)
        say_receipts(writer, sources, sys.stdout)
    for repo, error in summary.trouble.items():
        print(f"evalmark: {plain(repo)}: {plain(error.message, 600)}; {plain(error.advice, 300)}", file=sys.stderr)
    return ExitCode.UNFINISHED if summary.trouble else ExitCode.FINE


def _synced(places: list[Place], writer: StoreWriter, how: Sync, watch: Callable[[Summary], None]) -> Summary:
    if len(places) < WORTH_IT or not all(isinstance(place, FolderPlace) for place in places):
        return sync(places, writer, how, watch)
    crew = Crew(how)
    try:
        return sync(places, writer, how, watch, crew)
    finally:
        crew.close()


def _given(args: argparse.Namespace) -> Iterator[Given]:
    for path in args.verdicts:
        for found in verdicts_at(path):
            yield Given(found.verdict, found.at, args.verified_by or found.folder, found.body)


class _Looked:
    """Looks each benchmark up once, whichever thread asks."""

    def __init__(self, benchmarks: Benchmarks) -> None:
        self._benchmarks = benchmarks
        self._found: dict[BenchmarkRef, BenchmarkFound | BenchmarkMissing] = {}
        self._locks: dict[BenchmarkRef, threading.Lock] = {}
        self._lock = threading.Lock()

    def __call__(self, ref: BenchmarkRef) -> BenchmarkFound | BenchmarkMissing:
        with self._lock:
            lock = self._locks.setdefault(ref, threading.Lock())
        with lock:
            if ref not in self._found:
                self._found[ref] = looked_up(ref, self._benchmarks)
            return self._found[ref]


def _places(args: argparse.Namespace, settings: Settings, client: HubClient, writer: StoreWriter) -> list[Place]:
    places: list[Place] = [_target(target, settings, client) for target in args.targets]
    places += [HubPlace(model, settings, client) for model in _models(args, client)]
    places += [on_github(named, settings) for named in args.github]
    if not places:
        places = [_known(row, settings, client) for row in writer.find(ModelRecord, (), ("model", "origin"))]
    if not places:
        raise UsageProblem(
            "there is nothing to collect yet", "name a model (owner/name) or a folder, or --author, or --on-board"
        )
    return list({(place.name.origin, place.name.repo, place.name.model): place for place in places}.values())


def _target(target: str, settings: Settings, client: HubClient) -> Place:
    folder, equals, named = target.partition("=")
    if equals or Path(target).is_dir():
        path = Path(folder)
        if not path.is_dir():
            raise UsageProblem(f"there is no folder {folder}", "write DIR=owner/name, or owner/name for one on the Hub")
        return FolderPlace(path, options.repo_name(named, "TARGET") if equals else repo_name_of(path))
    on_hub = hub_name(target)
    if on_hub is None or on_hub.revision or on_hub.number:
        raise UsageProblem(
            f"{plain(target)!r} is neither a folder nor a model on the Hub", "write owner/name, DIR or DIR=owner/name"
        )
    return HubPlace(on_hub.repo, settings, client)


def _models(args: argparse.Namespace, client: HubClient) -> Iterator[str]:
    for owner in args.author:
        yield from client.models_of(owner)
    for benchmark in args.on_board:
        yield from client.models_on_board(options.repo_name(benchmark, "--on-board"))
    for text in args.search:
        yield from client.models_found(text, args.most)
    for file in args.list:
        yield from _listed(file)


def _listed(file: Path) -> Iterator[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{file} cannot be read", "give a text file with one model a line") from error
    for number, line in enumerate(lines, 1):
        name = line.partition("#")[0].strip()
        if name:
            yield options.repo_name(name, f"{file}:{number}")


def _known(row: ModelRecord, settings: Settings, client: HubClient) -> Place:
    match row.origin:
        case "hub":
            return HubPlace(row.repo, settings, client)
        case "github":
            return on_github(f"{row.repo}={row.model}", settings)
        case _:
            return FolderPlace(Path(row.repo), row.model)


def _leaderboards(writer: StoreWriter, client: HubClient) -> bool:
    """The Hub's own rows, of benchmarks that it has; whether there were any."""
    datasets = sorted({task.dataset_id for task in writer.find(TaskRecord, (Condition("revision", "is not null"),))})
    changed = False
    for dataset in datasets:
        try:
            rows = client.leaderboard(dataset)
        except CouldNotFinish as error:
            print(f"evalmark: {error.message}; its rows stay as they were", file=sys.stderr)
            continue
        where = (Condition("dataset_id", "=", dataset), Condition("rank", "is not null"))
        if set(rows) != set(writer.find(HubRowRecord, where)):
            writer.replace(HubRowRecord, where, rows)
            changed = True
    return changed


def _push(args: argparse.Namespace, settings: Settings, writer: StoreWriter) -> None:
    from evalmark.cli.pushing import push  # noqa: PLC0415 - few syncs push

    print(push(writer, options.repo_name(args.push, "--push"), settings))


def _bar(total: int, *, quiet: bool) -> "tqdm[object]":
    hidden = quiet or not sys.stderr.isatty()
    return tqdm(total=total, unit=" repos", desc="collecting", disable=hidden, file=sys.stderr, leave=False)


def _watch(bar: "tqdm[object]") -> Callable[[Summary], None]:
    def watch(summary: Summary) -> None:
        bar.update(summary.looked_at - bar.n)
        bar.set_postfix(claims=summary.claims, trouble=len(summary.trouble), refresh=False)

    return watch


def _say(summary: Summary, writer: StoreWriter, out: TextIO) -> None:
    done = f"{len(summary.collected)} collected, {summary.unchanged} unchanged"
    print(f"{counted(summary.looked_at, 'repo')}: {done}, {len(summary.trouble)} in trouble", file=out)
    if summary.collected:
        found = f"{counted(summary.claims, 'claim')} and {counted(summary.events, 'event')}"
        print(f"{found} in what was collected", file=out)
    rules = Counter(row.rule for row in writer.find(FindingRecord) if row.severity == "error")
    for rule, count in rules.most_common():
        print(f"  {count} × {rule} in files that were read (evalmark check says more)", file=out)
