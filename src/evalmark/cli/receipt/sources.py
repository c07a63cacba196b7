"""Receipts beside the repos: of `--receipts PATH`, of `--receipts owner/name`, and those that the store has already."""

import importlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from evalmark.adapters.git import Remote, fetched
from evalmark.adapters.git.fetching import HUB_REFS
from evalmark.adapters.tree.receipts import MOST, receipts_below
from evalmark.cli import options
from evalmark.cli.receipt import PARTS
from evalmark.cli.settings import Settings
from evalmark.errors import CouldNotFinish, MissingExtra, UsageProblem
from evalmark.flows.found_receipts import (
    BEST_FIRST,
    UNCHECKED,
    VOUCHED_FOR,
    ReceiptFile,
    Where,
    kept_file,
    receipt_file,
)
from evalmark.ports import Opener, RecordsWriter
from evalmark.ports.places import LARGEST_RECEIPT
from evalmark.record import ReceiptRecord
from evalmark.report.escape import plain
from evalmark.report.words import counted

MAIN = HUB_REFS[0]


@dataclass
class ReceiptSources:
    """What `--receipts` names. `others` counts the JSON files that hold no receipt, by source."""

    settings: Settings
    others: dict[str, int] = field(default_factory=dict)

    def files(self, named: Iterable[str]) -> Iterator[ReceiptFile]:
        """The receipts there. Raises `UsageProblem`, `CouldNotFinish`."""
        for name in named:
            found = list(self._at(name))
            receipts = [file for file in found if file.said is not None]
            if len(receipts) < len(found):
                self.others[name] = len(found) - len(receipts)
            yield from receipts

    def _at(self, name: str) -> Iterator[ReceiptFile]:
        folder = Path(name)
        if folder.is_dir():
            for path, body in receipts_below(folder).items():
                yield receipt_file(body, Where("folder", folder.resolve().name, path))
        elif options.REPO_NAME.fullmatch(name):
            yield from self._on_hub(name)
        else:
            raise UsageProblem(
                f"`--receipts {plain(name, 200)}` is neither a folder nor a dataset on the Hub",
                "name a folder with receipts, or owner/name",
            )

    def _on_hub(self, name: str) -> Iterator[ReceiptFile]:
        settings = self.settings
        try:
            commits = fetched(settings.cache, Remote(f"{settings.endpoint}/datasets/{name}", (MAIN,), settings.token))
        except CouldNotFinish as error:
            raise CouldNotFinish(f"the receipts in {name} cannot be had: {error.message}", error.advice) from error
        tip = commits.refs().get(MAIN)
        for path, body in (commits.files(tip, ".json", LARGEST_RECEIPT, MOST) if tip is not None else {}).items():
            if "/" not in path or path.startswith("receipts/"):
                yield receipt_file(body, Where("dataset", name, path, tip))


def known_receipts(writer: RecordsWriter) -> Iterator[ReceiptFile]:
    """Those that the store has, unless nobody vouches for them: what was signed once is not forgotten.

    Whether a pull request that brought one is still open, only its repo tells.
    """
    for row in writer.find(ReceiptRecord, (), ("model", "path", "id")):
        if row.source != "repo" or row.state in VOUCHED_FOR:
            file = kept_file(row)
            yield replace(file, where=file.where._replace(pull_request=None))


def opener() -> Opener | None:
    """What checks signatures, if that is installed."""
    try:
        found: Opener = importlib.import_module("evalmark.adapters.signing").open_envelope
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in PARTS:
            raise
        return None
    return found


def say_receipts(writer: RecordsWriter, sources: ReceiptSources, out: TextIO) -> None:
    """How many receipts there are, and what is the matter with them."""
    counts = Counter(row.state for row in writer.find(ReceiptRecord))
    if counts:
        told = ", ".join(f"{counts[state]} {state}" for state in BEST_FIRST if counts[state])
        print(f"{counted(counts.total(), 'receipt')} in the store: {told}", file=out)
    if counts[UNCHECKED] and opener() is None:
        missing = MissingExtra("sign", "sync")
        print(f"evalmark: receipts are not checked: {missing.message}; {missing.advice}", file=sys.stderr)
    for name, count in sources.others.items():
        print(f"evalmark: {plain(name, 200)}: {counted(count, 'JSON file')} in it held no receipt", file=sys.stderr)
