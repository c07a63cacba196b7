"""The rules of `evalmark check` that look the benchmarks up: on this machine, or on the Hub."""

import argparse
import importlib.util
from collections.abc import Iterator

from evalmark.checks.links import LinkFacts, link_findings, needed
from evalmark.cli import options
from evalmark.cli.settings import read_settings
from evalmark.cli.surroundings import surroundings
from evalmark.errors import MissingExtra
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef
from evalmark.finding import Finding
from evalmark.flows.verify import read_benchmark
from evalmark.formats.parse import LocatedEntry
from evalmark.ports import Hub


def looked_up(entries: tuple[LocatedEntry, ...], args: argparse.Namespace) -> tuple[Finding, ...]:
    """Findings about the benchmarks of the entries: all with `--online`, else those given with `--benchmark`."""
    if importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra("hub", "check --online")
    folders = options.benchmark_folders(args.benchmark)
    asked = [entry for entry in entries if args.online or entry.entry.dataset.id in folders]
    with surroundings(folders, read_settings()) as hub:
        facts = LinkFacts(dict(_facts(asked, hub)))
    return link_findings(asked, facts)


def _facts(entries: list[LocatedEntry], hub: Hub) -> Iterator[tuple[BenchmarkRef, BenchmarkFound | BenchmarkMissing]]:
    for ref in needed(entries):
        files = hub.benchmark(ref)
        yield ref, files if isinstance(files, BenchmarkMissing) else read_benchmark(ref.dataset_id, files)
