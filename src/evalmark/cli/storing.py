"""What `evalmark store` does once its arguments are read."""

import argparse
import tempfile
from pathlib import Path

from evalmark.adapters.duck import DuckRecords, writing
from evalmark.adapters.duck.parquet import export_store, import_into
from evalmark.adapters.hub import HubDatasets
from evalmark.cli import options
from evalmark.cli.settings import read_settings
from evalmark.errors import ExitCode
from evalmark.flows.refresh import mend_ranks
from evalmark.record import TABLES, VERSION
from evalmark.report.words import counted


def run(args: argparse.Namespace) -> ExitCode:
    """Tell, write or read."""
    match args.action:
        case "info":
            _info(args.store)
        case "export":
            _told(export_store(args.store, args.folder), str(args.folder))
        case _:
            _import(args)
    return ExitCode.FINE


def _info(store: Path) -> None:
    records = DuckRecords(store)
    print(f"{store}: schema {VERSION}, version {records.version[:12]}")
    for table, kind in TABLES.items():
        print(f"  {records.count(kind):>12,}  {table}")


def _import(args: argparse.Namespace) -> None:
    with writing(args.store) as writer, tempfile.TemporaryDirectory(prefix="evalmark-import-") as scratch:
        folder = Path(args.source)
        if not folder.is_dir():
            settings = read_settings()
            name = options.repo_name(args.source, "DIR|OWNER/NAME")
            folder = HubDatasets(settings.endpoint, settings.token).get(name, Path(scratch))
        counts = import_into(writer, folder)
        mended = mend_ranks(writer)
        writer.finish()
    _told(counts, str(args.store))
    if mended:
        print(f"{counted(mended, 'board')} had other ranks than the scores give, and were ranked anew")


def _told(counts: dict[str, int], where: str) -> None:
    rows = ", ".join(f"{count:,} {table}" for table, count in counts.items() if count)
    print(f"{where}: {rows or 'no rows yet'}")
