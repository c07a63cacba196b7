"""`evalmark store info|export|import`: what is in a store, and Parquet."""

import argparse
import importlib
from pathlib import Path

from evalmark.cli.stored import add_store, need_board
from evalmark.errors import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    info = actions.add_parser("info", help="what is in it", description="Tells what is in a store.")
    add_store(info)
    out = actions.add_parser(
        "export",
        help="write it as Parquet",
        description="Writes a store as Parquet files, one a table (docs/store.md).",
    )
    out.add_argument("folder", type=Path, metavar="DIR", help="where to; an earlier export there is replaced")
    add_store(out)
    into = actions.add_parser(
        "import", help="read it from Parquet", description="Puts an export in the place of all that is in a store."
    )
    into.add_argument("source", metavar="DIR|OWNER/NAME", help="an export, or the dataset on the Hub that holds one")
    add_store(into)


def run(args: argparse.Namespace) -> ExitCode:
    """Do one of them."""
    need_board("store")
    code: ExitCode = importlib.import_module("evalmark.cli.storing").run(args)
    return code
